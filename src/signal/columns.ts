/** Rows stored together: most people of a crowd are seen only briefly. */
const BLOCK_ROWS = 64;

/**
 * Rows of numbers that grow, as 32-bit floats; NaN if absent. They are stored in blocks, which need not be copied to
 * grow; a block without rows takes no memory.
 */
export class Columns {
  readonly #width: number;
  readonly #blocks: (Float32Array | undefined)[] = [];

  constructor(width: number) {
    this.#width = width;
  }

  set(row: number, values: readonly (number | undefined)[]): void {
    const block = Math.floor(row / BLOCK_ROWS);
    this.#blocks[block] ??= new Float32Array(BLOCK_ROWS * this.#width).fill(Number.NaN);
    const from = (row % BLOCK_ROWS) * this.#width;
    for (let i = 0; i < this.#width; i++) this.#blocks[block][from + i] = values[i] ?? Number.NaN;
  }

  /** Some rows of a column. @param to after the last row; NaN where no value was set */
  read(column: number, to: number, from = 0): Float32Array {
    const values = new Float32Array(Math.max(0, to - from));
    for (let i = 0; i < values.length; i++) {
      const row = from + i;
      const block = this.#blocks[Math.floor(row / BLOCK_ROWS)];
      values[i] = block ? block[(row % BLOCK_ROWS) * this.#width + column]! : Number.NaN;
    }
    return values;
  }
}
