import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { AnalyzeOptions } from '../../analyze/options.js';
import { optionsHash } from '../../analyze/options-hash.js';
import { FAILURE_SUFFIX, type Failure, readFailure } from '../../formats/failure-file.js';
import { readRunRecord } from '../../formats/read-run-record.js';
import type { RunRecord } from '../../model/run-record.js';
import { absolutePath } from '../../storage/address.js';
import { systemPath } from '../../system/byte-names.js';
import { containedPath } from '../../system/contained-path.js';
import { describeOutput, ownFiles } from '../worker/run-task.js';
import type { Database } from './database.js';
import type { JobOutput } from './job.js';

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
  let [done, failed, known] = [0, 0, 0];
  const passedOver: string[] = [];
  for (const name of await namesBelow(outDir, RECORD_SUFFIX)) {
    try {
      const entry = await entryOf(outDir, name);
      if (typeof entry === 'string') passedOver.push(`${name}${RECORD_SUFFIX}: ${entry}`);
      else if (insertDone(db, name, entry)) done++;
      else known++;
    } catch (error) {
      passedOver.push(error instanceof Error ? error.message : String(error));
    }
  }
  for (const name of await namesBelow(outDir, FAILURE_SUFFIX)) {
    const failure = await readFailure(join(outDir, `${name}${FAILURE_SUFFIX}`));
    if (!failure) passedOver.push(`${name}${FAILURE_SUFFIX}: not a failure that bodyscript wrote`);
    else if (insertFailed(db, name, failure)) failed++;
    else known++;
  }
  return { done, failed, known, passedOver };
}

interface DoneEntry {
  readonly record: RunRecord;
  readonly outputs: readonly JobOutput[];
  /** Milliseconds since 1970; null if the video is absent or has changed since. */
  readonly modified: number | null;
}

/** @returns a sentence if the record does not belong to a finished run */
async function entryOf(outDir: string, name: string): Promise<DoneEntry | string> {
  const record = await readRunRecord(join(outDir, `${name}${RECORD_SUFFIX}`));
  if (record.status !== 'done') return `its run is ${record.status}`;
  const folder = dirname(join(outDir, name));
  const outputs: JobOutput[] = [];
  for (const path of ownFiles(record.outputs)) {
    const file = containedPath(folder, basename(path));
    if (file === undefined) return 'names an output outside of the folder';
    outputs.push(await describeOutput(file, outDir));
  }
  return { record, outputs, modified: await modifiedOf(record) };
}

async function modifiedOf({ input, startedAt }: RunRecord): Promise<number | null> {
  const stats = await stat(systemPath(input.path)).catch(() => undefined);
  if (!stats?.isFile() || stats.size !== input.bytes) return null;
  return stats.mtimeMs <= Date.parse(startedAt) ? stats.mtimeMs : null;
}

function insertDone(db: Database, name: string, { record, outputs, modified }: DoneEntry): boolean {
  const { input, tool, frames, seconds, peakMemory } = record;
  const [startedAt, endedAt] = [Date.parse(record.startedAt), Date.parse(record.endedAt ?? record.startedAt)];
  return insert(db, {
    path: absolutePath(input.path),
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

/** @returns whether the row is new */
function insert(db: Database, row: Readonly<Record<string, string | number | null>>): boolean {
  const columns = Object.keys(row);
  const sql = `INSERT OR IGNORE INTO jobs (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
  return db.run(sql, ...Object.values(row)) === 1;
}

/** Names of outputs below a folder, with slashes, sorted; links and names that begin with a dot are skipped. */
async function namesBelow(outDir: string, suffix: string, below = ''): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(join(outDir, below), { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) names.push(...(await namesBelow(outDir, suffix, name)));
    else if (entry.isFile() && name.endsWith(suffix)) names.push(name.slice(0, -suffix.length));
  }
  return names.sort();
}
