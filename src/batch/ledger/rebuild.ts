import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { AnalyzeOptions } from '../../analyze/options.js';
import { optionsHash } from '../../analyze/options-hash.js';
import { FAILURE_SUFFIX, type Failure, readFailure } from '../../formats/failure-file.js';
import { readRunRecord } from '../../formats/read-run-record.js';
import { recordedVideos } from '../../formats/recorded-video.js';
import type { RunRecord } from '../../model/run-record.js';
import { absolutePath } from '../../storage/address.js';
import { systemPath } from '../../system/byte-names.js';
import { containedPath, isInside } from '../../system/contained-path.js';
import { failurePath } from '../failure-file.js';
import { describeOutput, ownFiles } from '../worker/run-task.js';
import type { Database } from './database.js';
import { checkNewRow, type JobOutput } from './job.js';

const RECORD_SUFFIX = '.run.json';

/** The result of a rebuild. */
export interface Rebuilt {
  readonly done: number;
  readonly failed: number;
  /** Entries already in the ledger, which are unchanged. */
  readonly known: number;
  /** Skipped records, each with the reason. */
  readonly passedOver: readonly string[];
}

/**
 * Creates ledger entries from the run records and failures below a results folder: for runs without a ledger, or for a
 * lost ledger. Outputs are read, so that their hashes are current.
 */
export async function rebuildLedger(db: Database, outDir: string): Promise<Rebuilt> {
  const passedOver: string[] = [];
  const { records, failures } = await findFiles(outDir, passedOver);
  const done = await addAll(records, passedOver, name => addRecord(db, outDir, name));
  const failed = await addAll(failures, passedOver, name => addFailure(db, outDir, name));
  const known = records.length + failures.length - done.refused - failed.refused - done.added - failed.added;
  return { done: done.added, failed: failed.added, known, passedOver };
}

/** @param add returns whether the ledger has changed, or why nothing can be added */
async function addAll(
  names: readonly string[],
  passedOver: string[],
  add: (name: string) => Promise<boolean | string>,
): Promise<{ readonly added: number; readonly refused: number }> {
  let [added, refused] = [0, 0];
  for (const name of names) {
    const result = await add(name).catch((error: unknown) => {
      if (error instanceof RangeError) return `${name}: ${error.message}`;
      return error instanceof Error ? error.message : String(error);
    });
    if (result === true) added++;
    if (typeof result !== 'string') continue;
    refused++;
    passedOver.push(result);
  }
  return { added, refused };
}

async function addRecord(db: Database, outDir: string, name: string): Promise<boolean | string> {
  // Hashing the outputs of what is known already would take hours.
  if (isDone(db, name)) return false;
  const entry = await entryOf(outDir, name);
  return typeof entry === 'string' ? `${name}${RECORD_SUFFIX}: ${entry}` : insertDone(db, name, entry);
}

async function addFailure(db: Database, outDir: string, name: string): Promise<boolean | string> {
  const failure = await readFailure(failurePath(outDir, name));
  return failure ? insertFailed(db, name, failure) : `${name}${FAILURE_SUFFIX}: not a failure that bodyscript wrote`;
}

const isDone = (db: Database, name: string) =>
  db.get("SELECT 1 AS found FROM jobs WHERE name = ? AND state = 'done'", name) !== undefined;

interface DoneEntry {
  readonly record: RunRecord;
  readonly outputs: readonly JobOutput[];
  /** Its path. */
  readonly video: string;
  /** Milliseconds since 1970; null if the video is absent or has changed since. */
  readonly modified: number | null;
}

/** @returns a sentence if the record does not belong to a finished run */
async function entryOf(outDir: string, name: string): Promise<DoneEntry | string> {
  const path = join(outDir, `${name}${RECORD_SUFFIX}`);
  const record = await readRunRecord(path);
  if (record.status !== 'done') return `its run is ${record.status}`;
  if (Number.isNaN(Date.parse(record.startedAt))) return 'does not say when its run began';
  const folder = dirname(join(outDir, name));
  const outputs: JobOutput[] = [];
  for (const output of ownFiles(record.outputs)) {
    const file = containedPath(folder, basename(output));
    if (file === undefined) return 'names an output outside of the folder';
    const problem = await problemOf(file, outDir);
    if (problem !== undefined) return `its output ${basename(output)} ${problem}`;
    outputs.push(await describeOutput(file, outDir));
  }
  return { record, outputs, ...(await videoOf(path, record)) };
}

