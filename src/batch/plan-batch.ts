import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { inspectVideo } from '../analyze/inspect-video.js';
import { needsOf } from '../analyze/needs.js';
import { optionsHash } from '../analyze/options-hash.js';
import { type PlainError, toPlainError } from '../errors.js';
import { systemPath } from '../system/byte-names.js';
import type { BatchRequest } from './batch.js';
import { NOT_FINAL } from './failures.js';
import { findInputs, type Input } from './inputs/find-inputs.js';
import { nothingPassedOver, type PassedOver } from './inputs/passed-over.js';
import { Database } from './ledger/database.js';
import { JOB_COLUMNS, type JobEntry, jobOfRow } from './ledger/job.js';
import { ledgerPath } from './ledger/ledger.js';
import { plannedInputs } from './plan/planned-inputs.js';

/** The action that a command would take on a video. */
export interface PlannedVideo {
  readonly path: string;
  readonly what: 'analyse' | 'skip' | 'wait for --retry-failed' | 'fail';
  /** Frames expected, if the file says. */
  readonly frames: number | undefined;
  /** Typical maximum memory of its analysis, in bytes. */
  readonly memory: number | undefined;
  readonly error: PlainError | undefined;
}

/** A plan, and the speed of earlier analyses with this ledger. */
export interface BatchPlan {
  readonly videos: AsyncIterable<PlannedVideo>;
  readonly passed: PassedOver;
  /** Frames per second of wall time, one video at a time; undefined if none has been analysed yet. */
  readonly framesPerSecond: number | undefined;
}

/** The actions that a command would take; only reads, and writes nothing. */
export function planBatch(request: BatchRequest): BatchPlan {
  const passed = nothingPassedOver();
  const path = ledgerPath(request.options.outputs.outDir, request.shard);
  const jobs = existsSync(path) ? readJobs(path) : new Map<string, JobEntry>();
  const done = [...jobs.values()].filter(({ state, frames, wallSeconds }) => state === 'done' && frames && wallSeconds);
  const frames = done.reduce((sum, job) => sum + (job.frames?.decoded ?? 0), 0);
  const seconds = done.reduce((sum, job) => sum + (job.wallSeconds ?? 0), 0);
  return {
    videos: plan(request, passed, jobs),
    passed,
    framesPerSecond: seconds > 0 ? frames / seconds : undefined,
  };
}

function readJobs(path: string): Map<string, JobEntry> {
  using db = new Database(path, true);
  const jobs = new Map<string, JobEntry>();
  for (const row of db.all(`SELECT ${JOB_COLUMNS} FROM jobs`)) {
    const job = jobOfRow(row, path);
    jobs.set(job.path, job);
  }
  return jobs;
}

async function* plan(
  request: BatchRequest,
  passed: PassedOver,
  jobs: ReadonlyMap<string, JobEntry>,
): AsyncGenerator<PlannedVideo> {
  const hash = optionsHash(request.options);
  const inputs = request.part ? plannedInputs(request.part) : findInputs(request.inputs, passed);
  for await (const input of inputs) {
    const job = jobs.get(resolve(input.path));
    const known = job && (await isUnchanged(job, input, hash)) ? job.state : undefined;
    if (known === 'done' && !request.force) {
      yield { path: input.path, what: 'skip', frames: job?.frames?.decoded, memory: undefined, error: undefined };
      continue;
    }
    try {
      const inspected = await inspectVideo(input.path, request.options);
      await using _source = inspected.source;
      const needs = needsOf(inspected);
      const isFinal = known === 'failed' && !NOT_FINAL.has(job?.error?.code ?? '');
      const what = isFinal && !request.retryFailed ? 'wait for --retry-failed' : 'analyse';
      yield { path: input.path, what, ...needs, error: undefined };
    } catch (error) {
      yield { path: input.path, what: 'fail', frames: undefined, memory: undefined, error: toPlainError(error) };
    }
  }
}

async function isUnchanged(job: JobEntry, { path }: Input, hash: string): Promise<boolean> {
  const facts = await stat(systemPath(path)).catch(() => undefined);
  return job.optionsHash === hash && facts?.size === job.bytes && facts?.mtimeMs === job.modified;
}
