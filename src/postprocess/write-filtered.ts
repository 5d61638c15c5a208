import { type CsvDialect, toEuropean } from '../formats/csv-dialect.js';
import { csvFormat } from '../formats/csv-writer.js';
import { LANDMARK_NUMBERS, LongRows } from '../formats/long-rows.js';
import { LANDMARK_COUNT } from '../model/blazepose.js';
import type { GrowingOutput } from '../system/whole-file.js';
import { MotionRows, motionHead } from './motion-format.js';
import { BLOCK_FRAMES, LANDMARK_VALUES, type OriginalPerson, type Tracks } from './tracks.js';

/** Size of a write: a system call for each frame takes as long as its lines. */
const BYTES_AT_ONCE = 256 * 1024;

/** @returns number of poses filled into gaps */
export async function writeTables(
  tracks: Tracks,
  table: GrowingOutput,
  moving: GrowingOutput | undefined,
  dialect: CsvDialect | undefined,
  signal: AbortSignal | undefined,
): Promise<number> {
  const spelled = dialect === undefined ? (bytes: Uint8Array) => bytes : european;
  await table.append(spelled(Buffer.from(csvFormat('long').head)));
  await moving?.append(spelled(Buffer.from(motionHead())));
  const rows = new InTurn(table, spelled, () => new FilteredRows(tracks));
  const motions = moving && new InTurn(moving, spelled, () => new MotionRows(tracks, 2 * BYTES_AT_ONCE));
  let people: readonly number[] = [];
  let filled = 0;
  for (let frame = 0; frame < tracks.frames; frame++) {
    if (frame % BLOCK_FRAMES === 0) {
      signal?.throwIfAborted();
      const block = frame / BLOCK_FRAMES;
      // Motion needs frames of the block before.
      tracks.passed(block - 1);
      people = tracks.peopleIn(block);
    }
    const placed = rows.current.add(frame, people);
    filled += placed.filled;
    motions?.current.add(frame, placed.people);
    if (rows.current.length >= BYTES_AT_ONCE) await rows.write();
    if (motions && motions.current.length >= BYTES_AT_ONCE) await motions.write();
  }
  for (const lines of [rows, motions]) await lines?.end();
  return filled;
}

/** Whole lines with semicolons and decimal commas. */
function european(lines: Uint8Array): Uint8Array {
  return Buffer.from(toEuropean(Buffer.from(lines).toString()));
}

/** Lines that are written while the next ones are made, in two buffers. */
class InTurn<T extends { take(): Uint8Array }> {
  readonly #file: GrowingOutput;
  readonly #spelled: (bytes: Uint8Array) => Uint8Array;
  #current: T;
  #other: T;
  #writing: Promise<void> = Promise.resolve();

  /** @param spelled complete lines to write */
  constructor(file: GrowingOutput, spelled: (bytes: Uint8Array) => Uint8Array, create: () => T) {
    this.#file = file;
    this.#spelled = spelled;
    this.#current = create();
    this.#other = create();
  }

  /** The buffer for new lines. */
  get current(): T {
    return this.#current;
  }

  /** Starts to write the added lines, after the previous ones are written. */
  async write(): Promise<void> {
    await this.#writing;
    [this.#current, this.#other] = [this.#other, this.#current];
    this.#writing = this.#file.append(this.#spelled(this.#other.take()));
    this.#writing.catch(() => {}); // The next caller that waits for it gets the error.
  }

  async end(): Promise<void> {
    await this.write();
    await this.#writing;
  }
}

/** Rows of the tracks' values after filtering. */
class FilteredRows {
  readonly #tracks: Tracks;
  readonly #rows = new LongRows(2 * BYTES_AT_ONCE);
  readonly #numbers = new Float64Array(LANDMARK_COUNT * LANDMARK_NUMBERS);

  constructor(tracks: Tracks) {
    this.#tracks = tracks;
  }

  get length(): number {
    return this.#rows.length;
  }

  take(): Uint8Array {
    return this.#rows.take();
  }

  /**
   * Adds the rows of a frame.
   * @param possible people who may be in it
   * @returns people with a position in it, and how many of them were filled
   */
  add(frame: number, possible: readonly number[]): { readonly people: readonly number[]; readonly filled: number } {
    const people: number[] = [];
    let filled = 0;
    this.#rows.beginFrame(this.#tracks.frameId(frame), this.#tracks.time(frame));
    for (const personId of possible) {
      const original = this.#tracks.original(personId, frame);
      if (!numbersOf(this.#tracks, personId, frame, original, this.#numbers)) continue;
      const status = original?.status || 'filled';
      if (status === 'filled') filled++;
      const { strategy = 'filled', score = 0 } = original ?? {};
      this.#rows.addPerson({ personId, status, strategy, score }, this.#numbers);
      people.push(personId);
    }
    if (people.length === 0) this.#rows.addNobody();
    return { people, filled };
  }
}

/** The values of a landmark without a position in the picture, or in space. */
const NONE = Number.NaN;

/** @returns false if no landmark has a position in the picture */
function numbersOf(
  tracks: Tracks,
  person: number,
  frame: number,
  original: OriginalPerson | undefined,
  into: Float64Array,
): boolean {
  const { width, height } = tracks.display;
  const places = tracks.places(person, frame);
  if (!places) return false;
  const { values } = places;
  let isSomewhere = false;
  for (let id = 0; id < LANDMARK_COUNT; id++) {
    const from = places.at + id * LANDMARK_VALUES;
    const [x, y] = [values[from]!, values[from + BLOCK_FRAMES]!];
    const isPlaced = Number.isFinite(x) && Number.isFinite(y);
    isSomewhere ||= isPlaced;
    const to = id * LANDMARK_NUMBERS;
    into.fill(NONE, to, to + LANDMARK_NUMBERS);
    putInSpace(values, from, into, to);
    if (!isPlaced) continue;
    into[to] = x;
    into[to + 1] = y;
    into[to + 2] = known(values[from + 2 * BLOCK_FRAMES]!);
    into[to + 3] = original?.visibility(id) ?? 0;
    into[to + 4] = x * width;
    into[to + 5] = y * height;
    into[to + 9] = known(values[from + 6 * BLOCK_FRAMES]!);
  }
  return isSomewhere;
}

function putInSpace(values: Float32Array, from: number, into: Float64Array, to: number): void {
  const [x, y] = [values[from + 3 * BLOCK_FRAMES]!, values[from + 4 * BLOCK_FRAMES]!];
  if (!Number.isFinite(x) || !Number.isFinite(y)) return;
  into[to + 6] = x;
  into[to + 7] = y;
  into[to + 8] = known(values[from + 5 * BLOCK_FRAMES]!);
}

const known = (value: number) => (Number.isFinite(value) ? value : NONE);
