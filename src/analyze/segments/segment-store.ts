import { lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EngineInfo } from '../../engine/pose-engine.js';
import { type FileKind, readChecked, writeChecked } from '../../formats/checked-file.js';
import { UnfitJson } from '../../formats/plain-json.js';
import { UnreadableFile } from '../../formats/regular-file.js';
import { parseState, stateText } from '../../formats/state-text.js';
import { statusOf } from '../../model/result.js';
import { isInside } from '../../system/contained-path.js';
import { sha256 } from '../../system/file-hash.js';
import { makeFolder } from '../../system/make-folder.js';
import { PACKAGE } from '../../system/package-info.js';
import { outputError } from '../../system/whole-file.js';
import { checkMemory, checkRead } from '../check-state.js';
import type { InspectedVideo } from '../inspect-video.js';
import { tableHash } from '../options-hash.js';
import { identityOf } from '../run-identity.js';
import { type Cuts, LEAD_IN_SECONDS } from './cuts.js';
import type { AnalysedSegment } from './protocol.js';

/**
 * A segment's file, and the version of its layout. A person in a frame takes 4 kB: thirty seconds of one person take 4
 * MB, those of 16 people at 60 frames per second 110 MB.
 */
const SEGMENT_FILE: FileKind = { name: 'segment', version: 1, maxBytes: 256 * 2 ** 20 };
const KEY_DIGITS = 32;
const FILE_NAME = /^(\d{1,6})\.segment$/;

/** Where a video's segments are stored. */
export interface SegmentPlace {
  /** The folder of results, out of which no link may lead. */
  readonly outDir: string;
  /** The video's own folder in it. */
  readonly folder: string;
}

/** Everything on which the numbers of a segment depend. */
export interface SegmentOrigin {
  readonly inspected: Pick<InspectedVideo, 'source' | 'binaries' | 'size' | 'options'>;
  readonly engine: EngineInfo;
  readonly cuts: Cuts;
  readonly warn: (message: string) => void;
}

/**
 * Analysed segments of one video as files, for several commands that analyse it together. Those of another file, other
 * options, or other programs are in other folders, and are never used.
 */
export class SegmentStore {
  readonly #place: SegmentPlace;
  readonly #origin: SegmentOrigin;
  readonly #key: string;
  #stored: ReadonlySet<number> = new Set();

  private constructor(place: SegmentPlace, origin: SegmentOrigin, key: string) {
    this.#place = place;
    this.#origin = origin;
    this.#key = key;
  }

  /** Finds the segments that are stored already. */
  static async open(place: SegmentPlace, origin: SegmentOrigin): Promise<SegmentStore> {
    const store = new SegmentStore(place, origin, await keyOf(origin));
    await store.list();
    return store;
  }

  /** Whether a segment was stored when the folder was listed last. */
  has(index: number): boolean {
    return this.#stored.has(index);
  }

  /** Lists the folder. @returns indices of the stored segments */
  async list(): Promise<ReadonlySet<number>> {
    this.#stored = new Set(await storedIndices(this.#folder));
    return this.#stored;
  }

  /** How many segments of the video are stored that cannot be used: of other options, another file, other programs. */
  async countOthers(): Promise<number> {
    const keys = (await readdir(this.#place.folder).catch(() => [])).filter(key => key !== this.#key);
    const sets = await Promise.all(keys.map(key => storedIndices(join(this.#place.folder, key))));
    return sets.flat().length;
  }

  /** A stored segment; undefined, with a warning, if its file is unusable. */
  async read(index: number): Promise<AnalysedSegment | undefined> {
    if (!this.has(index)) return undefined;
    const path = this.#path(index);
    try {
      if (!(await isInside(this.#place.outDir, path))) throw new UnreadableFile('is a link to another folder');
      return await this.#checked(index, parseState(await readChecked(path, SEGMENT_FILE)));
    } catch (error) {
      if (!(error instanceof UnreadableFile) && !(error instanceof UnfitJson)) throw error;
      this.#origin.warn(`${path}: ${error.message}; analysing this segment here`);
      return undefined;
    }
  }

  /**
   * Stores a segment, complete or not at all.
   * @returns false if it is too large to be stored
   * @throws BodyscriptError `OUTPUT_NOT_WRITABLE`, `OUTPUT_DISK_FULL`
   */
  async write(segment: AnalysedSegment): Promise<boolean> {
    const path = this.#path(segment.index);
    try {
      await makeFolder(this.#place.outDir);
      if (!(await isInside(this.#place.outDir, path))) throw new Error('a link leads out of the folder of results');
      const text = textOf({ key: this.#key, ...segment });
      if (text === undefined) return false;
      await writeChecked(path, SEGMENT_FILE, text);
      return true;
    } catch (cause) {
      throw outputError(path, cause);
    }
  }

  get #folder(): string {
    return join(this.#place.folder, this.#key);
  }

  #path(index: number): string {
    return join(this.#folder, `${index}.segment`);
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

/** The name of the folder for segments that may be used together. */
async function keyOf({ inspected, engine }: SegmentOrigin): Promise<string> {
  const { options } = inspected;
  const identity = await identityOf(inspected, engine);
  const parts = [SEGMENT_FILE.version, PACKAGE.version, tableHash(options), options.outputs.explain, ...identity];
  return sha256(JSON.stringify(parts)).slice(0, KEY_DIGITS);
}

async function storedIndices(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap(name => FILE_NAME.exec(name)?.[1] ?? []).map(Number);
}

/** The largest set of segments of one video that may be used together: indices, for a report. */
export async function storedSegments({ folder }: SegmentPlace): Promise<ReadonlySet<number>> {
  const keys = await readdir(folder).catch(() => []);
  const sets = await Promise.all(keys.map(key => storedIndices(join(folder, key))));
  return new Set(sets.reduce((most, one) => (one.length > most.length ? one : most), []));
}

/** Removes all segments of a video. A link is left alone. */
export async function removeSegments({ outDir, folder }: SegmentPlace): Promise<void> {
  const stats = await lstat(folder).catch(() => undefined);
  if (!stats?.isDirectory() || !(await isInside(outDir, folder))) return;
  await rm(folder, { recursive: true, force: true });
  await rmdir(dirname(folder)).catch(() => {}); // Other videos have segments.
}
