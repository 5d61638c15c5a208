import { BodyscriptError, EXIT_CODES, fromSystemError, shortMessage } from '../errors.js';
import { forTerminal } from '../text/terminal.js';
import type { Log } from './log.js';

/** What a user reads of a failure: one line, and with `debug` where it comes from. */
function describe(error: unknown, debug: boolean): string[] {
  const head = error instanceof BodyscriptError ? error.message : `${shortMessage(error)} (a defect: please report it)`;
  const remedy = error instanceof BodyscriptError && error.remedy ? ` ${error.remedy}` : '';
  const stop = /[.!?]$/.test(head) ? '' : '.';
  return [`${head}${stop}${remedy}`, ...(debug && error instanceof Error ? stackOf(error) : [])];
}

/** Its own lines only: the message at its head may hold others. */
function stackOf({ stack = '', message }: Error): string[] {
  return stack
    .replace(message, () => forTerminal(message))
    .slice(0, 4000)
    .split('\n');
}

/** Tells a failure; several of them a line each, none lost. @returns the exit code that goes with it */
export function reportError(error: unknown, log: Log, debug = false): number {
  const raised: unknown[] = error instanceof AggregateError ? error.errors : [error];
  const errors = raised.map(one => (one instanceof BodyscriptError ? one : (fromSystemError(one) ?? one)));
  const [first] = errors;
  const code = first instanceof BodyscriptError ? first.exitCode : EXIT_CODES.failed;
  if (first instanceof BodyscriptError && first.code === 'READER_GONE') return code; // `| head` is no failure.
  for (const one of errors) {
    log.error(describe(one, debug), { code: one instanceof BodyscriptError ? one.code : 'INTERNAL' });
  }
  return code;
}
