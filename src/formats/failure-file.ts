import * as z from '#zod';
import { checked, count, name, text } from './bounds.js';
import { parsePlainJson } from './plain-json.js';
import { readWhole } from './regular-file.js';

/** Version of the file's layout; grows when a field changes its meaning. */
export const FAILURE_VERSION = 1;
export const LARGEST_FAILURE_BYTES = 256 * 1024;
export const FAILURE_SUFFIX = '.failed.json';

const FAILURE = z.object({
  failureVersion: z.literal(FAILURE_VERSION),
  tool: z.object({ name: name(), version: name() }),
  endedAt: name(),
  input: z.object({
    path: text(),
    bytes: z.nullable(count()),
    /** Milliseconds since 1970. */
    modified: z.nullable(z.number()),
  }),
  optionsHash: name(),
  attempts: count(),
  error: z.object({ code: name(), message: text(), remedy: z.nullable(text()) }),
});

/** Why a video has no results: `NAME.failed.json`, where no ledger keeps it. */
export type Failure = z.output<typeof FAILURE>;

/** Reads a file that may have been edited. @returns undefined where it is absent or not a failure */
export async function readFailure(path: string): Promise<Failure | undefined> {
  try {
    return failureOf((await readWhole(path, LARGEST_FAILURE_BYTES)).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** A failure from the text of its file. @returns undefined if it is not one */
export function failureOf(text: string): Failure | undefined {
  try {
    const result = checked(FAILURE, parsePlainJson(text));
    return 'data' in result && !Number.isNaN(Date.parse(result.data.endedAt)) ? result.data : undefined;
  } catch {
    return undefined;
  }
}
