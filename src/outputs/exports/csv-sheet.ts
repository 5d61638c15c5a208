import { BodyscriptError } from '../../errors.js';
import { openCsv } from '../../formats/read-rows.js';
import { MOST_XLSX_ROWS, SHEET_END, sheetRow, sheetStart, type XlsxCell } from '../../formats/xlsx.js';

/** A whole cell that is a number in our tables' notation. */
const NUMBER = /^-?\d+(?:\.\d+)?$/;

/**
 * A CSV file as a sheet, in constant memory: numbers as numbers, the rest as text. Rows beyond Excel's limit are
 * dropped.
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`
 */
export async function* csvSheet(path: string): AsyncGenerator<Buffer> {
  try {
    yield* rowsOf(path);
  } catch (cause) {
    if (!(cause instanceof BodyscriptError && cause.code === 'TABLE_INVALID')) throw cause;
    throw new BodyscriptError(cause.code, `${path}: is not a CSV file that fits into a workbook`, {
      cause,
      remedy: 'Create it again, or move it away to export the workbook without it.',
    });
  }
}

async function* rowsOf(path: string): AsyncGenerator<Buffer> {
  await using csv = await openCsv(path);
  const widths = csv.columns.map(name => Math.max(10, name.length + 1));
  yield Buffer.from(sheetStart(widths) + sheetRow(1, csv.columns, true));
  let count = 1;
  for await (const batch of csv.batches()) {
    let lines = '';
    while (batch.next()) {
      if (count >= MOST_XLSX_ROWS) continue;
      lines += sheetRow(
        ++count,
        csv.columns.map((_, column) => typed(batch.text(column))),
      );
    }
    yield Buffer.from(lines);
  }
  yield Buffer.from(SHEET_END);
}

function typed(cell: string): XlsxCell {
  return NUMBER.test(cell) ? Number(cell) : cell;
}
