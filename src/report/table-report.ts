import { dirname, join } from 'node:path';
import { BodyscriptError } from '../errors.js';
import { checkTable } from '../formats/check-table.js';
import { filterNotePath, readFilterNote } from '../formats/filter-note.js';
import { readRunRecord } from '../formats/read-run-record.js';
import { INDEX, type ReportEvents, type ReportWriting } from './folder-report.js';
import { checkFiltered, checkTableOf } from './own-table.js';
import { RECORD_SUFFIX } from './read-record.js';
import { checkRegular } from './regular-file.js';
import { writeVideoReport } from './video-report.js';

const FILTERED = /\.filtered\.csv$/;

/**
 * Writes the page of one table, filtered or original, beside it.
 * @throws BodyscriptError `INPUT_MISSING` without a run record, `RECORD_INVALID`, `TABLE_INVALID` if the table
 * belongs to another run; errors of the page
 */
export async function writeTableReport(
  table: string,
  events: ReportEvents,
  writing: ReportWriting = {},
): Promise<string> {
  await checkTable(table);
  const isFiltered = FILTERED.test(table);
  const name = table.replace(/\.(csv|ndjson)$/, '');
  const stem = isFiltered ? table.replace(FILTERED, '') : name;
  const record = await recordOf(stem, table);
  const notePath = isFiltered ? filterNotePath(table) : undefined;
  const filter = notePath === undefined ? undefined : await readFilterNote(notePath);
  if (!writing.anyTable) {
    if (isFiltered) await checkFiltered(record, table, filter);
    else await checkTableOf(record, table, writing.signal);
  }
  const page = `${name}.report.html`;
  const { onWarning } = events;
  const { anyTable = false } = writing;
  const root = dirname(table);
  const index = await indexIn(root);
  await writeVideoReport(stem, record, table, { root, page, index, filter, isFiltered, anyTable, onWarning, writing });
  events.onPage(page);
  return page;
}

/** The index that an earlier report of the whole folder wrote. */
function indexIn(folder: string): Promise<string | undefined> {
  const index = join(folder, INDEX);
  return checkRegular(folder, index).then(
    () => index,
    () => undefined,
  );
}

async function recordOf(stem: string, table: string) {
  try {
    return await readRunRecord(`${stem}${RECORD_SUFFIX}`);
  } catch (error) {
    if (!(error instanceof BodyscriptError) || error.code !== 'INPUT_MISSING') throw error;
    throw new BodyscriptError('INPUT_MISSING', `${table}: no run record ${stem}${RECORD_SUFFIX} beside it`, {
      cause: error,
      remedy: 'Put the table beside the record of its run.',
    });
  }
}
