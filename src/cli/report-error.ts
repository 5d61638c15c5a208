import { ERROR_CODES } from '../error-codes.js';
import { BodyscriptError, EXIT_CODES, fromSystemError, shortMessage } from '../errors.js';
import { forTerminal } from '../text/terminal.js';
import type { Log } from './log.js';

/**
 * Describes an error in one line: the file, what happened, and the remedy. With `debug` also the code, its meaning and
 * the stack.
 */
function describe(error: unknown, debug: boolean): string[] {
  const head = error instanceof BodyscriptError ? error.message : shortMessage(error);
  const { remedy } = error instanceof BodyscriptError ? error : ERROR_CODES.INTERNAL;
  const stop = /[.!?]$/.test(head) ? '' : '.';
  return [`${head}${stop} ${remedy}`, ...(debug && error instanceof Error ? [codeOf(error), ...stackOf(error)] : [])];
}

/** `code INPUT_MISSING, exit code 1: a file or folder does not exist...` */
function codeOf(error: Error): string {
  const { code, exitCode } =
    error instanceof BodyscriptError ? error : ({ code: 'INTERNAL', exitCode: EXIT_CODES.failed } as const);
  return `code ${code}, exit code ${exitCode}: ${ERROR_CODES[code].meaning}`;
}

/** Only the stack's own lines: the message above them may contain others. */
function stackOf({ stack = '', message }: Error): string[] {
  return stack
    .replace(message, () => forTerminal(message))
    .slice(0, 4000)
    .split('\n');
}

/** Reports one or several failures, one line each. @returns the exit code */
export function reportError(error: unknown, log: Log, debug = false): number {
  const raised: unknown[] = error instanceof AggregateError ? error.errors : [error];
  const errors = raised.map(one => (one instanceof BodyscriptError ? one : (fromSystemError(one) ?? one)));
  const [first] = errors;
  const code = first instanceof BodyscriptError ? first.exitCode : EXIT_CODES.failed;
  if (first instanceof BodyscriptError && first.code === 'READER_GONE') return code; // `| head` is not a failure.
  for (const one of errors) {
    log.error(describe(one, debug), { code: one instanceof BodyscriptError ? one.code : 'INTERNAL' });
  }
  return code;
}
