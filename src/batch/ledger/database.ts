import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import type Libsql from 'libsql';
import { BodyscriptError, shortMessage } from '../../errors.js';
import { outputError } from '../../system/whole-file.js';
import { checkPlace, invalidLedger } from './place.js';
import { COUNT_STRANGE_PARTS, CREATE_TABLES, SCHEMA_VERSION } from './tables.js';

/** A value that SQLite stores. Text is read as its bytes (`job.ts`): what is no UTF-8 would end the process. */
export type SqlValue = string | number | null;
export type SqlRow = Readonly<Record<string, SqlValue | Uint8Array | ArrayBuffer>>;

/** Two commands on one folder wait for each other's writes so long at most. */
const WAIT_FOR_LOCK_MS = 30_000;
/** Larger ledgers (of some ten thousand videos) are not read through when they are opened: that takes longer than a start may. */
const CHECKED_BYTES = 8 * 1024 * 1024;
/** A stranger's file must not run code of its own, and each page is looked at before it is trusted. */
const FOR_STRANGERS = 'PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON';
const FOR_SPEED =
  'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = FILE; PRAGMA cache_size = -4096';

/** A SQLite file, with failures as this program's errors. */
export class Database implements Disposable {
  readonly path: string;
  readonly #db: Libsql.Database;
  /** Kept, since each holds memory until it is collected. */
  readonly #statements = new Map<string, Libsql.Statement>();

  /**
   * Opens the file, or makes it.
   * @throws BodyscriptError `LEDGER_MISSING` without the library, `LEDGER_INVALID`, `OUTPUT_NOT_WRITABLE`, `OUTPUT_DISK_FULL`
   */
  constructor(path: string) {
    this.path = path;
    const Constructor = openLedgerLibrary();
    const bytes = checkPlace(path);
    try {
      mkdirSync(dirname(path), { recursive: true });
    } catch (cause) {
      throw outputError(dirname(path), cause);
    }
    // Absolute: libsql takes names like http:... for a server's.
    this.#db = this.#guard(() => new Constructor(resolve(path), { timeout: WAIT_FOR_LOCK_MS }));
    try {
      this.exec(FOR_STRANGERS);
      const found = this.#checkTables();
      this.exec(FOR_SPEED);
      if (found !== SCHEMA_VERSION) this.transaction(() => this.exec(CREATE_TABLES));
      else if (bytes <= CHECKED_BYTES) this.#checkPages();
    } catch (error) {
      this.#db.close();
      throw error;
    }
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
    const rows = this.#guard(() => statement.iterate(...values)) as Iterator<SqlRow>;
    for (let next = this.#guard(() => rows.next()); !next.done; next = this.#guard(() => rows.next())) yield next.value;
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

  /** @returns the version of the tables; 0 where there are none yet */
  #checkTables(): number {
    // Both as of one moment: another command may be making them.
    this.exec('BEGIN');
    const version = Number(this.get('PRAGMA user_version')?.user_version ?? 0);
    const found = this.get(COUNT_STRANGE_PARTS.sql, ...COUNT_STRANGE_PARTS.values);
    this.exec('COMMIT');
    if (version > SCHEMA_VERSION) {
      throw new BodyscriptError('LEDGER_INVALID', `${this.path}: was written by a newer bodyscript`, {
        remedy: 'Use that version, or another folder with --out.',
      });
    }
    if (version === 0 && found?.parts === 0) return 0;
    if (version !== SCHEMA_VERSION || found?.parts !== COUNT_STRANGE_PARTS.expected || found.strange !== 0) {
      throw invalidLedger(this.path, 'its tables are not those that bodyscript makes');
    }
    return version;
  }

  #checkPages(): void {
    const found = this.get('PRAGMA quick_check(1)')?.quick_check;
    if (found !== 'ok') throw invalidLedger(this.path, `is damaged (${shortMessage(found)})`);
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw ledgerError(this.path, cause);
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
  return invalidLedger(path, `${shortMessage(cause)} (${code})`, cause);
}
