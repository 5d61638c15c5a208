import type { ProcessIdentity } from '../../system/process-identity.js';
import type { SqlRow } from './database.js';

export const JOB_STATES = ['queued', 'running', 'done', 'failed', 'interrupted'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** A file that a video's analysis left, as it was then. */
export interface JobOutput {
  /** Relative to the output folder, with slashes. */
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  readonly sha256: string;
}

/** What the ledger knows of one video. Times are milliseconds since 1970, memory is bytes; null where it is not known. */
export interface JobEntry {
  readonly id: number;
  /** Absolute. */
  readonly path: string;
  /** Of its outputs, without suffix, relative to the output folder. */
  readonly name: string;
  readonly version: number;
  readonly state: JobState;
  readonly bytes: number | null;
  readonly modified: number | null;
  readonly sha256: string | null;
  readonly optionsHash: string | null;
  readonly toolVersion: string | null;
  readonly attempts: number;
  /** Whether it needs so much memory that nothing may run beside it. */
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

const parsed = <T>(text: unknown, otherwise: T): T => (typeof text === 'string' ? (JSON.parse(text) as T) : otherwise);
const number = (value: unknown) => (typeof value === 'number' ? value : null);
const text = (value: unknown) => (typeof value === 'string' ? value : null);

/** A row of `jobs` as an entry. */
export function jobOfRow(row: SqlRow): JobEntry {
  return {
    id: Number(row.id),
    path: String(row.path),
    name: String(row.name),
    version: Number(row.version),
    state: String(row.state) as JobState,
    bytes: number(row.bytes),
    modified: number(row.modified),
    sha256: text(row.sha256),
    optionsHash: text(row.options_hash),
    toolVersion: text(row.tool_version),
    attempts: Number(row.attempts),
    alone: row.alone === 1,
    runner: parsed<ProcessIdentity | null>(row.runner, null),
    worker: parsed<ProcessIdentity | null>(row.worker, null),
    leaseUntil: number(row.lease_until),
    queuedAt: Number(row.queued_at),
    startedAt: number(row.started_at),
    endedAt: number(row.ended_at),
    frames: framesOf(row),
    wallSeconds: number(row.wall_seconds),
    peakMemory: number(row.peak_memory),
    error:
      row.error_code === null
        ? null
        : { code: String(row.error_code), message: String(row.error_message), remedy: text(row.error_remedy) },
    outputs: parsed<readonly JobOutput[]>(row.outputs, []),
  };
}

function framesOf(row: SqlRow): JobEntry['frames'] {
  const { decoded, detected, tracked, missing, filled } = row;
  if (decoded === null) return null;
  const counts = { decoded, detected, tracked, missing, filled };
  return Object.fromEntries(
    Object.entries(counts).map(([status, count]) => [status, Number(count)]),
  ) as JobEntry['frames'];
}
