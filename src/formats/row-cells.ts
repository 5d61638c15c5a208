import { idOf, numberOf } from './table-cells.js';

/** The cells of one row of a table, by their columns; a column below 0 is not there, and its cells are empty. */
export interface RowCells {
  isEmpty(column: number): boolean;
  text(column: number): string;
  /** Undefined where it is empty or no finite number. */
  number(column: number): number | undefined;
  /** Undefined where it is no id of a frame, a person or a landmark. */
  id(column: number): number | undefined;
}

/** Rows one after another. The cells are those of the row that `next` went to last. */
export interface RowBatch extends RowCells {
  /** 1-based line of the first row. */
  readonly firstLine: number;
  /** @returns false behind the last row */
  next(): boolean;
}

/** Rows of texts, as the CSV parser gives them. */
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
