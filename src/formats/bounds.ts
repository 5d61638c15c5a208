import * as z from '#zod';

/** A list may hold so many entries, unless it says otherwise. */
const LONGEST_LIST = 100_000;
const LONGEST_TEXT = 64 * 1024;
const LONGEST_NAME = 256;

/** From 0 on. */
export const count = () => z.int().check(z.nonnegative());
/** Finite, from 0 on. */
export const amount = () => z.number().check(z.nonnegative());
/** Means of numbers from 0 to 1 may be off by so much. */
const ROUNDING = 1e-6;
/** 0-1. */
export const share = () => z.number().check(z.gte(-ROUNDING), z.lte(1 + ROUNDING));
export const text = (longest = LONGEST_TEXT) => z.string().check(z.maxLength(longest));
export const name = () => text(LONGEST_NAME);
export const list = <T extends z.ZodMiniType>(entry: T, longest = LONGEST_LIST) =>
  z.array(entry).check(z.maxLength(longest));

/** What is wrong, and where: `frames.decoded must be a whole number`. */
function firstProblem({ issues }: z.core.$ZodError): string {
  const [issue] = issues;
  if (!issue) return 'it does not match';
  const path = issue.path.map(String).join('.');
  return `${path === '' ? 'it' : path.slice(0, LONGEST_NAME)} ${demandOf(issue)}`;
}

/** Kinds of values in a user's words. */
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

/** A value as its schema has it, or what is wrong with it. */
export function checked<T extends z.ZodMiniType>(
  schema: T,
  value: unknown,
): { data: z.output<T> } | { problem: string } {
  const result = schema.safeParse(value, { reportInput: true });
  return result.success ? { data: result.data } : { problem: firstProblem(result.error) };
}
