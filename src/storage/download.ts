import { createHash } from 'node:crypto';
import { type FileHandle, utimes } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { BodyscriptError, shortMessage, systemErrorCode } from '../errors.js';
import type { ByteSpan } from '../formats/mp4-index.js';
import { createOwn } from '../system/own-file.js';
import { type BlobFacts, type BlobStore, ConditionFailed } from './blob-store.js';
import { scratchFull } from './scratch.js';

/** Connections in a row that may break without a byte. */
const MOST_CUTS = 5;
const FIRST_PAUSE_MS = 200;

/** A download that is under way. */
interface Download {
  readonly store: BlobStore;
  readonly found: BlobFacts;
  /** Takes the bytes in their order. */
  readonly write: (chunk: Buffer) => Promise<void>;
  /** Where it ends: the byte after the last. */
  readonly end: number;
  /** Where it is: the next byte. */
  done: number;
}

/**
 * Copies an object to a file, hashing it meanwhile. After a connection breaks the copy continues where it was, as long
 * as the object is the same. The file gets the object's time: a checkpoint knows a video by it.
 * @param file an earlier file of this name is replaced; a link is not followed
 * @returns SHA-256 in hexadecimal
 * @throws BodyscriptError `INPUT_CHANGED` where the object was replaced meanwhile, `OUTPUT_DISK_FULL`, `OUTPUT_TAKEN`,
 * `STORAGE_*`
 */
export async function download(
  store: BlobStore,
  found: BlobFacts,
  file: string,
  signal?: AbortSignal,
): Promise<string> {
  const handle = await createOwn(file, 0o600);
  const hash = createHash('sha256');
  const write = async (chunk: Buffer) => {
    await writeAll(handle, chunk, file, `${store.name}${found.key}`);
    hash.update(chunk);
  };
  try {
    await receiveAll({ store, found, write, done: 0, end: found.bytes }, signal);
  } finally {
    await handle.close();
  }
  const modified = new Date(found.modified);
  await utimes(file, modified, modified);
  return hash.digest('hex');
}

/**
 * Reads a small object, or some bytes of any, into memory, and otherwise as `download` does.
 * @param span the bytes, of which those beyond the end are left out; undefined: all
 * @throws BodyscriptError `INPUT_CHANGED` where the object was replaced meanwhile, `STORAGE_*`
 */
export async function downloadBytes(
  store: BlobStore,
  found: BlobFacts,
  signal?: AbortSignal,
  { from, to }: ByteSpan = { from: 0, to: found.bytes },
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const write = async (chunk: Buffer) => void chunks.push(chunk);
  await receiveAll({ store, found, write, done: from, end: Math.min(to, found.bytes) }, signal);
  return Buffer.concat(chunks);
}

async function receiveAll(state: Download, signal: AbortSignal | undefined): Promise<void> {
  for (let cuts = 0; state.done < state.end; ) {
    const before = state.done;
    const cut = await receive(state, signal);
    signal?.throwIfAborted();
    if (cut === undefined) continue;
    cuts = state.done > before ? 1 : cuts + 1;
    if (cuts >= MOST_CUTS) throw brokenOff(state, cut);
    await delay(FIRST_PAUSE_MS * 2 ** cuts, undefined, signal ? { signal } : {}).catch(() => {});
  }
}

/** @returns why the connection ended before the last byte; undefined where it did not */
async function receive(state: Download, signal: AbortSignal | undefined): Promise<unknown> {
  const { store, found, write, end } = state;
  try {
    const body = await store.get(found.key, {
      from: state.done,
      ...(end < found.bytes ? { to: end - 1 } : {}),
      ifMatch: found.etag,
      signal,
    });
    for await (const chunk of body) {
      if (state.done + (chunk as Buffer).length > end) throw longer(state);
      await write(chunk as Buffer);
      state.done += (chunk as Buffer).length;
    }
    return state.done < end ? new Error('the connection was closed') : undefined;
  } catch (error) {
    if (error instanceof ConditionFailed) throw changed(`${store.name}${found.key}`, error);
    if (error instanceof BodyscriptError && error.code !== 'STORAGE_FAILED') throw error;
    return error;
  }
}

async function writeAll(handle: FileHandle, chunk: Buffer, file: string, what: string): Promise<void> {
  try {
    await handle.appendFile(chunk);
  } catch (cause) {
    const code = systemErrorCode(cause);
    if (code === 'ENOSPC' || code === 'EDQUOT') throw scratchFull(file, what, cause);
    throw new BodyscriptError('OUTPUT_NOT_WRITABLE', `${file}: cannot be written (${code ?? shortMessage(cause)})`, {
      cause,
      remedy: 'Choose another folder with --scratch.',
    });
  }
}

function changed(uri: string, cause: unknown): BodyscriptError {
  return new BodyscriptError('INPUT_CHANGED', `${uri}: was replaced while it was being read`, {
    cause,
    remedy: 'Run the same command again, once nothing writes to it.',
  });
}

function longer({ store, found }: Download): BodyscriptError {
  return new BodyscriptError(
    'STORAGE_FAILED',
    `${store.name}${found.key}: the storage sends more than the ${found.bytes} bytes that it announced`,
    { remedy: 'Check the storage, and any proxy before it, then run the same command again.' },
  );
}

function brokenOff({ store, found, done }: Download, cause: unknown): BodyscriptError {
  return new BodyscriptError(
    'STORAGE_FAILED',
    `${store.name}${found.key}: the download broke off at byte ${done} of ${found.bytes}, ${MOST_CUTS} times in a row (${shortMessage(cause, 100)})`,
    { cause, remedy: 'Check the connection, then run the same command again.' },
  );
}
