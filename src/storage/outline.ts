import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ByteSpan, mp4Index } from '../formats/mp4-index.js';
import { makeFolder } from '../system/make-folder.js';
import { createOwn } from '../system/own-file.js';
import { outputError } from '../system/whole-file.js';
import { downloadBytes } from './download.js';
import { openStore } from './open-store.js';
import type { Scratch } from './scratch.js';

/** A smaller video is downloaded whole. */
const WORTH_BYTES = 8 * 2 ** 20;
/** What a program reads of the first pictures to learn their format. */
const BEGIN_BYTES = 2 ** 21;

/** A file that has only some bytes of a video, in their places. */
export interface Outline {
  readonly file: string;
  readonly etag: string;
}

/**
 * Copies the index of an MP4 in a bucket, and the beginning of its pictures: enough to learn its length and size.
 * Between them the file has holes.
 * @param use what the copy is for; `unstageVideo` removes it
 * @returns undefined where it must be downloaded whole: it is small, or not an MP4 with one index
 * @throws BodyscriptError `INPUT_CHANGED`, `OUTPUT_DISK_FULL`, `OUTPUT_NOT_WRITABLE`, `STORAGE_*`
 */
export async function stageOutline(
  uri: string,
  scratch: Scratch,
  use: string,
  signal?: AbortSignal,
): Promise<Outline | undefined> {
  const { store, key } = await openStore(uri);
  const found = await store.head(key, signal);
  if (!found || found.bytes < WORTH_BYTES) return undefined;
  const read = async (span: ByteSpan) => downloadBytes(store, found, signal, span);
  const index = await mp4Index(read, found.bytes);
  if (!index) return undefined;
  await scratch.checkRoom(index.to - index.from + 2 * BEGIN_BYTES, uri);
  const folder = scratch.videoFolder(use);
  const file = join(folder, 'outline.mp4');
  // Nothing is written through what an ended run left, or through a link.
  await rm(folder, { recursive: true, force: true });
  try {
    await makeFolder(folder, 0o700);
    await using handle = await createOwn(file, 0o600);
    await handle.truncate(found.bytes);
    // The pictures begin before the index, or after it.
    for (const span of [{ from: 0, to: BEGIN_BYTES }, index, { from: index.to, to: index.to + BEGIN_BYTES }]) {
      const bytes = await read(span);
      await handle.write(bytes, 0, bytes.length, span.from);
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw outputError(file, cause);
  }
  return { file, etag: found.etag };
}
