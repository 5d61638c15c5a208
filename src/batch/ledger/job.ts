import type { BodyscriptError } from '../../errors.js';
import type { ProcessIdentity } from '../../system/process-identity.js';
import type { SqlRow } from './database.js';
import { invalidLedger } from './place.js';
import { type JobRow, type JobState, LONGEST_TEXT, rowSchema } from './row-schema.js';

/** A file that a video's analysis left, with its state then. */
export interface JobOutput {
  /** Relative to the output folder, with slashes. */
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  readonly sha256: string;
}

/** The ledger's facts about one video. Times are milliseconds since 1970, memory is bytes; null if unknown. */
export interface JobEntry {
  readonly id: number;
  /** Absolute. */
  readonly path: string;
  /** Base name of its outputs, without suffix, relative to the output folder. */
  readonly name: string;
  readonly version: number;
  readonly state: JobState;
  readonly bytes: number | null;
  readonly modified: number | null;
  readonly sha256: string | null;
  readonly optionsHash: string | null;
  readonly toolVersion: string | null;
  readonly attempts: number;
  /** Whether it needs so much memory that it must run alone. */
  readonly alone: boolean;
  readonly runner: ProcessIdentity | null;
  readonly worker: ProcessIdentity | null;
  readonly leaseUntil: number | null;
  readonly queuedAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly frames: Readonly<Record<'decoded' | 'detected' | 'tracked' | 'missing' | 'filled', number>> | null;
  readonly wallSeconds: number | null;
  readonly peakMemory: number | null;
  readonly error: { readonly code: string; readonly message: string; readonly remedy: string | null } | null;
  readonly outputs: readonly JobOutput[];
}

/**
 * Columns by the way they are read; text as bytes, and text longer than this program ever writes as a number, which
 * text cannot be.
 */
const TEXTS = [
  'path',
  'name',
  'state',
  'sha256',
  'options_hash',
  'tool_version',
  'error_code',
  'error_message',
  'error_remedy',
];
const JSON_COLUMNS = ['runner', 'worker', 'outputs'];
const LONGEST_JSON = 1_000_000;

/** The columns to select from `jobs` for `jobOfRow`. */
export const JOB_COLUMNS = Object.keys(rowSchema.shape)
  .map(column => {
    const longest = JSON_COLUMNS.includes(column) ? LONGEST_JSON : TEXTS.includes(column) ? LONGEST_TEXT : undefined;
    const own = `jobs.${column}`;
    return longest === undefined ? own : `iif(octet_length(${own}) > ${longest}, 0, CAST(${own} AS BLOB)) AS ${column}`;
  })
  .join(', ');

/** An entry of a video of which no more is known. @param name of its outputs */
export function newEntry(id: number, path: string, name: string): JobEntry {
  return {
    ...{ id, path, name, version: 0, state: 'queued', attempts: 0, alone: false, queuedAt: Date.now(), outputs: [] },
    ...{ bytes: null, modified: null, sha256: null, optionsHash: null, toolVersion: null },
    ...{ runner: null, worker: null, leaseUntil: null, startedAt: null, endedAt: null },
    ...{ frames: null, wallSeconds: null, peakMemory: null, error: null },
  };
}

/**
 * A row of `jobs` as an entry, whoever wrote it.
 * @param file the ledger, for the error
 * @throws BodyscriptError `LEDGER_INVALID`
 */
export function jobOfRow(row: SqlRow, file: string): JobEntry {
  const { data, error } = rowSchema.safeParse(decoded(row, file));
  if (error) throw invalidRow(row, file, problemOf(error));
  return entryOf(data);
}

function problemOf({ issues: [issue] }: NonNullable<ReturnType<typeof rowSchema.safeParse>['error']>): string {
  const what = issue?.message === 'Invalid input' ? 'has an impossible value' : issue?.message;
  return `${issue?.path.join('.')} ${what}`;
}

/**
 * Checks a new row: one that `jobOfRow` refuses would make the whole ledger unusable.
 * @param values those that are known
 * @throws RangeError that names the value
 */
export function checkNewRow(values: SqlRow): void {
  const nothing = Object.fromEntries(Object.keys(rowSchema.shape).map(column => [column, null]));
  const { error } = rowSchema.safeParse(
    decoded({ ...nothing, id: 0, version: 0, attempts: 0, alone: 0, ...values }, ''),
  );
  if (error) throw new RangeError(problemOf(error));
}

function invalidRow({ id }: SqlRow, file: string, what: string): BodyscriptError {
  return invalidLedger(file, `its entry ${id} was not written by bodyscript (${what})`);
}

/** Bytes as text, or text as JSON if it is JSON. */
function decoded(row: SqlRow, file: string): Record<string, unknown> {
  const values: Record<string, unknown> = { ...row };
  let column = '';
  try {
    for (column of [...TEXTS, ...JSON_COLUMNS]) {
      const value = values[column];
      // One of several rows has an ArrayBuffer, a single one a Buffer.
      if (value instanceof Uint8Array || value instanceof ArrayBuffer) values[column] = UTF8.decode(value);
    }
    for (column of JSON_COLUMNS) {
      const value = values[column];
      if (typeof value === 'string') values[column] = JSON.parse(value);
    }
  } catch {
    throw invalidRow(row, file, `${column} cannot be read`);
  }
  return values;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function entryOf(row: JobRow): JobEntry {
  const { decoded, detected, tracked, missing, filled } = row;
  const frames = { decoded, detected, tracked, missing, filled };
  const counts = Object.fromEntries(Object.entries(frames).map(([status, count]) => [status, count ?? 0]));
  return {
    id: row.id,
    path: row.path,
    name: row.name,
    version: row.version,
    state: row.state,
    bytes: row.bytes,
    modified: row.modified,
    sha256: row.sha256,
    optionsHash: row.options_hash,
    toolVersion: row.tool_version,
    attempts: row.attempts,
    alone: row.alone === 1,
    runner: row.runner,
    worker: row.worker,
    leaseUntil: row.lease_until,
    queuedAt: row.queued_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    frames: decoded === null ? null : (counts as JobEntry['frames']),
    wallSeconds: row.wall_seconds,
    peakMemory: row.peak_memory,
    error:
      row.error_code === null
        ? null
        : { code: row.error_code, message: row.error_message ?? '', remedy: row.error_remedy },
    outputs: row.outputs ?? [],
  };
}
