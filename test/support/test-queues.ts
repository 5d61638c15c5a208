import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DocketVideo, Step } from '../../src/batch/docket.js';
import { BodyscriptError, type ErrorCode, type PlainError, toPlainError } from '../../src/errors.js';
import { JobStore } from '../../src/queue/job-store.js';
import { QueueDocket } from '../../src/queue/queue-docket.js';
import { type FailedJob, failedJobs } from '../../src/queue/queue-standing.js';
import { madeJob, USUAL } from './queue-jobs.js';
import type { TestRedis } from './redis.js';

/** A queue of a test's own, and a docket of it. */
export interface TestQueue extends AsyncDisposable {
  readonly url: string;
  readonly store: JobStore;
  readonly outDir: string;
  readonly docket: QueueDocket;
}

/** Makes queues in one server, each in a database and with a folder of its own. */
export class TestQueues {
  readonly #redis: TestRedis;
  readonly #folder: string;
  #databases = 0;

  constructor(redis: TestRedis, folder: string) {
    [this.#redis, this.#folder] = [redis, folder];
  }

  /** @param names of its jobs @param within the folder of the docket's videos and results */
  async open(names: readonly string[], within?: string, lockMs = 60_000): Promise<TestQueue> {
    const url = this.#redis.url(this.#databases++);
    const store = await JobStore.open(url, () => {}, lockMs);
    const outDir = join(this.#folder, `out-${this.#databases}`);
    await mkdir(outDir);
    await store.add(
      names.map(name => madeJob(outDir, name)),
      2,
      () => false,
    );
    const confined = within === undefined ? undefined : [within];
    const docket = new QueueDocket(store, { untilEmpty: true, within: confined, machine: USUAL.machine });
    return { url, store, outDir, docket, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
  }
}

export function videoOf(step: Step | undefined): DocketVideo {
  if (step?.what !== 'analyse') throw new Error(`no video to analyse: ${step?.what}`);
  return step.video;
}

export async function allFailed(store: JobStore): Promise<FailedJob[]> {
  const jobs: FailedJob[] = [];
  for await (const job of failedJobs(store)) jobs.push(job);
  return jobs;
}

export function failure(code: ErrorCode): PlainError {
  return toPlainError(new BodyscriptError(code, 'went wrong', { remedy: 'Fix it.' }));
}

export function failed(code: ErrorCode) {
  return { kind: 'failed' as const, error: failure(code), kept: [] };
}
