import type { Log } from './log.js';

/** What commands share: set up by `main`. */
export interface CliContext {
  /** Ends a run early. */
  readonly signal: AbortSignal;
  /** Where to say what is not data. A command replaces it when it knows its options. */
  log: Log;
  exitCode: number;
}
