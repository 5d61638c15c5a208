import { idOf, numberOf } from './table-cells.js';

/** The cells of one row of a table, by their columns; a column below 0 is absent, and its cells are empty. */
export interface RowCells {
  isEmpty(column: number): boolean;
  text(column: number): string;
  /** Undefined if it is empty or not a finite number. */
  number(column: number): number | undefined;
  /** Undefined if it is not an id of a frame, a person or a landmark. */
  id(column: number): number | undefined;
}

/** Rows one after another. The cells are those of the current row, set by `next`. */
export interface RowBatch extends RowCells {
  /** 1-based line of the first row. */
  readonly firstLine: number;
  /** @returns false after the last row */
  next(): boolean;
}

/** Rows of texts from the CSV parser. */
export class TextRows implements RowBatch {
  readonly firstLine: number;
  readonly #rows: readonly (readonly string[])[];
  #row: readonly string[] = [];
  #next = 0;

  constructor(rows: readonly (readonly string[])[], firstLine: number) {
    this.#rows = rows;
    this.firstLine = firstLine;
  }

  next(): boolean {
    const row = this.#rows[this.#next++];
    if (row) this.#row = row;
    return row !== undefined;
  }

  isEmpty(column: number): boolean {
    return this.text(column) === '';
  }

  text(column: number): string {
    return this.#row[column] ?? '';
  }

  number(column: number): number | undefined {
    return numberOf(this.text(column));
  }

  id(column: number): number | undefined {
    return idOf(this.text(column));
  }
}
