import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BodyscriptError } from '../errors.js';
import { claimOutputs, type OutputClaim } from '../system/claim-outputs.js';
import { readStart } from '../system/own-file.js';
import { PACKAGE } from '../system/package-info.js';
import { GrowingFile } from '../system/whole-file.js';
import type { BatchRequest, BatchResult } from './batch.js';
import type { DocketOutcome } from './docket.js';
import type { JobEntry } from './ledger/job.js';
import type { Outcome, Shard } from './ledger/ledger.js';
import type { JobState } from './ledger/row-schema.js';

/** Version of the report's layout; increases when the meaning of a field changes. */
const BATCH_REPORT_VERSION = 1;
const LINES_AT_ONCE = 200;
/** The beginning of each report. */
const HEAD = '{\n"reportVersion": ';
/** Several commands may use one folder and end together; writing a report takes each much less time. */
const WAIT_MS = 10_000;
const LOOK_EVERY_MS = 50;

/** Each shard has its own. */
export function batchReportPath(outDir: string, shard: Shard | undefined): string {
  return join(outDir, shard ? `batch-${shard.index}-of-${shard.count}.json` : 'batch.json');
}

/** Reserves the path for a command's report. */
async function claimReport({ options, shard }: BatchRequest): Promise<OutputClaim> {
  const { alsoRead = [], overwrite } = options.machine;
  return claimPlace(batchReportPath(options.outputs.outDir, shard), alsoRead, overwrite);
}

/** Reserves a report's path: replaces an earlier command's report, but no other file. */
async function claimPlace(path: string, alsoRead: readonly string[], overwrite: boolean): Promise<OutputClaim> {
  const isOwn = async (file: string) => (await readStart(file, HEAD.length)) === HEAD;
  const request = { outputs: [path], inputs: [], alsoRead, overwrite, isOwn };
  for (const end = performance.now() + WAIT_MS; ; await delay(LOOK_EVERY_MS)) {
    try {
      return await claimOutputs(request);
    } catch (error) {
      const isBusy = error instanceof BodyscriptError && error.code === 'OUTPUT_BUSY';
      if (!isBusy || performance.now() > end) throw error;
    }
  }
}

/**
 * Checks that the report can be written, before hours of work.
 * @throws BodyscriptError `OUTPUT_TAKEN`, `OUTPUT_NOT_WRITABLE`
 */
export async function checkBatchReport(request: BatchRequest): Promise<void> {
  await using _claim = await claimReport(request);
  const { staging, options, shard } = request;
  await staging?.checkReport(batchReportPath(options.outputs.outDir, shard), HEAD);
}

/** Totals over the videos of a command. */
export interface BatchTotals {
  /** Frames of the videos that this command analysed. */
  readonly frames: number;
  /** Frames of all its finished videos. */
  readonly framesInAll: number;
  /** Bytes: the whole process tree, or, if that was not watched, the largest video. */
  readonly peakMemory: number;
}

/**
 * Writes `batch.json`: the status of each input of the command, and totals. One video at a time: there may be a hundred
 * thousand.
 * @returns the totals
 */
export async function writeBatchReport(request: BatchRequest, result: BatchResult): Promise<BatchTotals> {
  const { options, shard } = request;
  await using _claim = await claimReport(request);
  const path = batchReportPath(options.outputs.outDir, shard);
  let [frames, framesInAll, peakMemory] = [0, 0, result.peakMemory];
  const count = ({ outcome, job }: DocketOutcome) => {
    if (job.state === 'done') framesInAll += job.frames?.decoded ?? 0;
    if (outcome === 'done') frames += job.frames?.decoded ?? 0;
    if (outcome === 'done') peakMemory = Math.max(peakMemory, job.peakMemory ?? 0);
  };
  const totals = () => ({ frames, framesInAll, peakMemory });
  await writeReport(path, result.docket.outcomes(), count, () => tail(options, result, totals()));
  return totals();
}

/** Writes a report, complete or not at all. @param onVideo called with each video, before the tail is requested */
async function writeReport(
  path: string,
  videos: Iterable<DocketOutcome>,
  onVideo: (video: DocketOutcome) => void,
  tailOf: () => string,
): Promise<void> {
  const file = await GrowingFile.create(path);
  try {
    await file.append(`${HEAD}${BATCH_REPORT_VERSION},\n"videos": [`);
    let lines: string[] = [];
    let separator = '\n';
    for (const video of videos) {
      onVideo(video);
      lines.push(`${separator}${JSON.stringify(describe(video.given, video.outcome, video.job))}`);
      separator = ',\n';
      if (lines.length < LINES_AT_ONCE) continue;
      await file.append(lines.join(''));
      lines = [];
    }
    await file.append(`${lines.join('')}\n],\n${tailOf()}}\n`);
    await file.close();
    await file.publish();
  } catch (error) {
    await file.remove().catch(() => {}); // Only the first failure counts.
    throw error;
  }
}

