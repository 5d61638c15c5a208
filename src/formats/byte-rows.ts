import type { RowBatch } from './row-cells.js';
import { idOf, isId, numberOf } from './table-cells.js';

const [NEWLINE, RETURN, QUOTE, MINUS, ZERO] = [0x0a, 0x0d, 0x22, 0x2d, 0x30];
/** The decimal point, relative to the digit 0. */
const POINT = 0x2e - 0x30;
/** The role of a byte in a row; 0: part of a cell. A quote ends plain rows. */
const DELIMITER = 1;
const ENDING = 2;

/** Longer lines are left to the text parser, which rejects those that are too long. */
const LONGEST_PLAIN_LINE = 64 * 1024;
/**
 * Whole numbers with this many digits are exact doubles, and so are these powers of ten: their quotient is rounded
 * once.
 */
const MOST_DIGITS = 15;
const POWERS = Float64Array.from({ length: MOST_DIGITS + 1 }, (_, power) => 10 ** power);
/** Texts up to this length are cached, since rows repeat them. */
const LONGEST_KEPT = 64;

/** The last text of a column. */
interface KeptText {
  readonly bytes: Uint8Array;
  length: number;
  text: string;
}

/**
 * Rows straight from the bytes of a CSV file: several times as fast as through texts, and without garbage. Only for
 * rows without quotes, with exactly the header's number of cells and its line ends: from the first other row on, it
 * leaves the rest to the text parser.
 */
export class ByteRows implements RowBatch {
  readonly #width: number;
  readonly #hasReturns: boolean;
  readonly #kinds = new Uint8Array(256);
  /** Start of each cell, and the position after the end of the last one. */
  readonly #starts: Int32Array;
  readonly #kept: (KeptText | undefined)[] = [];
  #bytes = Buffer.alloc(0);
  #length = 0;
  /** Start of the next row. */
  #at = 0;
  /** Number of rows so far. */
  #rows = 0;
  readonly #headerLines: number;
  firstLine: number;
  /** Whether the next row is not plain. */
  isUnusual = false;

  /** @param width cells of a row, at least 2 @param hasReturns whether lines end with CR LF @param headerLines above */
  constructor(width: number, delimiter: string, hasReturns: boolean, headerLines: number) {
    this.#width = width;
    this.#hasReturns = hasReturns;
    this.#headerLines = headerLines;
    this.firstLine = headerLines + 1;
    this.#starts = new Int32Array(width + 1);
    this.#kinds[delimiter.charCodeAt(0)] = DELIMITER;
    for (const byte of [NEWLINE, RETURN, QUOTE]) this.#kinds[byte] = ENDING;
  }

  /** Whether a table's rows can be read this way. @param rowEnd the line end of its header */
  static canRead(width: number, delimiter: string, rowEnd: string): boolean {
    return width >= 2 && delimiter.length === 1 && (rowEnd === '\n' || rowEnd === '\r\n');
  }

  /** Continues with further bytes, which are copied. Read all earlier rows first. */
  feed(piece: Uint8Array): void {
    const rest = this.#length - this.#at;
    const length = rest + piece.length;
    const into = length > this.#bytes.length ? Buffer.allocUnsafeSlow(length + LONGEST_PLAIN_LINE) : this.#bytes;
    this.#bytes.copy(into, 0, this.#at, this.#length);
    into.set(piece, rest);
    this.#bytes = into;
    this.#length = length;
    this.#at = 0;
    this.firstLine = this.line;
  }

  /** 1-based line of the next row. */
  get line(): number {
    return this.#headerLines + 1 + this.#rows;
  }

  /** The unread bytes. Valid until `feed`. */
  get rest(): Buffer {
    return this.#bytes.subarray(this.#at, this.#length);
  }

  next(): boolean {
    if (this.isUnusual) return false;
    const [bytes, length, kinds, starts] = [this.#bytes, this.#length, this.#kinds, this.#starts];
    let column = 0;
    starts[0] = this.#at;
    for (let at = this.#at; at < length; at++) {
      const kind = kinds[bytes[at]!];
      if (kind === 0) continue;
      if (kind !== DELIMITER) return this.#end(column + 1, at);
      if (++column < this.#width) starts[column] = at + 1;
    }
    return length - this.#at > LONGEST_PLAIN_LINE && this.#leave();
  }

  /** Ends a row of this many cells here, unless this is not a line end. */
  #end(cells: number, at: number): boolean {
    const returns = this.#bytes[at] === RETURN ? 1 : 0;
    const newline = at + returns;
    if (newline === this.#length) return false;
    const isLineEnd = this.#bytes[newline] === NEWLINE && (returns === 1) === this.#hasReturns;
    if (!isLineEnd || cells !== this.#width) return this.#leave();
    this.#starts[this.#width] = at + 1;
    this.#at = newline + 1;
    this.#rows++;
    return true;
  }

  #leave(): false {
    this.isUnusual = true;
    return false;
  }

  isEmpty(column: number): boolean {
    return column < 0 || this.#starts[column] === this.#starts[column + 1]! - 1;
  }

  text(column: number): string {
    if (this.isEmpty(column)) return '';
    const [start, end] = [this.#starts[column]!, this.#starts[column + 1]! - 1];
    const kept = this.#kept[column];
    if (kept && kept.length === end - start && this.#isSame(kept.bytes, start, end)) return kept.text;
    const text = this.#bytes.toString('utf8', start, end);
    if (end - start <= LONGEST_KEPT) this.#keep(column, text, start, end);
    return text;
  }

  number(column: number): number | undefined {
    if (this.isEmpty(column)) return undefined;
    const value = this.#plainNumber(this.#starts[column]!, this.#starts[column + 1]! - 1);
    return Number.isNaN(value) ? numberOf(this.text(column)) : value;
  }

  id(column: number): number | undefined {
    if (this.isEmpty(column)) return undefined;
    const value = this.#plainNumber(this.#starts[column]!, this.#starts[column + 1]! - 1);
    return isId(value) && !Object.is(value, -0) ? value : idOf(this.text(column));
  }

  /** A number of digits, with or without a point and a minus; NaN for anything else. */
  #plainNumber(start: number, end: number): number {
    const bytes = this.#bytes;
    const isNegative = bytes[start] === MINUS;
    let at = isNegative ? start + 1 : start;
    let digits = 0;
    let decimals = 0;
    let hasPoint = false;
    let whole = 0;
    for (; at < end; at++) {
      const digit = bytes[at]! - ZERO;
      if (digit >= 0 && digit <= 9) {
        whole = whole * 10 + digit;
        digits++;
        if (hasPoint) decimals++;
      } else if (digit === POINT && !hasPoint) hasPoint = true;
      else return Number.NaN;
    }
    if (digits === 0 || digits > MOST_DIGITS) return Number.NaN;
    const value = whole / POWERS[decimals]!;
    return isNegative ? -value : value;
  }

  #isSame(kept: Uint8Array, start: number, end: number): boolean {
    const bytes = this.#bytes;
    for (let at = start; at < end; at++) if (bytes[at] !== kept[at - start]) return false;
    return true;
  }

  #keep(column: number, text: string, start: number, end: number): void {
    const kept = this.#kept[column] ?? { bytes: new Uint8Array(LONGEST_KEPT), length: 0, text: '' };
    kept.bytes.set(this.#bytes.subarray(start, end));
    kept.length = end - start;
    kept.text = text;
    this.#kept[column] = kept;
  }
}
