const FIRST_CAPACITY = 1024;

/** Rows of numbers that grow, as 32-bit floats; NaN where there is none. */
export class Columns {
  readonly #width: number;
  #values: Float32Array;

  /** @param rows for which there is room at once */
  constructor(width: number, rows = FIRST_CAPACITY) {
    this.#width = width;
    this.#values = new Float32Array(rows * width).fill(Number.NaN);
  }

  set(row: number, values: readonly (number | undefined)[]): void {
    this.#reserve(row + 1);
    for (let i = 0; i < this.#width; i++) this.#values[row * this.#width + i] = values[i] ?? Number.NaN;
  }

  /** @param from the first row that is wanted @param rows of which the last wanted one is the last */
  read(column: number, rows: number, from = 0): number[] {
    this.#reserve(rows);
    return Array.from({ length: rows - from }, (_, row) => this.#values[(from + row) * this.#width + column]!);
  }

  #reserve(rows: number): void {
    if (rows * this.#width <= this.#values.length) return;
    const larger = new Float32Array(Math.max(rows * this.#width, this.#values.length * 2));
    larger.set(this.#values);
    larger.fill(Number.NaN, this.#values.length);
    this.#values = larger;
  }
}
