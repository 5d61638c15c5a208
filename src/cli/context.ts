import type { Log } from './log.js';

/** Shared by all commands; created by `main`. */
export interface CliContext {
  /** Ends a run early. */
  readonly signal: AbortSignal;
  /** Receives all messages that are not data. A command replaces it once it knows its options. */
  log: Log;
  exitCode: number;
  /** Files that a command reads in addition to its inputs, such as the configuration: no output may replace them. */
  alsoRead: readonly string[];
}
