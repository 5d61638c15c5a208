import { type FailureNote, readFailureNote } from './failure-note.js';
import type { EndedJob, JobStore } from './job-store.js';

/** How many jobs are in which state. */
export interface QueueCounts {
  readonly waiting: number;
  /** Waiting for a moment, as where another run writes the same files. */
  readonly delayed: number;
  readonly active: number;
  readonly done: number;
  readonly failed: number;
}

/** A video that failed for good. */
export interface FailedJob extends FailureNote {
  readonly id: string;
  /** Undefined where the job is not one of bodyscript's. */
  readonly path: string | undefined;
  readonly outDir: string | undefined;
  readonly name: string | undefined;
  readonly attempts: number;
  /** Milliseconds since 1970. */
  readonly endedAt: number | undefined;
}

const AT_ONCE = 200;
const LONGEST_TEXT = 4096;

export async function countJobs(store: JobStore): Promise<QueueCounts> {
  const { wait = 0, prioritized = 0, delayed = 0, active = 0, completed = 0, failed = 0 } = await store.counts();
  return { waiting: wait + prioritized, delayed, active, done: completed, failed };
}

/** The failed videos of a queue, the latest first. */
export async function* failedJobs(store: JobStore): AsyncGenerator<FailedJob> {
  for (let from = 0; ; from += AT_ONCE) {
    const jobs = await store.failed(from, from + AT_ONCE - 1);
    for (const job of jobs) yield describe(job);
    if (jobs.length < AT_ONCE) return;
  }
}

function describe({ id = '', data, attemptsMade, failedReason, finishedOn }: EndedJob): FailedJob {
  const fields = (typeof data === 'object' && data !== null ? data : {}) as Record<string, unknown>;
  const text = (name: string) => {
    const value = fields[name];
    return typeof value === 'string' && value.length <= LONGEST_TEXT ? value : undefined;
  };
  return {
    ...{ id, path: text('path'), outDir: text('outDir'), name: text('name'), attempts: attemptsMade },
    ...{ endedAt: Number.isFinite(finishedOn) ? finishedOn : undefined, ...readFailureNote(failedReason) },
  };
}
