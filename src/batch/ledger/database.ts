import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type Libsql from 'libsql';
import { BodyscriptError, shortMessage } from '../../errors.js';
import { outputError } from '../../system/whole-file.js';

/** A value that SQLite stores. */
export type SqlValue = string | number | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** Two commands on one folder wait for each other's writes so long at most. */
const WAIT_FOR_LOCK_MS = 30_000;

/** Version of the tables below. */
const SCHEMA_VERSION = 1;

/**
 * `jobs`: one row for each video that was ever asked for, by its absolute path. Times are milliseconds since 1970, memory is bytes, `outputs` is JSON.
 * `version` grows with each change of a row: who read an old one cannot claim it.
 */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS jobs (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed', 'interrupted')),
  bytes INTEGER,
  modified REAL,
  sha256 TEXT,
  options_hash TEXT,
  tool_version TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  alone INTEGER NOT NULL DEFAULT 0,
  runner TEXT,
  worker TEXT,
  lease_until INTEGER,
  queued_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  decoded INTEGER,
  detected INTEGER,
  tracked INTEGER,
  missing INTEGER,
  filled INTEGER,
  wall_seconds REAL,
  peak_memory INTEGER,
  error_code TEXT,
  error_message TEXT,
  error_remedy TEXT,
  outputs TEXT
);
CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state, ended_at);
CREATE INDEX IF NOT EXISTS jobs_by_name ON jobs (name);
CREATE INDEX IF NOT EXISTS jobs_by_bytes ON jobs (bytes);
`;

/** A SQLite file, with failures as this program's errors. */
export class Database implements Disposable {
  readonly #db: Libsql.Database;
  readonly #path: string;
  /** Kept, since each holds memory until it is collected. */
  readonly #statements = new Map<string, Libsql.Statement>();

  /**
   * Opens the file, or makes it.
   * @throws BodyscriptError `LEDGER_MISSING` without the library, `LEDGER_INVALID`, `OUTPUT_NOT_WRITABLE`, `OUTPUT_DISK_FULL`
   */
  constructor(path: string) {
    this.#path = path;
    const Constructor = openLedgerLibrary();
    try {
      mkdirSync(dirname(path), { recursive: true });
    } catch (cause) {
      throw outputError(dirname(path), cause);
    }
    this.#db = this.#guard(() => new Constructor(path, { timeout: WAIT_FOR_LOCK_MS }));
    this.#guard(() => {
      this.#db.exec(
        'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = FILE; PRAGMA cache_size = -4096',
      );
    });
    this.#migrate();
  }

  run(sql: string, ...values: readonly SqlValue[]): number {
    return this.#guard(() => this.#prepare(sql).run(...values).changes);
  }

  get(sql: string, ...values: readonly SqlValue[]): SqlRow | undefined {
    return this.#guard(() => this.#prepare(sql).get(...values) as SqlRow | undefined);
  }

  *all(sql: string, ...values: readonly SqlValue[]): Generator<SqlRow> {
    // One after another: there may be a hundred thousand. The statement is not for others meanwhile.
    const statement = this.#guard(() => this.#prepare(sql));
    this.#statements.delete(sql);
    yield* this.#guard(() => statement.iterate(...values)) as Iterable<SqlRow>;
    this.#statements.set(sql, statement);
  }

  exec(sql: string): void {
    this.#guard(() => this.#db.exec(sql));
  }

  /** All of it or nothing; other writers wait. */
  transaction<T>(work: () => T): T {
    this.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      try {
        this.#db.exec('ROLLBACK');
      } catch {
        // A full disk has rolled it back already.
      }
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }

  #prepare(sql: string): Libsql.Statement {
    const statement = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #migrate(): void {
    const found = Number(this.get('PRAGMA user_version')?.user_version ?? 0);
    if (found > SCHEMA_VERSION) {
      throw new BodyscriptError('LEDGER_INVALID', `${this.#path}: was written by a newer bodyscript`, {
        remedy: 'Use that version, or another folder with --out.',
      });
    }
    if (found === SCHEMA_VERSION) return;
    this.transaction(() => this.exec(`${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION};`));
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw ledgerError(this.#path, cause);
    }
  }
}

/** @throws BodyscriptError `LEDGER_MISSING` */
export function openLedgerLibrary(): typeof Libsql {
  try {
    return createRequire(import.meta.url)('libsql') as typeof Libsql;
  } catch (cause) {
    throw new BodyscriptError('LEDGER_MISSING', `the ledger of videos needs libsql (${shortMessage(cause)})`, {
      cause,
      remedy: 'Install the packages again without --omit=optional, or name one video at a time.',
    });
  }
}

function ledgerError(path: string, cause: unknown): unknown {
  if (cause instanceof BodyscriptError) return cause;
  const code = (cause as { code?: unknown }).code;
  if (typeof code !== 'string' || !code.startsWith('SQLITE_')) return cause;
  if (code === 'SQLITE_FULL') return outputError(path, Object.assign(new Error(code, { cause }), { code: 'ENOSPC' }));
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|IOERR)/.test(code)) {
    return outputError(path, Object.assign(new Error(code, { cause }), { code: 'EACCES' }));
  }
  const remedy =
    'Move the file away: finished videos are known again by their run records, and the rest is analysed anew.';
  return new BodyscriptError('LEDGER_INVALID', `${path}: ${shortMessage(cause)} (${code})`, { cause, remedy });
}
