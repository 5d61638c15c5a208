import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { BodyscriptError, isCode } from '../errors.js';
import { fittingName } from '../system/fitting-name.js';
import { makeFolder } from '../system/make-folder.js';
import { OutputLock } from '../system/output-lock.js';
import { outputError } from '../system/whole-file.js';
import { isBucketAddress } from './address.js';
import { download } from './download.js';
import { openStore } from './open-store.js';
import type { Scratch } from './scratch.js';

const LONGEST_EXTENSION = 16;

/** A video of a bucket on this machine's disk. */
export interface StagedVideo {
  /** Where the copy is. */
  readonly file: string;
  /** Of the object whose bytes the copy has. */
  readonly etag: string;
  /** In hexadecimal. */
  readonly sha256: string;
}

/**
 * Copies a video of a bucket into the scratch folder, where it bears its own name.
 * @param use what the copy is for: another use of the same video has another copy
 * @throws BodyscriptError `INPUT_MISSING`, `INPUT_CHANGED`, `OUTPUT_DISK_FULL`, `STORAGE_*`
 */
export async function stageVideo(
  uri: string,
  scratch: Scratch,
  use: string,
  signal?: AbortSignal,
): Promise<StagedVideo> {
  if (!isBucketAddress(uri)) throw new TypeError(`${uri} is in no bucket`);
  const { store, key } = await openStore(uri);
  const found = await store.head(key, signal);
  if (!found) {
    throw new BodyscriptError('INPUT_MISSING', `${uri}: no such object`, {
      remedy: 'Check the spelling: capitals count.',
    });
  }
  await scratch.checkRoom(found.bytes, uri);
  const folder = scratch.videoFolder(use);
  // Nothing is written through what an ended run left, or through a link in a folder that others can write to.
  await rm(folder, { recursive: true, force: true });
  await makeFolder(folder, 0o700);
  const file = join(folder, fittingFileName(basename(key)));
  try {
    return { file, etag: found.etag, sha256: await download(store, found, file, signal) };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Keys may be longer than names of files. */
function fittingFileName(name: string): string {
  const extension = extname(name);
  return extension.length > LONGEST_EXTENSION
    ? fittingName(name)
    : `${fittingName(name.slice(0, name.length - extension.length))}${extension}`;
}

/**
 * Reserves the place of a copy. Where another command with the same scratch folder uses it, this one gets its own: the
 * other would lose its video in the middle of its analysis.
 * @returns what `stageVideo` and `unstageVideo` take as `use`; dispose it after them
 * @throws BodyscriptError `OUTPUT_NOT_WRITABLE`, `OUTPUT_DISK_FULL`
 */
export async function claimCopy(scratch: Scratch, use: string): Promise<AsyncDisposable & { readonly use: string }> {
  const place = scratch.videoFolder(use);
  try {
    await makeFolder(dirname(place), 0o700);
    const lock = await OutputLock.take(place);
    return { use, [Symbol.asyncDispose]: async () => lock[Symbol.asyncDispose]() };
  } catch (cause) {
    if (!isCode(cause, 'OUTPUT_BUSY')) throw outputError(place, cause);
    return { use: `${use}\n${randomUUID()}`, [Symbol.asyncDispose]: async () => {} };
  }
}

/** Removes a copy that `stageVideo` made. */
export async function unstageVideo(scratch: Scratch, use: string): Promise<void> {
  await rm(scratch.videoFolder(use), { recursive: true, force: true });
}