/** Anyone may have written the record: what it names may be a pipe, or a link that leads elsewhere. */
async function problemOf(file: string, outDir: string): Promise<string | undefined> {
  const stats = await stat(file).catch(() => undefined);
  if (!stats) return 'is missing';
  if (!stats.isFile()) return 'is no regular file';
  return (await isInside(outDir, file)) ? undefined : 'is a link that leads out of the folder';
}

/** The first path at which the video is, unchanged. If it is at none, the path that the record names. */
async function videoOf(recordPath: string, record: RunRecord): Promise<Pick<DoneEntry, 'video' | 'modified'>> {
  const { input, startedAt } = record;
  for (const video of recordedVideos(recordPath, record)) {
    const stats = await stat(systemPath(video)).catch(() => undefined);
    if (!stats?.isFile() || stats.size !== input.bytes || stats.mtimeMs > Date.parse(startedAt)) continue;
    return { video, modified: stats.mtimeMs };
  }
  return { video: absolutePath(input.path), modified: null };
}

function insertDone(db: Database, name: string, { record, outputs, video, modified }: DoneEntry): boolean {
  const { input, tool, frames, seconds, peakMemory } = record;
  const [startedAt, endedAt] = [Date.parse(record.startedAt), Date.parse(record.endedAt ?? record.startedAt)];
  return insert(db, {
    path: video,
    name,
    state: 'done',
    bytes: input.bytes,
    modified,
    sha256: input.sha256,
    options_hash: optionsHash(record.options as AnalyzeOptions),
    tool_version: tool.version,
    attempts: 1,
    queued_at: startedAt,
    started_at: startedAt,
    ended_at: endedAt,
    decoded: frames.decoded,
    detected: frames.detected,
    tracked: frames.tracked,
    missing: frames.missing,
    filled: frames.filled,
    wall_seconds: seconds.wall,
    peak_memory: peakMemory.treeFixed ?? peakMemory.treePss ?? peakMemory.treeRss,
    outputs: JSON.stringify(outputs),
  });
}

function insertFailed(db: Database, name: string, { input, optionsHash, attempts, error, endedAt, tool }: Failure) {
  const ended = Date.parse(endedAt);
  return insert(db, {
    path: absolutePath(input.path),
    name,
    state: 'failed',
    bytes: input.bytes,
    modified: input.modified,
    options_hash: optionsHash,
    tool_version: tool.version,
    attempts,
    queued_at: ended,
    ended_at: ended,
    error_code: error.code,
    error_message: error.message,
    error_remedy: error.remedy,
  });
}

/**
 * Adds an entry; one of the same video that ended earlier, or has not ended, is replaced.
 * @returns whether the ledger has changed
 * @throws RangeError for a value that the ledger does not take
 */
function insert(db: Database, row: Readonly<Record<string, string | number | null>>): boolean {
  checkNewRow(row);
  const columns = Object.keys(row);
  const sql = `INSERT INTO jobs (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
    ON CONFLICT (path) DO UPDATE SET ${columns.map(column => `${column} = excluded.${column}`).join(', ')}, version = version + 1
    WHERE jobs.state NOT IN ('running', 'done') AND excluded.ended_at > coalesce(jobs.ended_at, 0)`;
  return db.run(sql, ...Object.values(row)) === 1;
}

/** Names of outputs that have a record or a failure, with slashes, sorted. */
interface Found {
  readonly records: readonly string[];
  readonly failures: readonly string[];
}

/** Looks through a folder and its subfolders; links and names that begin with a dot are skipped. */
async function findFiles(outDir: string, passedOver: string[]): Promise<Found> {
  const files: string[] = [];
  const folders = [''];
  for (let below = folders.pop(); below !== undefined; below = folders.pop()) {
    const entries = await readdir(join(outDir, below), { withFileTypes: true }).catch((error: Error) => {
      passedOver.push(`${join(outDir, below)}: cannot be read (${error.message})`);
      return [];
    });
    for (const entry of entries.filter(({ name }) => !name.startsWith('.'))) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) folders.push(name);
      else if (entry.isFile()) files.push(name);
    }
  }
  const named = (suffix: string) =>
    files
      .filter(name => name.endsWith(suffix))
      .map(name => name.slice(0, -suffix.length))
      .sort();
  return { records: named(RECORD_SUFFIX), failures: named(FAILURE_SUFFIX) };
}
