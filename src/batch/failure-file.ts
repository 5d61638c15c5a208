import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FAILURE_SUFFIX, FAILURE_VERSION, type Failure, readFailure } from '../formats/failure-file.js';
import { PACKAGE } from '../system/package-info.js';
import { writeWhole } from '../system/whole-file.js';
import type { FileFacts } from './ledger/ledger.js';

const LONGEST_MESSAGE = 16 * 1024;

/** Facts about a failure when it happens. */
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
 * Writes `NAME.failed.json`, replacing one of an earlier run; any other file with that name is left alone.
 * @throws BodyscriptError `OUTPUT_NOT_WRITABLE`, `OUTPUT_DISK_FULL`
 */
export async function writeFailure(outDir: string, outputName: string, failed: FailedVideo): Promise<void> {
  const path = failurePath(outDir, outputName);
  if ((await exists(path)) && !(await readFailure(path))) return;
  await writeWhole(path, failureText(failed));
}

/** The content of `NAME.failed.json`. */
export function failureText(failed: FailedVideo): string {
  const { code, message, remedy } = failed.error;
  const failure: Failure = {
    failureVersion: FAILURE_VERSION,
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
  return `${JSON.stringify(failure, null, 2)}\n`;
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
