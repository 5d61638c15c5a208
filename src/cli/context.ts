import type { Log } from './log.js';

/** What commands share: set up by `main`. */
export interface CliContext {
  /** Ends a run early. */
  readonly signal: AbortSignal;
  /** Where to say what is not data. A command replaces it when it knows its options. */
  log: Log;
  exitCode: number;
  /**
   * The configuration file in use, and other files that a command reads beside its inputs: no output may be one of
   * them.
   */
  alsoRead: readonly string[];
}
