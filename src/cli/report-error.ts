import { BodyscriptError, EXIT_CODES, shortMessage } from '../errors.js';

export interface ErrorReport {
  readonly text: string;
  readonly exitCode: number;
}

function describe(error: unknown, debug: boolean): string {
  const head =
    error instanceof BodyscriptError
      ? `error: ${error.message}`
      : `error: ${shortMessage(error)} (a defect: please report it)`;
  const remedy = error instanceof BodyscriptError && error.remedy ? ` ${error.remedy}` : '';
  const stop = /[.!?]$/.test(head) ? '' : '.';
  const stack = debug && error instanceof Error ? `\n${error.stack?.slice(0, 4000) ?? ''}` : '';
  return `${head}${stop}${remedy}${stack}`;
}

/** What the user reads of a failure, and the exit code that goes with it. Several failures: a line each, none lost. */
export function reportError(error: unknown, debug: boolean): ErrorReport {
  const errors = error instanceof AggregateError ? error.errors : [error];
  const [first] = errors;
  return {
    text: errors.map(one => describe(one, debug)).join('\n'),
    exitCode: first instanceof BodyscriptError ? first.exitCode : EXIT_CODES.failed,
  };
}
