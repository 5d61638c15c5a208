import { resolve } from 'node:path';
import { isInBucket } from '../batch/places.js';
import { type FailureNote, readFailureNote } from './failure-note.js';
import type { JobData } from './job-data.js';
import type { JobStore, ListedJob, ListedState } from './job-store.js';

/** How many jobs are in which state. */
export interface QueueCounts {
  readonly waiting: number;
  /** Waiting for a moment, as where another run writes the same files. */
  readonly delayed: number;
  readonly active: number;
  readonly done: number;
  readonly failed: number;
}

interface NamedJob {
  readonly id: string;
  /** Undefined where the job is not one of bodyscript's. */
  readonly path: string | undefined;
  readonly outDir: string | undefined;
  readonly name: string | undefined;
}

/** A video that a worker analyses. */
export interface ActiveJob extends NamedJob {
  /** The worker's machine; undefined in the moment before it begins. */
  readonly host: string | undefined;
  readonly pid: number | undefined;
  /** Frames analysed when the worker last said so, every few seconds, and those of the whole video. */
  readonly frames: number | undefined;
  readonly expected: number | undefined;
  /** Milliseconds since 1970. */
  readonly startedAt: number | undefined;
}

/** A video that failed for good. */
export interface FailedJob extends FailureNote, NamedJob {
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
  for await (const job of jobsIn(store, 'failed')) {
    const { attemptsMade: attempts, failedReason, finishedOn } = job;
    yield { ...namesOf(job), attempts, endedAt: numberIn(finishedOn), ...readFailureNote(failedReason) };
  }
}

/** The videos that workers analyse now, the latest first. */
export async function* activeJobs(store: JobStore): AsyncGenerator<ActiveJob> {
  for await (const job of jobsIn(store, 'active')) {
    const { host, pid, frames, expected } = fieldsOf(job.progress);
    yield {
      ...namesOf(job),
      host: textIn(host),
      ...{ pid: numberIn(pid), frames: numberIn(frames), expected: numberIn(expected) },
      startedAt: numberIn(job.processedOn),
    };
  }
}

/** The jobs that no worker has now, with the version of the file that each is about. */
export async function* replaceableVersions(
  store: JobStore,
): AsyncGenerator<NamedJob & Pick<JobData, 'bytes' | 'modified' | 'etag'>> {
  for (const state of ['failed', 'wait', 'delayed'] as const) {
    for await (const job of jobsIn(store, state)) {
      const { bytes, modified, etag } = fieldsOf(job.data);
      const version = {
        bytes: numberIn(bytes) ?? null,
        modified: numberIn(modified) ?? null,
        etag: textIn(etag) ?? null,
      };
      yield { ...namesOf(job), ...version };
    }
  }
}

/**
 * Lets failed videos wait again; where one of those given has not failed, nothing changes.
 * @param videos paths or names; none: all
 * @returns how many wait again, and those given that have not failed
 */
export async function retryFailed(
  store: JobStore,
  videos: readonly string[],
): Promise<{ readonly retried: number; readonly unknown: readonly string[] }> {
  const pathOf = (video: string) => (isInBucket(video) ? video : resolve(video));
  const [paths, names] = [new Set(videos.map(pathOf)), new Set(videos)];
  const failed = new Set<string>();
  const ids: string[] = [];
  for await (const { id, path = '', name = '' } of failedJobs(store)) {
    if (videos.length > 0 && !paths.has(path) && !names.has(name)) continue;
    ids.push(id);
    failed.add(path).add(name);
  }
  const unknown = videos.filter(video => !failed.has(pathOf(video)) && !failed.has(video));
  let retried = 0;
  if (unknown.length === 0) for (const id of ids) if (await store.retry(id)) retried++;
  return { retried, unknown };
}

async function* jobsIn(store: JobStore, state: ListedState): AsyncGenerator<ListedJob> {
  for (let from = 0; ; from += AT_ONCE) {
    const jobs = await store.list(state, from, from + AT_ONCE - 1);
    yield* jobs;
    if (jobs.length < AT_ONCE) return;
  }
}

function namesOf({ id = '', data }: ListedJob): NamedJob {
  const { path, outDir, name } = fieldsOf(data);
  return { id, path: textIn(path), outDir: textIn(outDir), name: textIn(name) };
}

/** The fields of what anybody may have written. */
function fieldsOf(value: unknown): Record<string, unknown> {
  return (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= LONGEST_TEXT ? value : undefined;
}

function numberIn(value: unknown): number | undefined {
  return Number.isFinite(value) ? (value as number) : undefined;
}
