import { accessSync, constants, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type Libsql from 'libsql';
import { BodyscriptError, shortMessage } from '../../errors.js';
import { makeFolderSync } from '../../system/make-folder.js';
import { outputError } from '../../system/whole-file.js';
import { checkPlace, invalidLedger } from './place.js';
import { COUNT_STRANGE_PARTS, CREATE_TABLES, SCHEMA_VERSION } from './tables.js';

/** A value that SQLite stores. Text is read as bytes (`job.ts`): text that is not UTF-8 would abort the process. */
export type SqlValue = string | number | null;
export type SqlRow = Readonly<Record<string, SqlValue | Uint8Array | ArrayBuffer>>;

/** Time for which two commands on one folder wait for each other's writes. */
const WAIT_FOR_LOCK_MS = 30_000;
/**
 * Larger ledgers (more than some ten thousand videos) are not checked in full on opening: that would delay the start
 * too long.
 */
const CHECKED_BYTES = 8 * 1024 * 1024;
/** An untrusted file must not run code, and each page is checked before use. */
const FOR_STRANGERS = 'PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON';
const FOR_SPEED =
  'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = FILE; PRAGMA cache_size = -4096';

/** SQLite's name for a database in a temporary file of its own, which it removes by itself. */
export const TEMPORARY = '';

/** A SQLite file, with failures as this program's errors. */
export class Database implements Disposable {
  readonly path: string;
  readonly #db: Libsql.Database;
  /** Cached, since each holds memory until it is collected. */
  readonly #statements = new Map<string, Libsql.Statement>();

  /**
   * Opens the file, or creates it.
   * @param isLook whether it is only read: then it may be in a read-only place
   * @throws BodyscriptError `LEDGER_MISSING` without the library, `LEDGER_INVALID`, `OUTPUT_NOT_WRITABLE`,
   * `OUTPUT_DISK_FULL`
   */
  constructor(path: string, isLook = false) {
    this.path = path;
    const Constructor = openLedgerLibrary();
    if (path === TEMPORARY) {
      this.#db = this.#guard(() => new Constructor(TEMPORARY));
      this.exec(`${FOR_SPEED}; ${CREATE_TABLES}`);
      return;
    }
    const bytes = checkPlace(path);
    if (isLook && !isWritable(path)) {
      this.#db = this.#guard(() => new Constructor(unchanging(path), { readonly: true }));
      this.#checked(() => {
        this.exec(FOR_STRANGERS);
        if (this.#checkTables() !== SCHEMA_VERSION) throw invalidLedger(path, 'has no tables');
        if (bytes <= CHECKED_BYTES) this.#checkPages();
      });
      return;
    }
    try {
      makeFolderSync(dirname(path));
    } catch (cause) {
      throw outputError(dirname(path), cause);
    }
    // Absolute: libsql takes names like http:... for a server's.
    this.#db = this.#guard(() => new Constructor(resolve(path), { timeout: WAIT_FOR_LOCK_MS }));
    this.#checked(() => {
      this.exec(FOR_STRANGERS);
      const found = this.#checkTables();
      this.exec(FOR_SPEED);
      if (found !== SCHEMA_VERSION) this.transaction(() => this.exec(CREATE_TABLES));
      else if (bytes <= CHECKED_BYTES) this.#checkPages();
    });
  }

  run(sql: string, ...values: readonly SqlValue[]): number {
    return this.#guard(() => this.#prepare(sql).run(...values).changes);
  }

  get(sql: string, ...values: readonly SqlValue[]): SqlRow | undefined {
    return this.#guard(() => this.#prepare(sql).get(...values) as SqlRow | undefined);
  }

  *all(sql: string, ...values: readonly SqlValue[]): Generator<SqlRow> {
    // One after another: there may be a hundred thousand. The statement is reserved meanwhile.
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

  /** On an error, the file is closed again. */
  #checked(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  #prepare(sql: string): Libsql.Statement {
    const statement = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  /** @returns the version of the tables; 0 if none exist yet */
  #checkTables(): number {
    // Both from one moment: another command may be creating them.
    this.exec('BEGIN');
    const version = Number(this.get('PRAGMA user_version')?.user_version ?? 0);
    const found = this.get(COUNT_STRANGE_PARTS.sql, ...COUNT_STRANGE_PARTS.values);
    this.exec('COMMIT');
    if (version > SCHEMA_VERSION) {
      throw new BodyscriptError('LEDGER_INVALID', `${this.path}: was written by a newer bodyscript`, {
        remedy: 'Use that version, or choose another folder with --out.',
      });
    }
    if (version === 0 && found?.parts === 0) return 0;
    if (version !== SCHEMA_VERSION || found?.parts !== COUNT_STRANGE_PARTS.expected || found.strange !== 0) {
      throw invalidLedger(this.path, 'its tables are not those of bodyscript');
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
      remedy: 'Install the packages again without --omit=optional, or analyse one video at a time.',
    });
  }
}

/** Whether SQLite can write the file, and its log beside it. */
function isWritable(path: string): boolean {
  try {
    for (const place of [path, dirname(path)]) accessSync(place, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The address of a file that no process changes meanwhile: otherwise SQLite would create a log beside the file even for
 * reading. An existing log contains changes that the file does not have yet.
 * @throws BodyscriptError `OUTPUT_NOT_WRITABLE`
 */
function unchanging(path: string): string {
  if (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size) {
    throw outputError(path, Object.assign(new Error('its log is there'), { code: 'EACCES' }));
  }
  return `${pathToFileURL(resolve(path)).href}?immutable=1`;
}

/** libsql's name for SQLite codes that it does not know: `UNKNOWN_SQLITE_ERROR_1544`. The lowest byte is the type. */
const UNNAMED = /^UNKNOWN_SQLITE_ERROR_(\d+)$/;
const KINDS: Readonly<Record<number, string>> = {
  3: 'SQLITE_PERM',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
};

function named(code: unknown): unknown {
  const number = typeof code === 'string' ? UNNAMED.exec(code)?.[1] : undefined;
  return number === undefined ? code : (KINDS[Number(number) & 0xff] ?? `SQLITE_${number}`);
}

/** libsql's words where it cannot open a file; SQLite's number comes last, and the error has no code. */
const NOT_OPENED = /^ConnectionFailed\(.*: (\d+)"\)$/s;

function codeOf({ code, message }: { code?: unknown; message?: unknown }): unknown {
  const number = typeof message === 'string' ? NOT_OPENED.exec(message)?.[1] : undefined;
  return named(number === undefined ? code : `UNKNOWN_SQLITE_ERROR_${number}`);
}

function ledgerError(path: string, cause: unknown): unknown {
  if (cause instanceof BodyscriptError) return cause;
  const code = codeOf(cause as Error);
  if (typeof code !== 'string' || !code.startsWith('SQLITE_')) return cause;
  if (code === 'SQLITE_FULL') return outputError(path, Object.assign(new Error(code, { cause }), { code: 'ENOSPC' }));
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|IOERR)/.test(code)) {
    return outputError(path, Object.assign(new Error(code, { cause }), { code: 'EACCES' }));
  }
  return invalidLedger(path, `${shortMessage(cause)} (${code})`, cause);
}
