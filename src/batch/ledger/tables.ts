/** Version of the tables below. */
export const SCHEMA_VERSION = 1;

/**
 * `jobs`: one row for each video that was ever asked for, by its absolute path. Times are milliseconds since 1970,
 * memory is bytes, `outputs` is JSON.
 * `version` grows with each change of a row: who read an old one cannot claim it.
 */
const STATEMENTS: readonly string[] = [
  `CREATE TABLE jobs (
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
)`,
  'CREATE INDEX jobs_by_state ON jobs (state, ended_at)',
  'CREATE INDEX jobs_by_name ON jobs (name)',
  'CREATE INDEX jobs_by_bytes ON jobs (bytes)',
];

/** Makes what is not there yet. */
export const CREATE_TABLES = `${STATEMENTS.map(sql => sql.replace(/^CREATE (TABLE|INDEX)/, 'CREATE $1 IF NOT EXISTS')).join(';')};
  PRAGMA user_version = ${SCHEMA_VERSION};`;

/**
 * Counts what there is in a ledger, and how much of it a bodyscript would not have made: triggers, views under the
 * table's name, columns that are computed. SQLite keeps each statement as it was written. It is compared there: a name
 * that is no UTF-8 would end the process on its way here.
 */
export const COUNT_STRANGE_PARTS = {
  sql: `SELECT count(*) AS parts, coalesce(sum(sql IS NULL AND name <> 'sqlite_autoindex_jobs_1'
    OR sql IS NOT NULL AND sql NOT IN (${STATEMENTS.map(() => '?').join(', ')})), 0) AS strange FROM sqlite_master`,
  values: STATEMENTS,
  /** Each statement, and the index that SQLite makes for `UNIQUE`. */
  expected: STATEMENTS.length + 1,
};
