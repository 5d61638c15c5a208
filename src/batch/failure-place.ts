import { isCode } from '../errors.js';
import {
  FAILURE_SUFFIX,
  type Failure,
  failureOf,
  LARGEST_FAILURE_BYTES,
  readFailure,
} from '../formats/failure-file.js';
import { existsSmall, putSmall, readSmall, removeSmall } from '../storage/small-objects.js';
import { type FailedVideo, failurePath, failureText, removeFailure, writeFailure } from './failure-file.js';
import { NOT_FINAL } from './failures.js';

/** Where the results of videos are, and beside them the reasons why some have none. */
export interface ResultsPlace {
  readonly outDir: string;
  /** `s3://bucket/results`, if results go to a bucket: `outDir` is where they wait for it. */
  readonly destination?: string | undefined;
}

/** The failure of a name; undefined where none was written. @throws BodyscriptError `STORAGE_*` */
async function failureAt(
  { outDir, destination }: ResultsPlace,
  name: string,
  signal?: AbortSignal,
): Promise<Failure | undefined> {
  if (destination === undefined) return readFailure(failurePath(outDir, name));
  const text = await readSmall(destination, `${name}${FAILURE_SUFFIX}`, LARGEST_FAILURE_BYTES, signal);
  return text === undefined ? undefined : failureOf(text);
}

/**
 * A failure of an earlier run, of the same video and the same options, that another attempt would meet again.
 * @throws BodyscriptError `STORAGE_*`
 */
export async function findFailure(
  place: ResultsPlace,
  video: Pick<FailedVideo, 'path' | 'facts' | 'optionsHash'> & { readonly name: string },
  signal?: AbortSignal,
): Promise<Failure | undefined> {
  const failure = await failureAt(place, video.name, signal);
  if (!failure || failure.optionsHash !== video.optionsHash || NOT_FINAL.has(failure.error.code)) return undefined;
  const { path, bytes, modified } = failure.input;
  const isSame =
    path === video.path && bytes === (video.facts?.bytes ?? null) && modified === (video.facts?.modified ?? null);
  return isSame ? failure : undefined;
}

/**
 * Writes `NAME.failed.json`, replacing one of an earlier run; any other file with that name is left alone.
 * @throws BodyscriptError `OUTPUT_NOT_WRITABLE`, `OUTPUT_DISK_FULL`, `STORAGE_DENIED`
 */
export async function noteFailure(place: ResultsPlace, name: string, failed: FailedVideo): Promise<void> {
  const { outDir, destination } = place;
  if (destination === undefined) return writeFailure(outDir, name, failed);
  await unlessUnavailable(async () => {
    const key = `${name}${FAILURE_SUFFIX}`;
    if ((await existsSmall(destination, key)) && !(await failureAt(place, name))) return;
    await putSmall(destination, key, failureText(failed));
  });
}

/** Removes the failure of an earlier run, once the video has results. @throws BodyscriptError `STORAGE_DENIED` */
export async function dropFailure(place: ResultsPlace, name: string): Promise<void> {
  const { outDir, destination } = place;
  if (destination === undefined) return removeFailure(outDir, name);
  await unlessUnavailable(async () => {
    if (await failureAt(place, name)) await removeSmall(destination, `${name}${FAILURE_SUFFIX}`);
  });
}

/** Without this note the next run only tries the video again: a busy server must not end the other videos. */
async function unlessUnavailable(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!isCode(error, 'STORAGE_FAILED')) throw error;
  }
}
