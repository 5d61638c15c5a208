import type { SpoolFile } from '../system/spool-file.js';

/** Number of rows kept in memory: tables of up to a minute use no disk. */
export const BLOCK_ROWS = 2048;

/** Rows of numbers that grow, as 32-bit floats; NaN if absent. On disk, except the last ones. */
export class ColumnsOnDisk {
  readonly #width: number;
  readonly #spool: SpoolFile;
  /** Values of the last rows, column by column. */
  readonly #block: Float32Array;
  #blockNumber = 0;
  /** Positions of earlier blocks on disk, by number; rows without numbers have none. */
  readonly #places = new Map<number, number>();

  constructor(width: number, spool: SpoolFile) {
    this.#width = width;
    this.#spool = spool;
    this.#block = new Float32Array(width * BLOCK_ROWS).fill(Number.NaN);
  }

  /** Adds a row's numbers; rows must come in order, and some may be absent. @throws BodyscriptError */
  set(row: number, values: ArrayLike<number | undefined>): void {
    const number = Math.floor(row / BLOCK_ROWS);
    if (number !== this.#blockNumber) this.#begin(number);
    const at = row % BLOCK_ROWS;
    for (let i = 0; i < this.#width; i++) this.#block[i * BLOCK_ROWS + at] = values[i] ?? Number.NaN;
  }

  /** The first rows of a column. @throws BodyscriptError */
  read(column: number, rows: number): Float32Array {
    const result = new Float32Array(rows).fill(Number.NaN);
    const part = new Float32Array(BLOCK_ROWS);
    const put = (values: Float32Array, block: number) => {
      const from = block * BLOCK_ROWS;
      if (from < rows) result.set(values.subarray(0, Math.min(BLOCK_ROWS, rows - from)), from);
    };
    for (const [block, at] of this.#places) {
      this.#spool.read(new Uint8Array(part.buffer), at + column * part.byteLength);
      put(part, block);
    }
    put(this.#block.subarray(column * BLOCK_ROWS, (column + 1) * BLOCK_ROWS), this.#blockNumber);
    return result;
  }

  #begin(number: number): void {
    this.#places.set(this.#blockNumber, this.#spool.append(new Uint8Array(this.#block.buffer)));
    this.#block.fill(Number.NaN);
    this.#blockNumber = number;
  }
}
