import { join } from 'node:path';
import { BodyscriptError, shortMessage } from '../errors.js';
import type { RunRecord } from '../model/run-record.js';
import type { Writing } from '../system/claim-outputs.js';
import { writeFolderPage } from './folder-page.js';
import { type FolderRow, rowOf } from './folder-row.js';
import { checkTableOf } from './own-table.js';
import { RECORD_SUFFIX, readRecord, recordsBelow } from './read-record.js';
import { checkRegular, Unusable } from './regular-file.js';
import { writeVideoReport } from './video-report.js';

/** What is told while reports are written. */
export interface ReportEvents {
  /** A page is there. */
  onPage(path: string): void;
  /** A record, a table or a picture cannot be used; the others go on. */
  onWarning(message: string): void;
}

export interface ReportWriting extends Writing {
  /** Whether a table may be another one than its run wrote, or a changed one. */
  readonly anyTable?: boolean;
}

/**
 * Writes a report for each finished run below a folder, and, for several, one of all. A record or a table that cannot
 * be used is passed over with a warning.
 * @returns the pages, that of all first
 * @throws BodyscriptError `INPUT_MISSING` where there is no finished run with a table; `OUTPUT_NOT_WRITABLE`,
 * `OUTPUT_DISK_FULL`
 */
export async function writeReports(
  folder: string,
  events: ReportEvents,
  writing: ReportWriting = {},
): Promise<string[]> {
  const rows: FolderRow[] = [];
  const pages: string[] = [];
  for await (const name of recordsBelow(folder, events.onWarning)) {
    writing.signal?.throwIfAborted();
    const stem = join(folder, name);
    try {
      const record = await readRecord(folder, `${stem}${RECORD_SUFFIX}`);
      if (!isFinished(record)) continue;
      const { path, row } = await reportOne(folder, name, record, events.onWarning, writing);
      events.onPage(path);
      pages.push(path);
      rows.push(row);
    } catch (error) {
      const record = `${stem}${RECORD_SUFFIX}`;
      events.onWarning(`${record}: skipped; ${reasonOf(error, record)}`);
    }
  }
  if (rows.length === 0) {
    throw new BodyscriptError('INPUT_MISSING', `${folder}: contains no finished run with a table`, {
      remedy: `Create one with: bodyscript analyze CLIPS -o ${folder}`,
    });
  }
  if (rows.length === 1) return pages;
  const all = join(folder, 'report.html');
  await writeFolderPage(all, folder, rows, events.onWarning, writing);
  events.onPage(all);
  return [all, ...pages];
}

function isFinished({ status, outputs }: RunRecord): boolean {
  return status === 'done' && outputs.some(output => output.endsWith('.csv'));
}

async function reportOne(
  folder: string,
  name: string,
  record: RunRecord,
  onWarning: (message: string) => void,
  writing: ReportWriting,
): Promise<{ path: string; row: FolderRow }> {
  const stem = join(folder, name);
  const csv = `${stem}.csv`;
  await checkRegular(folder, csv).catch((error: Unusable) => {
    throw new Unusable(`its table ${csv} ${error.message}`);
  });
  if (!writing.anyTable) await checkTableOf(record, csv, writing.signal);
  const report = await writeVideoReport(stem, record, csv, {
    root: folder,
    index: join(folder, 'report.html'),
    onWarning,
    writing,
  });
  return { path: report.path, row: rowOf(name, report) };
}

/**
 * Why a run cannot be shown. What keeps every page from being written is no reason to go on.
 * @param path of its record, which stands before the reason already
 */
function reasonOf(error: unknown, path: string): string {
  if (error instanceof BodyscriptError) {
    if (!/^(TABLE|INPUT|RECORD)_/.test(error.code)) throw error;
    return error.message.replace(`${path}: `, '');
  }
  if (error instanceof Unusable) return error.message;
  return `not the record of a finished run (${shortMessage(error)})`;
}
