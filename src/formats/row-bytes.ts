import { LONGEST_NUMBER, putFixed } from './fixed-bytes.js';

export const [COMMA, NEWLINE] = [0x2c, 0x0a] as const;

/** Rows of a CSV file that grow as bytes, in reused memory. */
export class RowBytes {
  #bytes: Uint8Array;
  #length = 0;

  /** @param size initial capacity in bytes */
  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
  }

  get length(): number {
    return this.#length;
  }

  /** Everything since the last call. Valid until more is added. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }

  /** Makes room for the next additions: a number of bytes, and of numbers with their separators. */
  reserve(bytes: number, numbers: number): void {
    const length = this.#length + bytes + numbers * (LONGEST_NUMBER + 1);
    if (length <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * length);
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }

  add(part: Uint8Array): void {
    const { length } = part;
    const into = this.#bytes;
    const at = this.#length;
    // It is short: calling `set` would take longer.
    for (let i = 0; i < length; i++) into[at + i] = part[i]!;
    this.#length = at + length;
  }

  /** A number, nothing if it is not finite, followed by a comma or a line end. @param decimals 0 to 6 */
  addNumber(value: number, decimals: number, behind: typeof COMMA | typeof NEWLINE): void {
    if (Number.isFinite(value)) this.#length = putFixed(this.#bytes, this.#length, value, decimals);
    this.#bytes[this.#length++] = behind;
  }
}
