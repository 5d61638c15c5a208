import { BodyscriptError, shortMessage } from '../errors.js';

/** The state of one thing. `missing`: no video can be analysed without it; `limited`: some features need it. */
export type Health = 'good' | 'limited' | 'missing';

export interface CheckResult {
  /** Short and stable, for scripts: `ffmpeg`, `engine-native`. */
  readonly name: string;
  readonly health: Health;
  /** What the check found, in a line. */
  readonly found: string;
  /** The remedy: a command or a sentence. */
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
    // An unsafe cache stops whatever is tried: no package would fix that.
    const remedy = known?.code === 'CACHE_UNSAFE' ? known.remedy : (fix ?? known?.remedy);
    return { name, health: otherwise, found: shortMessage(error), ...(remedy === undefined ? {} : { fix: remedy }) };
  }
}

export function good(found: string): Omit<CheckResult, 'name'> {
  return { health: 'good', found };
}
