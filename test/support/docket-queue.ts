import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DocketVideo, Step } from '../../src/batch/docket.js';
import { BodyscriptError, type ErrorCode, toPlainError } from '../../src/errors.js';
import { JobStore } from '../../src/queue/job-store.js';
import { QueueDocket } from '../../src/queue/queue-docket.js';
import { type FailedJob, failedJobs } from '../../src/queue/queue-standing.js';
import { madeJob, USUAL } from './queue-jobs.js';
import type { TestRedis } from './redis.js';
import { temporaryFolder } from './temporary-folder.js';

const folder = await temporaryFolder();
let databases = 0;
export const never = () => false;

/** A queue of a test's own, with jobs of these names, and a docket of it. */
export async function queueOf(redis: TestRedis, names: readonly string[], within?: string, lockMs = 60_000) {
  const url = redis.url(databases++);
  const store = await JobStore.open(url, () => {}, lockMs);
  const outDir = join(folder, `out-${databases}`);
  await mkdir(outDir);
  await store.add(
    names.map(name => madeJob(outDir, name)),
    2,
    never,
  );
  const confined = within === undefined ? undefined : [within];
  const docket = new QueueDocket(store, { untilEmpty: true, within: confined, machine: USUAL.machine });
  return { url, store, outDir, docket, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
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

export const failure = (code: ErrorCode) =>
  toPlainError(new BodyscriptError(code, 'went wrong', { remedy: 'Fix it.' }));
export const failed = (code: ErrorCode) => ({ kind: 'failed' as const, error: failure(code), kept: [] });
