import {
  indexOfFile,
  type SegmentShelf,
  SegmentsTaken,
  type StoredSegment,
  segmentFileName,
} from '../analyze/segments/segment-shelf.js';
import { isCode, toPlainError } from '../errors.js';
import { UnreadableFile } from '../formats/regular-file.js';
import { keyBelow } from '../storage/address.js';
import type { BlobStore } from '../storage/blob-store.js';
import { downloadBytes } from '../storage/download.js';
import { openStore } from '../storage/open-store.js';
import { recordTag } from '../storage/published-run.js';
import { mapAtOnce } from '../system/map-at-once.js';
import { segmentsPrefix } from './own-folder.js';
import type { SegmentsBucket } from './worker/protocol.js';

/** More objects than a video of any length has: anybody may have put others. */
const MOST_LISTED = 1_000_000;
const REMOVALS = 16;
const KEY = /^[0-9a-f]{1,64}$/;

/** Segments of a video as objects of a bucket, below the prefix of its results. */
export class SegmentObjects implements SegmentShelf {
  readonly #store: BlobStore;
  readonly #prefix: string;
  readonly #isTaken: () => Promise<boolean>;
  readonly #signal: AbortSignal | undefined;

  private constructor(
    store: BlobStore,
    prefix: string,
    isTaken: () => Promise<boolean>,
    signal: AbortSignal | undefined,
  ) {
    [this.#store, this.#prefix, this.#isTaken, this.#signal] = [store, prefix, isTaken, signal];
  }

  /**
   * @param name base name of the video's outputs
   * @param mayLeave whether the reader leaves the video to a command that has published it meanwhile
   * @throws BodyscriptError `PACKAGE_MISSING`
   */
  static async open(
    { place, replaces }: SegmentsBucket,
    name: string,
    mayLeave: boolean,
    signal?: AbortSignal,
  ): Promise<SegmentObjects> {
    const { store, key } = await openStore(place);
    const isTaken = async () => mayLeave && (await recordTag(place, name, signal)) !== replaces;
    return new SegmentObjects(store, keyBelow(key, segmentsPrefix(name)), isTaken, signal);
  }

  nameOf(segment: StoredSegment): string {
    return `${this.#store.name}${this.#keyOf(segment)}`;
  }

  async list(): Promise<readonly StoredSegment[]> {
    const found: StoredSegment[] = [];
    let listed = 0;
    for await (const object of this.#store.list(this.#prefix, this.#signal)) {
      const [key = '', name = '', more] = object.key.slice(this.#prefix.length).split('/');
      const index = indexOfFile(name);
      if (index !== undefined && more === undefined && KEY.test(key)) found.push({ key, index });
      if (++listed === MOST_LISTED) break;
    }
    return found;
  }

  async read(segment: StoredSegment, maxBytes: number): Promise<Buffer> {
    const found = await this.#store.head(this.#keyOf(segment), this.#signal);
    if (!found) return this.#missing();
    if (found.bytes > maxBytes) throw new UnreadableFile(`is larger than ${Math.round(maxBytes / 2 ** 20)} MB`);
    try {
      return await downloadBytes(this.#store, found, this.#signal);
    } catch (error) {
      if (isCode(error, 'INPUT_MISSING')) return this.#missing();
      if (isCode(error, 'INPUT_CHANGED')) throw new UnreadableFile('was replaced while it was being read', error);
      throw error;
    }
  }

  async write(segment: StoredSegment, bytes: Buffer): Promise<void> {
    await this.#store.put(this.#keyOf(segment), { bytes }, { signal: this.#signal });
  }

  /** The results have their names on this machine alone: the segments stay until the results are in the bucket. */
  async settle(): Promise<void> {}

  async #missing(): Promise<never> {
    if (await this.#isTaken()) throw new SegmentsTaken('another command has published the video');
    throw new UnreadableFile('no such object');
  }

  #keyOf({ key, index }: StoredSegment): string {
    return `${this.#prefix}${key}/${segmentFileName(index)}`;
  }
}

/**
 * Removes all segments of a video that is published. Its results count without this: segments that stay take room, and
 * nothing else.
 * @param place `s3://bucket/results`
 */
export async function removeSegmentObjects(
  place: string,
  name: string,
  warn: (message: string) => void,
): Promise<void> {
  try {
    await removeAll(place, name);
  } catch (error) {
    warn(`the stored segments of the video could not be removed: ${toPlainError(error).message}`);
  }
}

async function removeAll(place: string, name: string): Promise<void> {
  const { store, key } = await openStore(place);
  const keys: string[] = [];
  for await (const object of store.list(keyBelow(key, segmentsPrefix(name)))) {
    keys.push(object.key);
    if (keys.length === MOST_LISTED) break;
  }
  await mapAtOnce(keys, REMOVALS, one => store.remove(one));
}
