import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BodyscriptError, shortMessage } from '../errors.js';
import type { RunRecord } from '../model/run-record.js';
import type { Writing } from '../system/claim-outputs.js';
import { writeFolderPage } from './folder-page.js';
import { leftoversOf, type Problem, problemOf } from './folder-problems.js';
import { type FolderRow, rowOf } from './folder-row.js';
import { checkTableOf } from './own-table.js';
import { RECORD_SUFFIX, readRecord, recordsBelow } from './read-record.js';
import { checkRegular, Unusable } from './regular-file.js';
import { writeVideoReport } from './video-report.js';

/** Events while reports are written. */
export interface ReportEvents {
  /** A page was written. */
  onPage(path: string): void;
  /** Reports an unusable record, table or picture; the others still get their pages. */
  onWarning(message: string): void;
}

export interface ReportWriting extends Writing {
  /** Whether a table may differ from the one that its run wrote. */
  readonly anyTable?: boolean;
}

/** The index of a folder; the pages of its videos are beside it. */
export const INDEX = 'report.html';
/** Files that mark an empty results folder. */
const OWN_FILES = ['.bodyscript', INDEX];

/** All that a folder holds. */
interface Found {
  readonly rows: FolderRow[];
  readonly pages: string[];
  readonly problems: Problem[];
  /** When the run of each row ended, by name; milliseconds since 1970. */
  readonly doneAt: Map<string, number>;
}

/**
 * Writes a report for each finished run below a folder, and an index of all videos, with those that failed. A record or
 * a table that cannot be used is skipped with a warning. @returns the pages, the index first @throws BodyscriptError
 * `INPUT_MISSING` if the folder cannot be read, or contains only other files; `OUTPUT_NOT_WRITABLE`, `OUTPUT_DISK_FULL`
 */
export async function writeReports(
  folder: string,
  events: ReportEvents,
  writing: ReportWriting = {},
): Promise<string[]> {
  const found = await reportEach(folder, events, writing);
  const leftovers = await leftoversOf(folder, found.doneAt, events.onWarning);
  const problems = [...new Map([...found.problems, ...leftovers.problems].map(one => [one.name, one])).values()];
  const isEmpty = found.rows.length + problems.length === 0;
  if (isEmpty && !leftovers.hasBatch && !(await isForResults(folder))) throw nothingIn(folder);
  if (isEmpty) events.onWarning(`${folder}: no results yet`);
  const index = join(folder, INDEX);
  const { onWarning } = events;
  await writeFolderPage(index, folder, { ...leftovers, rows: found.rows, problems }, { onWarning, writing });
  events.onPage(index);
  return [index, ...found.pages];
}

async function reportEach(folder: string, events: ReportEvents, writing: ReportWriting): Promise<Found> {
  const found: Found = { rows: [], pages: [], problems: [], doneAt: new Map() };
  for await (const name of recordsBelow(folder, events.onWarning)) {
    writing.signal?.throwIfAborted();
    const stem = join(folder, name);
    try {
      const record = await readRecord(folder, `${stem}${RECORD_SUFFIX}`);
      const problem = problemOf(name, record);
      if (problem) {
        found.problems.push(problem);
        continue;
      }
      const { path, row } = await reportOne(folder, name, record, events.onWarning, writing);
      events.onPage(path);
      found.pages.push(path);
      found.rows.push(row);
      found.doneAt.set(name, Date.parse(record.endedAt ?? record.startedAt));
    } catch (error) {
      const path = `${stem}${RECORD_SUFFIX}`;
      const message = reasonOf(error, path);
      events.onWarning(`${path}: skipped; ${message}`);
      const { remedy } = error as { remedy?: string };
      found.problems.push({ name, state: 'not shown', message, remedy: remedy ?? null });
    }
  }
  return found;
}

/** Whether to write an empty index: for an empty folder, or one of results. */
async function isForResults(folder: string): Promise<boolean> {
  return OWN_FILES.some(name => existsSync(join(folder, name))) || (await readdir(folder)).length === 0;
}

function nothingIn(folder: string): BodyscriptError {
  return new BodyscriptError('INPUT_MISSING', `${folder}: contains no finished run with a table`, {
    remedy: `Create one with: bodyscript analyze CLIPS -o ${folder}`,
  });
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
    index: join(folder, INDEX),
    anyTable: writing.anyTable ?? false,
    onWarning,
    writing,
  });
  const hasOverlay = await checkRegular(folder, `${stem}.overlay.mp4`).then(
    () => true,
    () => false,
  );
  return { path: report.path, row: rowOf(name, report, hasOverlay) };
}

/** The reason why a run cannot be shown. Errors that prevent all pages end the command. */
function reasonOf(error: unknown, path: string): string {
  if (error instanceof BodyscriptError) {
    if (!/^(TABLE|INPUT|RECORD)_/.test(error.code)) throw error;
    return error.message.replace(`${path}: `, '');
  }
  if (error instanceof Unusable) return error.message;
  return `not the record of a finished run (${shortMessage(error)})`;
}
