import { LONGEST_NUMBER, putFixed } from './fixed-bytes.js';

export const [COMMA, NEWLINE] = [0x2c, 0x0a] as const;

/** Rows of a CSV file that grow as bytes, in memory that is used again. */
export class RowBytes {
  #bytes: Uint8Array;
  #length = 0;

  /** @param size bytes there is room for at first */
  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
  }

  get length(): number {
    return this.#length;
  }

  /** All since it was last asked for. Valid until something is added. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }

  /** Makes room for what is added next: so many bytes, and so many numbers with what parts them. */
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
    // It is short: to call `set` would take longer.
    for (let i = 0; i < length; i++) into[at + i] = part[i]!;
    this.#length = at + length;
  }

  /** A number, nothing for one that is not finite, and a comma or a line end behind it. @param decimals 0 to 6 */
  addNumber(value: number, decimals: number, behind: typeof COMMA | typeof NEWLINE): void {
    if (Number.isFinite(value)) this.#length = putFixed(this.#bytes, this.#length, value, decimals);
    this.#bytes[this.#length++] = behind;
  }
}
