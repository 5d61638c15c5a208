import { existsSync, readdirSync } from 'node:fs';
import { lstat, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { UsageError } from '../../errors.js';
import { isBucketAddress } from '../../storage/address.js';
import { isInside } from '../../system/contained-path.js';
import { lockPath } from '../../system/output-lock.js';
import { isRunning } from '../../system/process-identity.js';
import { partialPath } from '../../system/whole-file.js';
import { failurePath, removeFailure } from '../failure-file.js';
import { checkpointPath, OWN_FOLDER } from '../own-folder.js';
import { Database } from './database.js';
import { JOB_COLUMNS, type JobEntry, jobOfRow } from './job.js';
import { LEASE_MS, ledgerPath } from './ledger.js';
import { checkPlace } from './place.js';
import type { JobState } from './row-schema.js';

/** Suffixes of leftovers with `*.partial` names. */
const OUTPUT_SUFFIXES: readonly string[] = [
  '.csv',
  '.ndjson',
  '.angles.csv',
  '.quality.json',
  '.overlay.mp4',
  '.overlay.mp4.whole',
  '.attempts.ndjson',
  '.run.json',
  '.trc',
  '.mot',
  '.c3d',
  '.trc.rows-nobody',
  '.mot.rows-nobody',
  '.c3d.rows-nobody',
  '.movement.nc.rows-nobody',
  ...Array.from({ length: 16 }, (_, person) =>
    ['trc', 'mot', 'c3d', 'movement.nc'].map(suffix => `.${suffix}.rows-${person}`),
  ).flat(),
  '.coco.json',
  '.coco.json.annotations',
  '.parquet',
  '.movement.nc',
  '.xlsx',
  '.xlsx.angles',
  '.xlsx.angles-2D',
  '.pictures',
  '.contact-sheet.jpg',
  '.thumbnail.jpg',
  '.preview.mp4',
  '.plots.svg',
  '.plots.png',
  '.openpose',
  '.opensim',
];
/** The columns copied from one ledger to another: all except the row's own number. */
const COLUMNS = (
  'path name version state bytes modified sha256 options_hash tool_version attempts alone runner worker lease_until queued_at started_at ' +
  'ended_at decoded detected tracked missing filled wall_seconds peak_memory error_code error_message error_remedy outputs'
).split(' ');

/**
 * Opens the ledger of an output folder for reading, or for housekeeping.
 * @param isLook whether it is only read
 * @throws UsageError if none exists
 */
export function openLedger(outDir: string, isLook = false): Database {
  const path = ledgerPath(outDir);
  checkPlace(path);
  if (!existsSync(path)) {
    throw new UsageError(`${outDir} has no ledger of analysed videos`, remedyForNone(outDir));
  }
  return new Database(path, isLook);
}

/** How to come by a ledger, or what to read in its place. */
function remedyForNone(outDir: string): string {
  if (isBucketAddress(outDir))
    return 'A bucket has none: batch.json there has the status of each video, NAME.failed.json the reason of a failure.';
  if (shardLedgers(outDir).length > 0)
    return 'Its parts have one each. Merge them when they have ended: bodyscript jobs merge.';
  if (hasRecords(outDir)) return 'Make one from its run records: bodyscript jobs rebuild.';
  return 'Give the results folder with --out. A folder has a ledger once several videos were analysed into it.';
}

/** Whether runs without a ledger have left their records at the top of a folder. */
function hasRecords(outDir: string): boolean {
  return existsSync(outDir) && readdirSync(outDir).some(name => /\.(run|failed)\.json$/.test(name));
}

/** The ledgers of shards in an output folder. */
export function shardLedgers(outDir: string): string[] {
  const folder = join(outDir, OWN_FOLDER);
  checkPlace(ledgerPath(outDir));
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter(name => /^ledger-\d+-of-\d+\.sqlite$/.test(name));
  return names.sort().map(name => join(folder, name));
}

/**
 * The jobs with given states, or all, in the order of their names. Jobs whose process has died are interrupted,
 * whatever they recorded.
 */
export function* listJobs(db: Database, states: readonly JobState[]): Generator<JobEntry> {
  const noted = states.includes('interrupted') ? [...new Set([...states, 'running'])] : states;
  const where = noted.length === 0 ? '' : `WHERE state IN (${noted.map(() => '?').join(', ')})`;
  for (const row of db.all(`SELECT ${JOB_COLUMNS} FROM jobs ${where} ORDER BY jobs.name`, ...noted)) {
    const job = asItIs(jobOfRow(row, db.path));
    if (states.length === 0 || states.includes(job.state)) yield job;
  }
}

/** A job whose process was killed is still recorded as running. It ended at the last sign of life. */
function asItIs(job: JobEntry): JobEntry {
  if (!isDead(job)) return job;
  const endedAt = Math.max(job.startedAt ?? job.queuedAt, (job.leaseUntil ?? 0) - LEASE_MS);
  return { ...job, state: 'interrupted', endedAt };
}

/** Only certain cases: a process of another machine, or of another boot of this one, may still return. */
function isDead({ state, runner }: JobEntry): boolean {
  return state === 'running' && (runner === null || isRunning(runner) === false);
}

/** Marks jobs as interrupted if their processes could not do it. */
function noteDead(db: Database): void {
  const sql =
    "UPDATE jobs SET state = 'interrupted', ended_at = ?, version = version + 1 WHERE id = ? AND version = ? AND state = 'running'";
  for (const row of [...db.all(`SELECT ${JOB_COLUMNS} FROM jobs WHERE state = 'running'`)]) {
    const job = jobOfRow(row, db.path);
    if (isDead(job)) db.run(sql, asItIs(job).endedAt, job.id, job.version);
  }
}

/**
 * The job with a number, a name or a path, or the only one whose video has this file name.
 * @throws UsageError if none exists
 */
export function findJob(db: Database, what: string): JobEntry {
  const exact = `SELECT ${JOB_COLUMNS} FROM jobs WHERE path = ? OR name = ? OR id = ? LIMIT 1`;
  const row = db.get(exact, resolve(what), what, Number(what) || -1);
  if (row) return asItIs(jobOfRow(row, db.path));
  const similar = db.all(`SELECT ${JOB_COLUMNS} FROM jobs WHERE instr(path, ?) > 0`, what);
  const [named, another] = [...similar].map(each => jobOfRow(each, db.path)).filter(job => basename(job.path) === what);
  if (named && !another) return asItIs(named);
  const [says, remedy] = another
    ? ['several videos have this file name', 'Give the path, the name or the id; they are in: bodyscript jobs list.']
    : ['no such video in the ledger', 'List all videos with: bodyscript jobs list.'];
  throw new UsageError(`${what}: ${says}`, remedy);
}

/**
 * Makes the next command run failed jobs, all or those named, as if they were new; where one of the names is unknown,
 * nothing changes.
 * @param parts ledgers of the parts, in which these jobs wait, too: a part reads only its own
 * @returns the names of their outputs
 * @throws UsageError
 */
export function retryJobs(db: Database, which: readonly string[], parts: readonly string[] = []): string[] {
  const paths = which.length === 0 ? undefined : new Set(which.map(what => findJob(db, what).path));
  const isDone = (path: string) =>
    db.get("SELECT 1 AS found FROM jobs WHERE path = ? AND state = 'done'", path) !== undefined;
  const retried = new Map<string, string>();
  for (const part of parts) {
    using ledger = new Database(part);
    retryIn(ledger, path => (paths?.has(path) ?? true) && !isDone(path), retried);
  }
  retryIn(db, path => paths?.has(path) ?? true, retried);
  return [...retried.values()];
}

/** @param retried gets the name of the outputs of each path */
function retryIn(db: Database, isMeant: (path: string) => boolean, retried: Map<string, string>): void {
  db.transaction(() => {
    for (const row of [...db.all(`SELECT ${JOB_COLUMNS} FROM jobs WHERE state = 'failed'`)]) {
      const { id, path, name } = jobOfRow(row, db.path);
      if (!isMeant(path)) continue;
      db.run("UPDATE jobs SET state = 'queued', version = version + 1 WHERE id = ?", id);
      retried.set(path, name);
    }
  });
}

/** Removes the notes of failures that runs without a ledger would otherwise find again. */
export async function forgetFailures(outDir: string, names: readonly string[]): Promise<void> {
  for (const name of names) if (await isLeftover(outDir, failurePath(outDir, name))) await removeFailure(outDir, name);
}

/** The results of a cleaning. */
export interface Cleaned {
  readonly jobs: number;
  readonly files: readonly string[];
}

/**
 * Removes the unfinished files that failed and interrupted runs left under `*.partial` names, and their checkpoints.
 * Outputs are never removed.
 * @param before milliseconds since 1970
 */
export async function cleanLeftovers(db: Database, outDir: string, before: number, dryRun: boolean): Promise<Cleaned> {
  const files: string[] = [];
  let jobs = 0;
  if (!dryRun) noteDead(db);
  for (const { name } of [...listJobs(db, ['failed', 'interrupted'])].filter(job => (job.endedAt ?? 0) <= before)) {
    const outputs = OUTPUT_SUFFIXES.map(suffix => join(outDir, `${name}${suffix}`));
    const partials = outputs.flatMap(output => [partialPath(output), lockPath(output)]);
    const found: string[] = [];
    for (const file of [...partials, checkpointPath(outDir, name)])
      if (await isLeftover(outDir, file)) found.push(file);
    if (found.length > 0) jobs++;
    files.push(...found);
    if (!dryRun) for (const file of found) await rm(file, { force: true, recursive: true });
  }
  return { jobs, files };
}

/** Whether a file, or a folder of pictures, is a run's leftover: not a link, nor reached through one. */
async function isLeftover(outDir: string, path: string): Promise<boolean> {
  const stats = await lstat(path).catch(() => undefined);
  return stats !== undefined && (stats.isFile() || stats.isDirectory()) && (await isInside(outDir, path));
}

/** The validated names of the matching jobs. */
function namesOf(db: Database, where: string, before: number): JobEntry[] {
  return [...db.all(`SELECT ${JOB_COLUMNS} FROM jobs WHERE ${where}`, before)].map(row => jobOfRow(row, db.path));
}

/**
 * Forgets older jobs that failed, were interrupted or never began; finished ones make the next run skip them.
 * @returns their number
 */
export async function expireEntries(db: Database, outDir: string, before: number): Promise<number> {
  const where = "state IN ('failed', 'interrupted', 'queued') AND coalesce(ended_at, queued_at) <= ?";
  for (const { name } of namesOf(db, where, before)) {
    const checkpoint = checkpointPath(outDir, name);
    if (await isLeftover(outDir, checkpoint)) await rm(checkpoint, { force: true });
  }
  return db.run(`DELETE FROM jobs WHERE ${where}`, before);
}

/**
 * Copies the jobs of other ledgers into one; if a video is in both, the later end counts.
 * @returns the number of copied jobs
 */
export function mergeLedgers(db: Database, others: readonly string[]): number {
  let merged = 0;
  for (const other of others) {
    checkEntries(other);
    db.run('ATTACH DATABASE ? AS other', resolve(other));
    try {
      merged += db.transaction(() => db.run(MERGE));
    } finally {
      db.exec('DETACH DATABASE other');
    }
  }
  return merged;
}

/** Checks a whole ledger: its errors must not get into another. */
function checkEntries(path: string): void {
  using db = new Database(path);
  for (const row of db.all(`SELECT ${JOB_COLUMNS} FROM jobs`)) jobOfRow(row, path);
}

const columns = COLUMNS.join(', ');
const assignments = COLUMNS.filter(column => column !== 'path').map(column => `${column} = excluded.${column}`);
const MERGE = `INSERT INTO main.jobs (${columns}) SELECT ${columns} FROM other.jobs WHERE state <> 'running'
  ON CONFLICT (path) DO UPDATE SET ${assignments.join(', ')}
  WHERE jobs.state <> 'running' AND coalesce(excluded.ended_at, 0) > coalesce(jobs.ended_at, 0)`;
