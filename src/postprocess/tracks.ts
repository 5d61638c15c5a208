import { LANDMARK_COUNT } from '../model/blazepose.js';
import { pictureSize } from '../model/picture-size.js';
import type { TableFrame, TableLandmark, TablePerson } from '../model/table-frame.js';
import { GrowingNumbers } from '../signal/growing-numbers.js';
import { SpoolFile } from '../system/spool-file.js';

/**
 * The stored values of a landmark over time: its position in the picture as fractions, that in space, and its
 * confidence. All but the last are filtered.
 */
const CHANNELS = [
  'x',
  'y',
  'z',
  'worldX',
  'worldY',
  'worldZ',
  'confidence',
] as const satisfies readonly (keyof TableLandmark)[];

/** Frames stored together: for each person in at least one of them. */
export const BLOCK_FRAMES = 256;
/** For one landmark in a block, channel after channel, each with this many frames. */
export const LANDMARK_VALUES = CHANNELS.length * BLOCK_FRAMES;
const VALUES = LANDMARK_COUNT * LANDMARK_VALUES;
/** Further values of a person, which the filter passes on unchanged: visibilities, score. */
const NOTES = (LANDMARK_COUNT + 1) * BLOCK_FRAMES;
const BLOCK_BYTES = VALUES * 4 + NOTES * 8 + 2 * BLOCK_FRAMES * 4;

/** A person in a block of frames. Landmarks are 32-bit numbers, NaN if absent. */
class Block {
  readonly bytes = new Uint8Array(BLOCK_BYTES);
  readonly values = new Float32Array(this.bytes.buffer, 0, VALUES).fill(Number.NaN);
  readonly notes = new Float64Array(this.bytes.buffer, VALUES * 4, NOTES);
  /** For status and strategy, the numbers of their texts; 0: the person is not in that frame. */
  readonly texts = new Uint32Array(this.bytes.buffer, VALUES * 4 + NOTES * 8, 2 * BLOCK_FRAMES);

  /** Resets it to a new one. */
  clear(): void {
    this.values.fill(Number.NaN);
    this.notes.fill(0);
    this.texts.fill(0);
  }
}

/** Maximum blocks kept for reuse after people left: discarded ones would wait for the collector. */
const MOST_SPARE = 16;

/** A person's values in a frame, apart from landmark positions. */
export interface OriginalPerson {
  readonly status: string;
  readonly strategy: string;
  readonly score: number;
  /** By landmark, 0 if absent. */
  visibility(id: number): number;
}

/** Positions of a person's blocks on disk, by the block's number. */
type Places = Map<number, number>;

/**
 * All people of a table: on disk, except the blocks in use and each frame's number and time. The length of a table
 * therefore hardly affects memory.
 */
export class Tracks implements Disposable {
  readonly #spool: SpoolFile;
  readonly #people = new Map<number, Places>();
  readonly #frameIds = new GrowingNumbers();
  readonly #times = new GrowingNumbers();
  readonly #texts = [''];
  readonly #textNumbers = new Map<string, number>();
  /** The blocks in memory, the last few of each person. */
  readonly #open = new Map<number, Map<number, Block>>();
  readonly #spare: Block[] = [];
  #size: { readonly width: number; readonly height: number } | undefined;

  private constructor(output: string) {
    this.#spool = new SpoolFile(output);
  }

  /** Stores a table on disk. @param output the file goes beside it @throws BodyscriptError */
  static async read(frames: AsyncIterable<TableFrame>, output: string): Promise<Tracks> {
    const tracks = new Tracks(output);
    try {
      for await (const frame of frames) tracks.#add(frame);
      tracks.#flush();
      return tracks;
    } catch (error) {
      tracks[Symbol.dispose]();
      throw error;
    }
  }

  get frames(): number {
    return this.#times.length;
  }

  /** Seconds, by frame. */
  get times(): Float64Array {
    return this.#times.values;
  }

  /** Of a frame, in seconds. */
  time(frame: number): number {
    return this.#times.values[frame]!;
  }

  frameId(frame: number): number {
    return this.#frameIds.values[frame]!;
  }

