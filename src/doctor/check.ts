import { BodyscriptError, shortMessage } from '../errors.js';

/** What was found of one thing. `missing`: nothing works without; `limited`: something does not. */
export type Health = 'good' | 'limited' | 'missing';

export interface CheckResult {
  /** Short and stable, for scripts: `ffmpeg`, `engine-native`. */
  readonly name: string;
  readonly health: Health;
  /** What was found, in a line. */
  readonly found: string;
  /** A command or a sentence that mends it. */
  readonly fix?: string;
}

/** A check that throws is a result as well. */
export async function checked(
  name: string,
  otherwise: Exclude<Health, 'good'>,
  fix: string | undefined,
  look: () => Promise<Omit<CheckResult, 'name'>>,
): Promise<CheckResult> {
  try {
    return { name, ...(await look()) };
  } catch (error) {
    const known = error instanceof BodyscriptError ? error : undefined;
    // An unsafe cache stops whatever is tried: no package would mend that.
    const remedy = known?.code === 'CACHE_UNSAFE' ? known.remedy : (fix ?? known?.remedy);
    return { name, health: otherwise, found: shortMessage(error), ...(remedy === undefined ? {} : { fix: remedy }) };
  }
}

export function good(found: string): Omit<CheckResult, 'name'> {
  return { health: 'good', found };
}
