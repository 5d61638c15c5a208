import { stringify } from 'csv-stringify/sync';
import { LANDMARK_COUNT, LANDMARK_NAMES } from '../model/blazepose.js';
import { DECIMALS, fixed } from './csv-writer.js';
import { COMMA, NEWLINE, RowBytes } from './row-bytes.js';

const { fraction, score, pixels, metres } = DECIMALS;
/** Decimals of a landmark's numbers: x, y, z, visibility, x_px, y_px, world_x, world_y, world_z, confidence. */
const NUMBER_DECIMALS = [fraction, fraction, fraction, score, pixels, pixels, metres, metres, metres, score] as const;
/** Numbers of a landmark, in the order of `NUMBER_DECIMALS`. */
export const LANDMARK_NUMBERS = NUMBER_DECIMALS.length;
/** The last one follows status, strategy and score. */
const CONFIDENCE = LANDMARK_NUMBERS - 1;

/** The cells of a landmark's id and name, each followed by a comma. */
export const NAME_CELLS: readonly Uint8Array[] = LANDMARK_NAMES.map((name, id) => Buffer.from(`${id},${name},`));
export const LONGEST_NAME = Math.max(...NAME_CELLS.map(({ length }) => length));

/** A person's fields in a row, in addition to the landmark. */
export interface RowPerson {
  readonly personId: number;
  readonly status: string;
  readonly strategy: string;
  /** 0-1. */
  readonly score: number;
}

/** The cells of a frame's number and time, each followed by a comma. @param timestamp in seconds */
export function frameCells(frameId: number, timestamp: number): Buffer {
  return Buffer.from(`${frameId},${fixed(timestamp, DECIMALS.timestamp)},`);
}

/** Rows of the long table from numbers alone, as bytes: the same as `csvFormat('long')` writes from objects. */
export class LongRows {
  readonly #rows: RowBytes;
  #frame: Uint8Array = new Uint8Array();
  /** Status and strategy of the last person, as written in a row. */
  #judgement = { status: '', strategy: '', cells: Buffer.from(',,') };

  /** @param size initial capacity in bytes */
  constructor(size: number) {
    this.#rows = new RowBytes(size);
  }

  get length(): number {
    return this.#rows.length;
  }

  /** All rows since the last call. Valid until the next row. */
  take(): Uint8Array {
    return this.#rows.take();
  }

  /** @param timestamp in seconds */
  beginFrame(frameId: number, timestamp: number): void {
    this.#frame = frameCells(frameId, timestamp);
  }

  /**
   * The 33 rows of a person.
   * @param numbers `LANDMARK_NUMBERS` of each landmark; NaN if absent: an empty cell
   */
  addPerson(person: RowPerson, numbers: Float64Array): void {
    const start = Buffer.concat([this.#frame, Buffer.from(`${person.personId},`)]);
    const end = this.#endOf(person);
    const perRow = start.length + LONGEST_NAME + end.length;
    this.#rows.reserve(LANDMARK_COUNT * perRow, LANDMARK_COUNT * LANDMARK_NUMBERS);
    for (const [id, name] of NAME_CELLS.entries()) {
      this.#rows.add(start);
      this.#rows.add(name);
      this.#addNumbers(id * LANDMARK_NUMBERS, end, numbers);
    }
  }

  /** The 33 rows of a frame without people. */
  addNobody(): void {
    const rest = Buffer.from(`${','.repeat(CONFIDENCE)}missing,,,\n`);
    const start = Buffer.concat([this.#frame, Buffer.from(',')]);
    this.#rows.reserve(LANDMARK_COUNT * (start.length + LONGEST_NAME + rest.length), 0);
    for (const name of NAME_CELLS) for (const part of [start, name, rest]) this.#rows.add(part);
  }

  #addNumbers(from: number, end: Uint8Array, numbers: Float64Array): void {
    for (let i = 0; i < CONFIDENCE; i++) this.#rows.addNumber(numbers[from + i]!, NUMBER_DECIMALS[i]!, COMMA);
    this.#rows.add(end);
    this.#rows.addNumber(numbers[from + CONFIDENCE]!, NUMBER_DECIMALS[CONFIDENCE]!, NEWLINE);
  }

  /** Status, strategy and score, each followed by a comma. */
  #endOf({ status, strategy, score: value }: RowPerson): Buffer {
    if (status !== this.#judgement.status || strategy !== this.#judgement.strategy) {
      const cells = Buffer.from(`${stringify([[status, strategy]]).slice(0, -1)},`);
      this.#judgement = { status, strategy, cells };
    }
    return Buffer.concat([this.#judgement.cells, Buffer.from(`${fixed(value, score)},`)]);
  }
}