  /** Size of the picture in pixels, from the first pose; 1 x 1 for a table without poses. */
  get display(): { readonly width: number; readonly height: number } {
    return this.#size ?? { width: 1, height: 1 };
  }

  get people(): Iterable<number> {
    return this.#people.keys();
  }

  /** People with a position in a block, now or in the original table, by rising number. */
  peopleIn(block: number): number[] {
    return [...this.#people].flatMap(([id, places]) => (places.has(block) ? [id] : [])).sort((a, b) => a - b);
  }

  /** The first frame of a person's first block, and the one after the last. */
  span(person: number): [from: number, to: number] {
    const blocks = [...(this.#people.get(person)?.keys() ?? [])];
    const [first, last] = [blocks[0] ?? 0, blocks.at(-1) ?? -1];
    return [first * BLOCK_FRAMES, Math.min(this.frames, (last + 1) * BLOCK_FRAMES)];
  }

  /** One landmark's channels over a span that begins with a block. */
  read(person: number, id: number, [from, to]: readonly [number, number]): Float32Array[] {
    const series = CHANNELS.map(() => new Float32Array(to - from).fill(Number.NaN));
    const part = new Float32Array(LANDMARK_VALUES);
    for (const [block, at] of this.#people.get(person) ?? []) {
      this.#spool.read(bytesOf(part), at + id * LANDMARK_VALUES * 4);
      const first = block * BLOCK_FRAMES - from;
      const count = Math.min(BLOCK_FRAMES, to - from - first);
      for (const [channel, values] of series.entries())
        values.set(part.subarray(channel * BLOCK_FRAMES, channel * BLOCK_FRAMES + count), first);
    }
    return series;
  }

  /** Stores values obtained from `read`. */
  write(person: number, id: number, [from, to]: readonly [number, number], series: readonly Float32Array[]): void {
    const part = new Float32Array(LANDMARK_VALUES);
    for (let frame = from; frame < to; frame += BLOCK_FRAMES) {
      const count = Math.min(BLOCK_FRAMES, to - frame);
      part.fill(Number.NaN);
      for (const [channel, values] of series.entries())
        part.set(values.subarray(frame - from, frame - from + count), channel * BLOCK_FRAMES);
      const block = frame / BLOCK_FRAMES;
      const places = this.#people.get(person) as Places;
      let at = places.get(block);
      if (at === undefined) {
        if (part.every(Number.isNaN)) continue;
        at = this.#spool.append(this.#emptyBytes()); // A gap longer than a block was filled.
        places.set(block, at);
      }
      this.#spool.write(bytesOf(part), at + id * LANDMARK_VALUES * 4);
    }
  }

  /** A value of a person in a frame; NaN if absent. */
  get(person: number, frame: number, id: number, channel: number): number {
    const values = this.#block(person, Math.floor(frame / BLOCK_FRAMES))?.values;
    return values?.[id * LANDMARK_VALUES + channel * BLOCK_FRAMES + (frame % BLOCK_FRAMES)] ?? Number.NaN;
  }

  /**
   * The values of a person in the block that holds a frame, and the offset of the frame's values: landmark after
   * landmark, `LANDMARK_VALUES` apart, and their channels, `BLOCK_FRAMES` apart.
   */
  places(person: number, frame: number): { readonly values: Float32Array; readonly at: number } | undefined {
    const values = this.#block(person, Math.floor(frame / BLOCK_FRAMES))?.values;
    return values && { values, at: frame % BLOCK_FRAMES };
  }

  /** The original table's values of a person in a frame; undefined if the person was not in it. */
  original(person: number, frame: number): OriginalPerson | undefined {
    const block = this.#block(person, Math.floor(frame / BLOCK_FRAMES));
    const at = frame % BLOCK_FRAMES;
    if (!block?.texts[at]) return undefined;
    return {
      status: this.#texts[block.texts[at]]!,
      strategy: this.#texts[block.texts[BLOCK_FRAMES + at]!]!,
      score: block.notes[at]!,
      visibility: id => block.notes[(id + 1) * BLOCK_FRAMES + at]!,
    };
  }

  /** Forgets blocks before this one: they are not needed any more. */
  passed(block: number): void {
    for (const blocks of this.#open.values())
      for (const [before, left] of blocks) {
        if (before >= block) continue;
        blocks.delete(before);
        this.#leave(left);
      }
  }

  [Symbol.dispose](): void {
    this.#spool[Symbol.dispose]();
  }

  #add({ frameId, timestamp, people }: TableFrame): void {
    const frame = this.frames;
    if (frame % BLOCK_FRAMES === 0) this.#flush();
    for (const person of people) this.#addPerson(person, frame);
    this.#size ??= people[0] && pictureSize(people[0]);
    this.#frameIds.push(frameId);
    this.#times.push(timestamp);
  }

  #addPerson({ personId, status, strategy, score, landmarks }: TablePerson, frame: number): void {
    const block = Math.floor(frame / BLOCK_FRAMES);
    const at = frame % BLOCK_FRAMES;
    const blocks = this.#open.get(personId) ?? new Map<number, Block>();
    this.#open.set(personId, blocks);
    const kept = blocks.get(block) ?? this.#emptyBlock();
    blocks.set(block, kept);
    const isNew = kept.texts[at] === 0;
    for (let id = 0; id < LANDMARK_COUNT; id++) {
      const mark = landmarks[id];
      if (!mark) continue;
      const from = id * LANDMARK_VALUES + at;
      putLandmark(kept.values, from, mark);
      if (isNew) kept.notes[(id + 1) * BLOCK_FRAMES + at] = mark.visibility ?? 0;
    }
    if (!isNew) return;
    kept.notes[at] = score ?? 0;
    kept.texts[at] = this.#textNumber(status);
    kept.texts[BLOCK_FRAMES + at] = this.#textNumber(strategy);
  }

  /** Writes all blocks in memory to disk. */
  #flush(): void {
    for (const [person, blocks] of this.#open) {
      const places = this.#people.get(person) ?? new Map<number, number>();
      this.#people.set(person, places);
      for (const [number, block] of blocks) {
        places.set(number, this.#spool.append(block.bytes));
        this.#leave(block);
      }
    }
    this.#open.clear();
  }

  #emptyBlock(): Block {
    const spare = this.#spare.pop();
    spare?.clear();
    return spare ?? new Block();
  }

  #emptyBytes(): Uint8Array {
    const block = this.#emptyBlock();
    this.#leave(block);
    return block.bytes;
  }

