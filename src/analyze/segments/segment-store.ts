import type { EngineInfo } from '../../engine/pose-engine.js';
import { type FileKind, textBelowHeader, withHeader } from '../../formats/checked-file.js';
import { UnfitJson } from '../../formats/plain-json.js';
import { UnreadableFile } from '../../formats/regular-file.js';
import { parseState, stateText } from '../../formats/state-text.js';
import { statusOf } from '../../model/result.js';
import { sha256 } from '../../system/file-hash.js';
import { PACKAGE } from '../../system/package-info.js';
import { checkMemory, checkRead } from '../check-state.js';
import type { InspectedVideo } from '../inspect-video.js';
import { tableHash } from '../options-hash.js';
import { identityOf } from '../run-identity.js';
import { type Cuts, LEAD_IN_SECONDS } from './cuts.js';
import type { AnalysedSegment } from './protocol.js';
import type { SegmentShelf } from './segment-shelf.js';

/**
 * A segment's file, and the version of its layout. A person in a frame takes 4 kB: thirty seconds of one person take 4
 * MB, those of 16 people at 60 frames per second 110 MB.
 */
const SEGMENT_FILE: FileKind = { name: 'segment', version: 1, maxBytes: 256 * 2 ** 20 };
const KEY_DIGITS = 32;

/** Everything on which the numbers of a segment depend. */
export interface SegmentOrigin {
  readonly inspected: Pick<InspectedVideo, 'source' | 'binaries' | 'size' | 'options'>;
  readonly engine: EngineInfo;
  readonly cuts: Cuts;
  readonly warn: (message: string) => void;
}

/**
 * Analysed segments of one video, for several commands that analyse it together. Those of another file, other options,
 * or other programs have other keys, and are never used.
 */
export class SegmentStore {
  readonly #shelf: SegmentShelf;
  readonly #origin: SegmentOrigin;
  readonly #key: string;
  #stored: ReadonlySet<number> = new Set();

  private constructor(shelf: SegmentShelf, origin: SegmentOrigin, key: string) {
    this.#shelf = shelf;
    this.#origin = origin;
    this.#key = key;
  }

  /** Finds the segments that are stored already. */
  static async open(shelf: SegmentShelf, origin: SegmentOrigin): Promise<SegmentStore> {
    const store = new SegmentStore(shelf, origin, await keyOf(origin));
    await store.list();
    return store;
  }

  /** Whether a segment was stored when they were listed last. */
  has(index: number): boolean {
    return this.#stored.has(index);
  }

  /** Lists the stored segments. @returns their indices */
  async list(): Promise<ReadonlySet<number>> {
    const own = (await this.#shelf.list()).filter(({ key }) => key === this.#key);
    this.#stored = new Set(own.map(({ index }) => index));
    return this.#stored;
  }

  /** How many segments of the video are stored that cannot be used: of other options, another file, other programs. */
  async countOthers(): Promise<number> {
    return (await this.#shelf.list()).filter(({ key }) => key !== this.#key).length;
  }

  /** A stored segment; undefined, with a warning, if it is unusable. @throws SegmentsTaken */
  async read(index: number): Promise<AnalysedSegment | undefined> {
    if (!this.has(index)) return undefined;
    const place = { key: this.#key, index };
    try {
      const bytes = await this.#shelf.read(place, SEGMENT_FILE.maxBytes);
      return await this.#checked(index, parseState(textBelowHeader(SEGMENT_FILE, bytes)));
    } catch (error) {
      if (!(error instanceof UnreadableFile) && !(error instanceof UnfitJson)) throw error;
      this.#origin.warn(`${this.#shelf.nameOf(place)}: ${error.message}; analysing this segment here`);
      return undefined;
    }
  }

  /**
   * Stores a segment, complete or not at all.
   * @returns false if it is too large to be stored
   * @throws BodyscriptError `OUTPUT_NOT_WRITABLE`, `OUTPUT_DISK_FULL`, `STORAGE_*`
   */
  async write(segment: AnalysedSegment): Promise<boolean> {
    const text = textOf({ key: this.#key, ...segment });
    if (text === undefined) return false;
    await this.#shelf.write({ key: this.#key, index: segment.index }, withHeader(SEGMENT_FILE, text));
    return true;
  }

  /** What was read, checked as untrusted: a checksum detects damage, not forgery. @throws UnfitJson */
  async #checked(index: number, value: unknown): Promise<AnalysedSegment> {
    const { inspected, engine } = this.#origin;
    const { STORED_SEGMENT } = await import('./segment-schema.js');
    await checkRead(STORED_SEGMENT, value);
    const { key, ...segment } = value as AnalysedSegment & { readonly key: string };
    if (key !== this.#key || segment.index !== index) throw new UnfitJson('belongs to another segment');
    if (segment.memory) await checkMemory(segment.memory, inspected.options, engine.name);
    if (!isConsistent(segment, this.#origin)) throw new UnfitJson('contradicts itself');
    return segment;
  }
}

/** Whether its frames are in its time and in order, and agree with what is counted of them. */
function isConsistent({ index, frames, framesOverBudget }: AnalysedSegment, origin: SegmentOrigin): boolean {
  const { from, to } = origin.cuts.at(index);
  const { explain } = origin.inspected.options.outputs;
  let last = from - LEAD_IN_SECONDS;
  for (const { timestamp, result, attempts } of frames) {
    const { people, status } = result;
    const ids = new Set(people.map(({ personId }) => personId));
    if (timestamp < last || timestamp >= to || ids.size < people.length) return false;
    if (status !== statusOf(people) || (attempts.length > 0 && !explain)) return false;
    last = timestamp;
  }
  return framesOverBudget <= frames.length;
}

/** A segment as text; undefined if that would be too long. */
function textOf(segment: object): string | undefined {
  try {
    const text = stateText(segment);
    return Buffer.byteLength(text) < SEGMENT_FILE.maxBytes ? text : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined; // Longer than any string may be.
    throw error;
  }
}

/** What segments that may be used together have in common. */
async function keyOf({ inspected, engine }: SegmentOrigin): Promise<string> {
  const { options } = inspected;
  const identity = await identityOf(inspected, engine);
  const parts = [SEGMENT_FILE.version, PACKAGE.version, tableHash(options), options.outputs.explain, ...identity];
  return sha256(JSON.stringify(parts)).slice(0, KEY_DIGITS);
}
