/** Version of the tables below. */
export const SCHEMA_VERSION = 1;

/**
 * `jobs`: one row for each video ever requested, by its absolute path. Times are milliseconds since 1970, memory is
 * bytes, `outputs` is JSON. `version` increases with each change of a row: a process that read an old row cannot claim
 * it.
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

/** Creates the absent tables. */
export const CREATE_TABLES = `${STATEMENTS.map(sql => sql.replace(/^CREATE (TABLE|INDEX)/, 'CREATE $1 IF NOT EXISTS')).join(';')};
  PRAGMA user_version = ${SCHEMA_VERSION};`;

/**
 * Counts the objects in a ledger, and those that bodyscript would not have made: triggers, views with the table's name,
 * computed columns. SQLite stores each statement as written. They are compared inside SQLite: a name that is not UTF-8
 * would abort this process.
 */
export const COUNT_STRANGE_PARTS = {
  sql: `SELECT count(*) AS parts, coalesce(sum(sql IS NULL AND name <> 'sqlite_autoindex_jobs_1'
    OR sql IS NOT NULL AND sql NOT IN (${STATEMENTS.map(() => '?').join(', ')})), 0) AS strange FROM sqlite_master`,
  values: STATEMENTS,
  /** Each statement, and the index that SQLite creates for `UNIQUE`. */
  expected: STATEMENTS.length + 1,
};