  /** The caller must not use it any more. */
  #leave(block: Block): void {
    if (this.#spare.length < MOST_SPARE) this.#spare.push(block);
  }

  #block(person: number, number: number): Block | undefined {
    const at = this.#people.get(person)?.get(number);
    if (at === undefined) return undefined;
    const blocks = this.#open.get(person) ?? new Map<number, Block>();
    this.#open.set(person, blocks);
    const before = blocks.get(number);
    if (before) return before;
    const block = this.#spare.pop() ?? new Block();
    this.#spool.read(block.bytes, at);
    blocks.set(number, block);
    return block;
  }

  /** From 1 on: 0 means no person. */
  #textNumber(text: string): number {
    const known = this.#textNumbers.get(text);
    if (known !== undefined) return known;
    this.#texts.push(text);
    this.#textNumbers.set(text, this.#texts.length - 1);
    return this.#texts.length - 1;
  }
}

/** In the order of `CHANNELS`, written out: by name it takes several times as long. */
function putLandmark(values: Float32Array, at: number, mark: TableLandmark): void {
  values[at] = mark.x ?? Number.NaN;
  values[at + BLOCK_FRAMES] = mark.y ?? Number.NaN;
  values[at + 2 * BLOCK_FRAMES] = mark.z ?? Number.NaN;
  values[at + 3 * BLOCK_FRAMES] = mark.worldX ?? Number.NaN;
  values[at + 4 * BLOCK_FRAMES] = mark.worldY ?? Number.NaN;
  values[at + 5 * BLOCK_FRAMES] = mark.worldZ ?? Number.NaN;
  values[at + 6 * BLOCK_FRAMES] = mark.confidence ?? Number.NaN;
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
