import type { LineFormat } from './line-format.js';

/** `excel-eu`: semicolons and decimal commas, the CSV of spreadsheets in most of Europe. */
export const CSV_DIALECTS = ['plain', 'excel-eu'] as const;
/** Undefined: plain, with commas and decimal points. */
export type CsvDialect = Exclude<(typeof CSV_DIALECTS)[number], 'plain'>;

/** A quoted cell, a comma between cells, or a whole cell that is a number with decimals. */
const PLAIN_PARTS = /"(?:[^"]|"")*"|,|(?<![^,\n])-?\d+\.\d+(?![^,\n])/g;
/** A whole cell that is a number with a decimal comma. */
const DECIMAL_COMMA = /^\s*[+-]?\d*,\d+(?:[eE][+-]?\d+)?\s*$/;

/** A plain CSV format in another dialect. */
export function inDialect(format: LineFormat, dialect: CsvDialect | undefined): LineFormat {
  if (dialect === undefined) return format;
  return {
    head: toEuropean(format.head),
    lines: frame => toEuropean(format.lines(frame)),
    get turns() {
      return format.turns;
    },
  };
}

/** Plain CSV with semicolons and decimal commas; texts are unchanged. */
export function toEuropean(csv: string): string {
  return csv.replace(PLAIN_PARTS, part => {
    if (part === ',') return ';';
    return part.startsWith('"') ? part : part.replace('.', ',');
  });
}

/**
 * The rows of a table without commas between its cells: a comma in a number is a decimal comma, and becomes a point.
 */
export function withDecimalPoints(rows: readonly string[][]): void {
  for (const row of rows) {
    for (const [at, cell] of row.entries()) {
      if (cell.includes(',') && DECIMAL_COMMA.test(cell)) row[at] = cell.replace(',', '.');
    }
  }
}
