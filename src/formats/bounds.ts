import * as z from '#zod';

/** Maximum number of entries in a list, by default. */
const LONGEST_LIST = 100_000;
const LONGEST_TEXT = 64 * 1024;
const LONGEST_NAME = 256;

/** At least 0. */
export const count = () => z.int().check(z.nonnegative());
/** Finite, at least 0. */
export const amount = () => z.number().check(z.nonnegative());
/** Allowed excess of means of numbers from 0 to 1. */
const ROUNDING = 1e-6;
/** 0-1. */
export const share = () => z.number().check(z.gte(-ROUNDING), z.lte(1 + ROUNDING));
export const text = (longest = LONGEST_TEXT) => z.string().check(z.maxLength(longest));
export const name = () => text(LONGEST_NAME);
export const list = <T extends z.ZodMiniType>(entry: T, longest = LONGEST_LIST) =>
  z.array(entry).check(z.maxLength(longest));

/** The error and its place: `frames.decoded must be a whole number`. */
function firstProblem({ issues }: z.core.$ZodError): string {
  const [issue] = issues;
  if (!issue) return 'it does not match';
  const path = issue.path.map(String).join('.');
  return `${path === '' ? 'it' : path.slice(0, LONGEST_NAME)} ${demandOf(issue)}`;
}

/** Types of values in a user's words. */
const KINDS: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function demandOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return `must be at least ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${issue.origin === 'number' ? '' : ' long'}`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    default:
      return 'has an unexpected value';
  }
}

/** A value according to its schema, or the error in it. */
export function checked<T extends z.ZodMiniType>(
  schema: T,
  value: unknown,
): { data: z.output<T> } | { problem: string } {
  const result = schema.safeParse(value, { reportInput: true });
  return result.success ? { data: result.data } : { problem: firstProblem(result.error) };
}
