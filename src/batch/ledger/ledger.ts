import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { RunRecord } from '../../model/run-record.js';
import { absolutePath } from '../../storage/address.js';
import { fittingName } from '../../system/fitting-name.js';
import { PACKAGE } from '../../system/package-info.js';
import { identifyProcess, isRunning, isSameProcess, type ProcessIdentity } from '../../system/process-identity.js';
import type { Input } from '../inputs/input.js';
import { OWN_FOLDER } from '../own-folder.js';
import { Database } from './database.js';
import { JOB_COLUMNS, type JobEntry, type JobOutput, jobOfRow } from './job.js';
import { type Registered, registerInputs } from './register.js';
import { LONGEST_TEXT } from './row-schema.js';

/** Duration of a claim unless it is renewed. */
export const LEASE_MS = 30_000;

/** A part of the inputs: number `index` of `count`, from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

export function ledgerPath(outDir: string, shard?: Shard): string {
  return join(outDir, OWN_FOLDER, shard ? `ledger-${shard.index}-of-${shard.count}.sqlite` : 'ledger.sqlite');
}

/**
 * The outcome of an input of this command. `waiting`: it has analysed its own segments of a video, and others have yet
 * to analyse theirs, or one of them is joining the video.
 */
export type Outcome = 'done' | 'skipped' | 'waiting' | 'failed' | 'interrupted';

/** An input of this command, with its facts from the ledger. */
export interface PendingJob {
  readonly position: number;
  /** As the user would write it. */
  readonly given: string;
  readonly job: JobEntry;
}

/** The size and time of a file, which show whether it is unchanged. */
export interface FileFacts {
  readonly bytes: number;
  readonly modified: number;
  /** Of an object in a bucket. */
  readonly etag?: string;
}

/** The current holder of a job. */
export type Holder = 'nobody' | 'us' | 'other';

const INPUT_BATCH = 1000;
/** Characters of at most four bytes each: text longer than `LONGEST_TEXT` is not read back. */
const LONGEST_MESSAGE = LONGEST_TEXT / 4;

/**
 * The database of a results folder, in SQLite: requested videos, their status, and their current holders. Several
 * commands may have it open; every step is one transaction.
 */
export class Ledger implements Disposable {
  readonly #db: Database;
  readonly #process: ProcessIdentity;
  /** The same in the form of rows. */
  readonly #self: string;