/** Names of the reports of parts or shards in a folder of results, by their numbers. */
export async function partReports(outDir: string): Promise<string[]> {
  const names = (await readdir(outDir)).filter(name => /^batch-\d+-of-\d+\.json$/.test(name));
  return names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** Status of the videos of all parts, as a merged ledger has it. */
const OUTCOMES: Readonly<Record<JobState, Outcome | null>> = {
  done: 'done',
  failed: 'failed',
  interrupted: 'interrupted',
  running: null,
  queued: null,
};

/** How many videos of a merged report are in which state. */
export type MergedCounts = Readonly<Record<'videos' | 'notRun' | Outcome, number>>;

/**
 * Writes one `batch.json` from a merged ledger, for the parts of a plan or for shards.
 * @param overwrite whether to replace a file that is not a report of this program
 * @throws BodyscriptError `OUTPUT_TAKEN`, `OUTPUT_NOT_WRITABLE`
 */
export async function writeMergedReport(
  outDir: string,
  jobs: Iterable<JobEntry>,
  parts: number,
  overwrite: boolean,
): Promise<{ path: string; counts: MergedCounts }> {
  const path = batchReportPath(outDir, undefined);
  await using _claim = await claimPlace(path, [], overwrite);
  const counts = { videos: 0, done: 0, skipped: 0, waiting: 0, failed: 0, interrupted: 0, notRun: 0 };
  let [frames, peakMemory, started, ended] = [0, 0, Number.POSITIVE_INFINITY, 0];
  const count = ({ outcome, job }: DocketOutcome) => {
    counts.videos++;
    counts[outcome ?? 'notRun']++;
    frames += outcome === 'done' ? (job.frames?.decoded ?? 0) : 0;
    peakMemory = Math.max(peakMemory, job.peakMemory ?? 0);
    started = Math.min(started, job.startedAt ?? started);
    ended = Math.max(ended, job.endedAt ?? 0);
  };
  await writeReport(path, outcomesOf(jobs), count, () => {
    const seconds = ended > started ? (ended - started) / 1000 : 0;
    const times =
      seconds > 0 ? { startedAt: new Date(started).toISOString(), endedAt: new Date(ended).toISOString() } : {};
    const tool = { name: PACKAGE.name, version: PACKAGE.version };
    const rest = { tool, ...times, parts, counts: withoutIdle(counts), frames, seconds, peakMemory, error: null };
    return `${JSON.stringify(rest, null, 2).slice(2, -2)}\n`;
  });
  return { path, counts };
}

function* outcomesOf(jobs: Iterable<JobEntry>): Generator<DocketOutcome> {
  for (const job of jobs) yield { given: job.path, outcome: OUTCOMES[job.state], job };
}

function describe(given: string, outcome: Outcome | null, job: JobEntry): object {
  const { name, state, attempts, frames, wallSeconds, peakMemory, error, outputs } = job;
  return {
    path: given,
    name,
    // Videos that were not reached keep their earlier status.
    outcome: outcome ?? 'not run',
    state,
    attempts,
    frames,
    seconds: wallSeconds,
    framesPerSecond: frames && wallSeconds ? frames.decoded / wallSeconds : null,
    peakMemory,
    error,
    outputs: outputs.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 })),
  };
}

/** Only videos of which parts analyse segments can wait. */
function withoutIdle<T extends { readonly waiting: number }>({ waiting, ...counts }: T): object {
  return waiting === 0 ? counts : { ...counts, waiting };
}

/** Everything except the list, as the inside of a JSON object. */
function tail(options: object, result: BatchResult, totals: BatchTotals): string {
  const { counts, total, passed, startedAt, seconds, lanes, error } = result;
  const settled = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const rest = {
    tool: { name: PACKAGE.name, version: PACKAGE.version },
    startedAt: startedAt.toISOString(),
    endedAt: new Date(startedAt.getTime() + seconds * 1000).toISOString(),
    counts: { videos: total, ...withoutIdle(counts), notRun: total - settled },
    passedOver: passed,
    frames: totals.frames,
    seconds,
    framesPerSecond: seconds > 0 ? totals.frames / seconds : 0,
    jobs: lanes,
    peakMemory: totals.peakMemory,
    error: error ? { code: error.code, message: error.message, remedy: error.remedy ?? null } : null,
    options,
  };
  return `${JSON.stringify(rest, null, 2).slice(2, -2)}\n`;
}
