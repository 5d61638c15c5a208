import { basename, extname } from 'node:path';
import picomatch from 'picomatch';
import { isCode } from '../../errors.js';
import { addressOf, isBucketAddress, isInPlace, isPlainKey, parseAddress } from '../../storage/address.js';
import type { BlobStore } from '../../storage/blob-store.js';
import { openStore } from '../../storage/open-store.js';
import type { Input } from './input.js';
import type { PassedOver } from './passed-over.js';
import { CONTENT_BYTES, contentOf } from './video-content.js';
import { kindOf } from './video-files.js';
import type { Wanted } from './wanted.js';

/** Which objects of a bucket are videos to be analysed. */
export interface BucketSearch extends Wanted {
  readonly hidden: boolean;
  /** Where results go, if that is a bucket: nothing below it is taken. */
  readonly destination: string | undefined;
  /** Ends requests early. */
  readonly signal?: AbortSignal | undefined;
}

const UNREADABLE_KEPT = 100;
/** Results that are videos: they are not analysed when they lie beside the videos that they are of. */
const RESULT_NAME = /\.(overlay|preview)\.[^./]+$/;

/**
 * The videos that an address names: one object, all below a prefix, or those that a pattern fits.
 * @throws BodyscriptError `STORAGE_*`, `BUCKET_MISSING`
 */
export async function* findInBucketInputs(
  address: string,
  search: BucketSearch,
  passed: PassedOver,
): AsyncGenerator<Input> {
  const { store, key } = await openStore(address);
  const { bucket } = parseAddress(address);
  if (key !== '' && !key.endsWith('/') && (await store.head(key, search.signal))) {
    yield input(bucket, key, key.lastIndexOf('/') + 1);
    return;
  }
  const { folder, fits } = patternOf(key, search.hidden);
  for await (const object of store.list(folder, search.signal)) {
    if (!fits(object.key) || isBelow(bucket, object.key, search.destination)) continue;
    const reason = await reasonToPass(store, object.key, folder.length, search);
    if (reason === undefined) yield input(bucket, object.key, folder.length);
    else if (reason !== 'unreadable') passed[reason]++;
    else if (passed.unreadable.length < UNREADABLE_KEPT)
      passed.unreadable.push(`${addressOf({ bucket, key: object.key })} (its key cannot stand in an address)`);
  }
}

/** Where a prefix or a pattern begins, and which keys it fits. Consoles make empty objects in place of folders. */
function patternOf(key: string, dot: boolean): { folder: string; fits: (key: string) => boolean } {
  const { base, isGlob } = picomatch.scan(key);
  const prefix = isGlob ? base : key;
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  const isAsked = isGlob ? picomatch(key, { dot }) : () => true;
  return { folder, fits: one => !one.endsWith('/') && isAsked(one) };
}

type Reason = 'hidden' | 'excluded' | 'notVideo' | 'text' | 'outputs' | 'unreadable';

async function reasonToPass(
  store: BlobStore,
  key: string,
  from: number,
  { isExcluded, isWanted, byContent, hidden, signal }: BucketSearch,
): Promise<Reason | undefined> {
  const relative = key.slice(from);
  const parts = relative.split('/');
  const folders = parts.map((_, at) => parts.slice(0, at + 1).join('/'));
  if (!hidden && parts.some(part => part.startsWith('.'))) return 'hidden';
  if (folders.some(isExcluded)) return 'excluded';
  if (!isWanted(relative)) return 'notVideo';
  if (!isPlainKey(key)) return 'unreadable';
  if (RESULT_NAME.test(key) && 'bodyscript' in ((await store.head(key, signal))?.notes ?? {})) return 'outputs';
  if (!byContent) return undefined;
  const kind = await kindOf(key, () => beginningOf(store, key, signal));
  return kind === 'video' ? undefined : kind === 'text' ? 'text' : 'notVideo';
}

/** What the first bytes of an object say. */
async function beginningOf(store: BlobStore, key: string, signal: AbortSignal | undefined) {
  const found = await store.head(key, signal);
  if (!found || found.bytes === 0) return 'empty';
  const pieces: Buffer[] = [];
  try {
    for await (const piece of await store.get(key, { to: CONTENT_BYTES - 1, signal })) pieces.push(piece as Buffer);
  } catch (error) {
    signal?.throwIfAborted();
    if (isCode(error, 'STORAGE_DENIED')) throw error;
    return 'unknown'; // The error is reported when the video is tried.
  }
  return contentOf(Buffer.concat(pieces));
}

/** Results in the root of a bucket would make all of it results. */
function isBelow(bucket: string, key: string, destination: string | undefined): boolean {
  if (destination === undefined || !isBucketAddress(destination)) return false;
  return parseAddress(destination).key !== '' && isInPlace(destination, addressOf({ bucket, key }));
}

/** @param from where the part of the key begins that names outputs */
function input(bucket: string, key: string, from: number): Input {
  // Unlike keys, names of files have neither empty parts nor, on Windows, backslashes.
  const relative = key
    .slice(from)
    .split(/[/\\]+/)
    .filter(Boolean)
    .join('/');
  const stem = relative.slice(0, relative.length - extname(relative).length) || relative;
  const parent = basename(key.slice(0, from)) || bucket;
  return { path: addressOf({ bucket, key }), relative, parent, stem };
}
