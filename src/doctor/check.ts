import { BodyscriptError, InterruptedError, shortMessage } from '../errors.js';

/** The result of one check. `missing`: no video can be analysed without it; `limited`: some features need it. */
export type Health = 'good' | 'limited' | 'missing';

export interface CheckResult {
  /** Short and stable, for scripts: `ffmpeg`, `engine-native`. */
  readonly name: string;
  readonly health: Health;
  /** The finding, in one line. */
  readonly found: string;
  /** The remedy: a command or a sentence. */
  readonly fix?: string;
}

/** Runs a check; an exception is a result too. @throws InterruptedError */
export async function checked(
  name: string,
  otherwise: Exclude<Health, 'good'>,
  fix: string | undefined,
  look: () => Promise<Omit<CheckResult, 'name'>>,
): Promise<CheckResult> {
  try {
    return { name, ...(await look()) };
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    const known = error instanceof BodyscriptError ? error : undefined;
    // An unsafe cache stops every check; installing a package would not help.
    const remedy = known?.code === 'CACHE_UNSAFE' ? known.remedy : (fix ?? known?.remedy);
    return { name, health: otherwise, found: shortMessage(error), ...(remedy === undefined ? {} : { fix: remedy }) };
  }
}

export function good(found: string): Omit<CheckResult, 'name'> {
  return { health: 'good', found };
}
