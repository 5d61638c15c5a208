import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from '#zod';
import { checked, count, name, text } from '../formats/bounds.js';
import { parsePlainJson } from '../formats/plain-json.js';
import { readWhole } from '../formats/regular-file.js';
import { PACKAGE } from '../system/package-info.js';
import { writeWhole } from '../system/whole-file.js';
import type { FileFacts } from './ledger/ledger.js';

/** Version of the file's layout; grows when a field changes its meaning. */
const VERSION = 1;
const LARGEST_BYTES = 256 * 1024;
const LONGEST_MESSAGE = 16 * 1024;
export const FAILURE_SUFFIX = '.failed.json';

const FAILURE = z.object({
  failureVersion: z.literal(VERSION),
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

/** What is known of a failure when it happens. */
export interface FailedVideo {
  /** Absolute. */
  readonly path: string;
  readonly facts: FileFacts | undefined;
  readonly optionsHash: string;
  readonly attempts: number;
  readonly error: { readonly code: string; readonly message: string; readonly remedy?: string | null | undefined };
}

export function failurePath(outDir: string, outputName: string): string {
  return join(outDir, `${outputName}${FAILURE_SUFFIX}`);
}

/**
 * Writes `NAME.failed.json` over one of an earlier run; any other file of that name is left alone.
 * @throws BodyscriptError `OUTPUT_NOT_WRITABLE`, `OUTPUT_DISK_FULL`
 */
export async function writeFailure(outDir: string, outputName: string, failed: FailedVideo): Promise<void> {
  const path = failurePath(outDir, outputName);
  if ((await exists(path)) && !(await readFailure(path))) return;
  const { code, message, remedy } = failed.error;
  const failure: Failure = {
    failureVersion: VERSION,
    tool: { name: PACKAGE.name, version: PACKAGE.version },
    endedAt: new Date().toISOString(),
    input: {
      path: failed.path,
      bytes: failed.facts?.bytes ?? null,
      modified: failed.facts?.modified ?? null,
    },
    optionsHash: failed.optionsHash,
    attempts: failed.attempts,
    error: {
      code,
      message: message.slice(0, LONGEST_MESSAGE),
      remedy: remedy?.slice(0, LONGEST_MESSAGE) ?? null,
    },
  };
  await writeWhole(path, `${JSON.stringify(failure, null, 2)}\n`);
}

/** Reads a file that somebody else may have written. @returns undefined where it is absent or not a failure */
export async function readFailure(path: string): Promise<Failure | undefined> {
  try {
    const result = checked(FAILURE, parsePlainJson((await readWhole(path, LARGEST_BYTES)).toString('utf8')));
    return 'data' in result && !Number.isNaN(Date.parse(result.data.endedAt)) ? result.data : undefined;
  } catch {
    return undefined;
  }
}

/** Removes the failure of an earlier run, once the video has results. */
export async function removeFailure(outDir: string, outputName: string): Promise<void> {
  const path = failurePath(outDir, outputName);
  if (await readFailure(path)) await rm(path, { force: true });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