  /** @throws BodyscriptError as `Database` does */
  constructor(path: string) {
    this.#db = new Database(path);
    this.#process = identifyProcess() as ProcessIdentity; // This one runs.
    this.#self = JSON.stringify(this.#process);
    this.#db.exec(`CREATE TEMP TABLE inputs (
      position INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, given TEXT NOT NULL, stem TEXT NOT NULL COLLATE NOCASE,
      relative TEXT NOT NULL COLLATE NOCASE, nested TEXT NOT NULL COLLATE NOCASE, mine INTEGER NOT NULL, name TEXT COLLATE NOCASE, job INTEGER, outcome TEXT)`);
  }

  get database(): Database {
    return this.#db;
  }

  /**
   * Adds the request: a row for each video that is not known yet.
   * @param isUnique whether the names of other videos are avoided; otherwise only the inputs decide the names
   */
  async register(inputs: AsyncIterable<Input>, shard: Shard | undefined, isUnique = false): Promise<Registered> {
    let batch: Input[] = [];
    const flush = () => {
      this.#db.transaction(() => {
        for (const { path, relative, parent, stem, name } of batch) {
          this.#db.run(
            'INSERT OR IGNORE INTO temp.inputs (path, given, stem, relative, nested, mine, name) VALUES (?, ?, ?, ?, ?, ?, ?)',
            absolutePath(path),
            path,
            fittingName(stem),
            fittingName(relative),
            fittingName(`${parent}/${stem}`),
            isInShard(relative, shard) ? 1 : 0,
            name ?? null,
          );
        }
      });
      batch = [];
    };
    for await (const input of inputs) {
      batch.push(input);
      if (batch.length >= INPUT_BATCH) flush();
    }
    flush();
    return this.#db.transaction(() => registerInputs(this.#db, Date.now(), isUnique));
  }

  /** Keeps a name for a video's outputs, before the inputs are registered. */
  reserve(path: string, name: string): void {
    this.#db.run('INSERT OR IGNORE INTO jobs (path, name, queued_at) VALUES (?, ?, ?)', path, name, Date.now());
  }

  /**
   * Names all inputs again, unlike any other video, after names were reserved. It forgets the names that no result has
   * yet, and needs inputs whose names were not given.
   * @param reserve keeps names that are in use
   */
  rename(reserve: () => void): void {
    this.#db.transaction(() => {
      this.#db.exec("DELETE FROM jobs WHERE state = 'queued'; UPDATE temp.inputs SET name = NULL, job = NULL");
      reserve();
      registerInputs(this.#db, Date.now(), true);
    });
  }

  /** The first input after a position that has no outcome yet. */
  pendingAfter(position: number): PendingJob | undefined {
    const row = this.#db.get(
      `SELECT ${JOB_COLUMNS}, inputs.position, inputs.given FROM temp.inputs JOIN jobs ON jobs.id = inputs.job
       WHERE inputs.outcome IS NULL AND inputs.position > ? ORDER BY inputs.position LIMIT 1`,
      position,
    );
    return row && { position: Number(row.position), given: String(row.given), job: jobOfRow(row, this.#db.path) };
  }

  /** Records the outcome of an input of this command. */
  settle(position: number, outcome: Outcome): void {
    this.#db.run('UPDATE temp.inputs SET outcome = ? WHERE position = ?', outcome, position);
  }

  job(id: number): JobEntry | undefined {
    const row = this.#db.get(`SELECT ${JOB_COLUMNS} FROM jobs WHERE id = ?`, id);
    return row && jobOfRow(row, this.#db.path);
  }

  /** Another job whose outputs have this name, if it has left any. */
  namesake({ id, name }: JobEntry): JobEntry | undefined {
    const row = this.#db.get(
      `SELECT ${JOB_COLUMNS} FROM jobs WHERE name = ? AND id <> ? AND state <> 'queued' ORDER BY ended_at DESC LIMIT 1`,
      name,
      id,
    );
    return row && jobOfRow(row, this.#db.path);
  }

  /** Finished videos of the same size at another path: this one may be one of them, moved. */
  *possibleOrigins({ id }: JobEntry, { bytes }: FileFacts, optionsHash: string): Generator<JobEntry> {
    const sql = `SELECT ${JOB_COLUMNS} FROM jobs WHERE bytes = ? AND id <> ? AND state = 'done' AND options_hash = ? AND sha256 IS NOT NULL LIMIT 20`;
    for (const row of [...this.#db.all(sql, bytes, id, optionsHash)]) yield jobOfRow(row, this.#db.path);
  }

  /** A finished video was moved: its entry continues under the new path and replaces the new entry. */
  adopt(moved: JobEntry, origin: JobEntry, { modified }: FileFacts): void {
    this.#db.transaction(() => {
      this.#db.run('DELETE FROM jobs WHERE id = ?', moved.id);
      this.#db.run(
        'UPDATE jobs SET path = ?, modified = ?, version = version + 1 WHERE id = ?',
        moved.path,
        modified,
        origin.id,
      );
      this.#db.run('UPDATE temp.inputs SET job = ? WHERE job = ?', origin.id, moved.id);
    });
  }

  /** Forgets a job whose outputs another video's will replace. */
  forget(id: number): void {
    this.#db.run('DELETE FROM jobs WHERE id = ?', id);
  }

  /** A file has another time but the same content. */
  touch(id: number, { modified }: FileFacts): void {
    this.#db.run('UPDATE jobs SET modified = ?, version = version + 1 WHERE id = ?', modified, id);
  }

  /**
   * The holder of a running job. A lease ends early when its process has ended; if that cannot be known, for example
   * for another container's, the lease counts.
   */
  holder(job: JobEntry): Holder {
    if (job.state !== 'running') return 'nobody';
    if (job.runner && isSameProcess(job.runner, this.#process)) return 'us';
    const running = job.runner ? isRunning(job.runner) : false;
    if (running === undefined) return (job.leaseUntil ?? 0) > Date.now() ? 'other' : 'nobody';
    return running ? 'other' : 'nobody';
  }

  /** Claims a job, as it was read. @returns false if another process was faster */
  claim(job: JobEntry, optionsHash: string, facts: FileFacts | undefined): boolean {
    const now = Date.now();
    const isSame =
      job.optionsHash === optionsHash &&
      job.bytes === (facts?.bytes ?? null) &&
      job.modified === (facts?.modified ?? null);
    const changed = this.#db.run(
      `UPDATE jobs SET state = 'running', runner = ?, worker = NULL, lease_until = ?, started_at = ?, ended_at = NULL, options_hash = ?,
         tool_version = ?, bytes = ?, modified = ?, sha256 = ?, attempts = ?, alone = ?, error_code = NULL, error_message = NULL,
         error_remedy = NULL, version = version + 1
       WHERE id = ? AND version = ?`,
      this.#self,
      now + LEASE_MS,
      now,
      optionsHash,
      PACKAGE.version,
      facts?.bytes ?? null,
      facts?.modified ?? null,
      isSame ? job.sha256 : null,
      job.state === 'running' || job.state === 'interrupted' ? job.attempts : 0,
      job.alone && isSame ? 1 : 0,
      job.id,
      job.version,
    );
    return changed === 1;
  }

  /** Records that a process starts on a job. */
  begin(id: number, worker: ProcessIdentity | undefined): void {
    this.#own(id, 'worker = ?, attempts = attempts + 1', worker ? JSON.stringify(worker) : null);
  }

  /** Renews all leases of this process. */
  renew(): void {
    this.#db.run(
      "UPDATE jobs SET lease_until = ? WHERE state = 'running' AND runner = ?",
      Date.now() + LEASE_MS,
      this.#self,
    );
  }

  /**
   * Renews the lease of one job.
   * @returns false if it is no longer this process's own, for example after a sleep longer than the lease
   */
  confirm(id: number): boolean {
    const sql = "UPDATE jobs SET lease_until = ? WHERE id = ? AND state = 'running' AND runner = ?";
    return this.#db.run(sql, Date.now() + LEASE_MS, id, this.#self) === 1;
  }

  /** @returns whether the job is still this process's own */
  isOurs(id: number): boolean {
    return (
      this.#db.get("SELECT 1 AS found FROM jobs WHERE id = ? AND state = 'running' AND runner = ?", id, this.#self) !==
      undefined
    );
  }

  complete(id: number, record: RunRecord, outputs: readonly JobOutput[]): void {
    const { frames, seconds, peakMemory, input } = record;
    this.#own(
      id,
      `state = 'done', ended_at = ?, sha256 = ?, decoded = ?, detected = ?, tracked = ?, missing = ?, filled = ?, wall_seconds = ?,
       peak_memory = ?, outputs = ?, alone = 0`,
      Date.now(),
      input.sha256,
      frames.decoded,
      frames.detected,
      frames.tracked,
      frames.missing,
      frames.filled,
      seconds.wall,
      peakMemory.treeFixed ?? peakMemory.treePss ?? peakMemory.treeRss,
      JSON.stringify(outputs),
    );
  }

  fail(id: number, error: { code: string; message: string; remedy?: string | null | undefined }): void {
    this.#own(
      id,
      "state = 'failed', ended_at = ?, error_code = ?, error_message = ?, error_remedy = ?",
      Date.now(),
      error.code,
      error.message.slice(0, LONGEST_MESSAGE),
      error.remedy?.slice(0, LONGEST_MESSAGE) ?? null,
    );
  }

  /** The job was stopped midway, and can be continued later. */
  interrupt(id: number): void {
    this.#own(id, "state = 'interrupted', ended_at = ?", Date.now());
  }

  /** Lets go of a job before anything was done of it, or after its piece was. */
  release(id: number): void {
    this.#own(id, "state = 'queued', worker = NULL");
  }

  /** The job must run alone. */
  markAlone(id: number): void {
    this.#own(id, 'alone = 1');
  }

  /** The number of this command's inputs without an outcome. */
  get pending(): number {
    return Number(this.#db.get('SELECT count(*) AS n FROM temp.inputs WHERE mine = 1 AND outcome IS NULL')?.n);
  }

  /** This command's inputs with their outcomes, in order. */
  *outcomes(): Generator<{ given: string; outcome: Outcome | null; job: JobEntry }> {
    const rows = this.#db.all(
      `SELECT ${JOB_COLUMNS}, inputs.given, inputs.outcome FROM temp.inputs JOIN jobs ON jobs.id = inputs.job WHERE inputs.mine = 1 ORDER BY inputs.position`,
    );
    for (const row of rows)
      yield { given: String(row.given), outcome: row.outcome as Outcome | null, job: jobOfRow(row, this.#db.path) };
  }

  [Symbol.dispose](): void {
    this.#db[Symbol.dispose]();
  }

  /** Changes a running job of this process; a job lost to another process is left alone. */
  #own(id: number, assignments: string, ...values: readonly (string | number | null)[]): void {
    this.#db.run(
      `UPDATE jobs SET ${assignments}, version = version + 1 WHERE id = ? AND state = 'running' AND runner = ?`,
      ...values,
      id,
      this.#self,
    );
  }
}

/**
 * By a hash of the path, not by its content or its place among the others: adding a video moves no other to another
 * shard.
 */
export function isInShard(relative: string, shard: Shard | undefined): boolean {
  if (!shard) return true;
  return createHash('sha256').update(relative).digest().readUInt32BE(0) % shard.count === shard.index - 1;
}
