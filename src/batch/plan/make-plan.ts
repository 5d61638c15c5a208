import { existsSync } from 'node:fs';
import type { AnalyzeOptions } from '../../analyze/options.js';
import { BodyscriptError } from '../../errors.js';
import { PACKAGE } from '../../system/package-info.js';
import { prepareOutputFolder } from '../../system/whole-file.js';
import { recordedNames } from '../bucket-names.js';
import { findInputs, type InputRequest } from '../inputs/find-inputs.js';
import { nothingPassedOver, type PassedOver } from '../inputs/passed-over.js';
import { Database, TEMPORARY } from '../ledger/database.js';
import { JOB_COLUMNS, jobOfRow } from '../ledger/job.js';
import { Ledger, ledgerPath } from '../ledger/ledger.js';
import type { Destination, Staging } from '../staging.js';
import { fetchPlan, publishPlan } from './bucket-plan.js';
import { divide, type Share } from './divide.js';
import { type PlanVideo, planPath, readPlan, writePlan } from './plan-file.js';
import { type ProbedVideo, probeVideos } from './probe-videos.js';

/** What to plan. */
export interface PlanRequest {
  readonly inputs: InputRequest;
  readonly options: AnalyzeOptions;
  readonly parts: number;
  /** For buckets among the videos, and as the place of results: the plan goes there, too. */
  readonly staging?: Staging | undefined;
}

/** The result of planning. */
export interface MadePlan {
  readonly path: string;
  readonly videos: number;
  /** How many of them are divided among parts. */
  readonly divided: number;
  readonly parts: number;
  readonly emptyParts: number;
  /** Work of the largest part, divided by the mean of all parts. */
  readonly largest: number;
  /** The video that alone has more work than the mean of all parts, in the largest part. */
  readonly heaviest: string | undefined;
  /** Why videos could not be read, one message each. */
  readonly unreadable: readonly string[];
  /** How many videos of the plan that this one replaces are not in it. */
  readonly dropped: number;
  readonly passed: PassedOver;
}

/** A video with more than this many times the mean work of the parts makes them uneven. */
const UNEVEN = 1.1;

/**
 * Finds all videos, names their outputs, and divides them into parts of about equal work.
 * @throws BodyscriptError `INPUT_MISSING` if there is no video; `OUTPUT_NOT_WRITABLE`, `OUTPUT_DISK_FULL`, `STORAGE_*`
 */
export async function makePlan(request: PlanRequest, signal: AbortSignal): Promise<MadePlan> {
  const { inputs, options, parts, staging } = request;
  const destination = staging?.destination;
  const { outDir } = options.outputs;
  await prepareOutputFolder(outDir);
  const passed = nothingPassedOver();
  using ledger = new Ledger(TEMPORARY);
  if (destination) await reserveRecorded(ledger, destination, signal);
  const earlier = await reserveNames(ledger, outDir);
  const { found } = await ledger.register(findInputs(inputs, passed, signal), undefined);
  if (found === 0) {
    throw new BodyscriptError('INPUT_MISSING', `${inputs.paths.join(', ')}: no videos found`, {
      remedy: 'Give videos, folders or globs that contain videos.',
    });
  }
  const unreadable: string[] = [];
  const onUnreadable = (message: string) => void unreadable.push(message);
  const videos = await probeVideos(ledger, { options, parts, staging, signal, onUnreadable });
  const shares = divide(videos, parts);
  const planned = shares.map(share => lineOf(videos[share.video] as ProbedVideo, share));
  const tool = { name: PACKAGE.name, version: PACKAGE.version };
  const { segments } = options.analysis;
  const header = { tool, madeAt: new Date().toISOString(), parts, videos: videos.length };
  const write = async (place: string) =>
    writePlan(place, segments === undefined ? header : { ...header, segments }, planned);
  await (destination ? publishPlan(destination, write, signal) : write(outDir));
  const divided = new Set(shares.filter(({ piece }) => piece).map(({ video }) => video)).size;
  const counts = { videos: videos.length, divided, parts };
  for (const { path } of videos) earlier.delete(path);
  return { path: planPath(outDir), ...counts, ...sumsOf(planned, parts), unreadable, dropped: earlier.size, passed };
}

function lineOf({ segments: _, ...video }: ProbedVideo, { part, work, piece }: Share): PlanVideo {
  return { ...video, part, work, ...(piece ? { piece } : {}) };
}

/** A bucket has no ledger: its records have the names, where no earlier plan has them. */
async function reserveRecorded(ledger: Ledger, destination: Destination, signal: AbortSignal): Promise<void> {
  if (await fetchPlan(destination, signal)) return;
  for (const { path, name } of await recordedNames(destination.place, signal)) ledger.reserve(path, name);
}

/**
 * A video keeps its name from an earlier plan, or from the ledger of this folder.
 * @returns paths of the earlier plan's videos
 */
async function reserveNames(ledger: Ledger, outDir: string): Promise<Set<string>> {
  const earlier = new Set<string>();
  if (existsSync(planPath(outDir))) {
    for await (const { path, name } of readPlan(outDir)) {
      ledger.reserve(path, name);
      earlier.add(path);
    }
  }
  const path = ledgerPath(outDir);
  if (!existsSync(path)) return earlier;
  using db = new Database(path, true);
  for (const row of db.all(`SELECT ${JOB_COLUMNS} FROM jobs`)) {
    const job = jobOfRow(row, path);
    ledger.reserve(job.path, job.name);
  }
  return earlier;
}

function sumsOf(videos: readonly PlanVideo[], parts: number): Pick<MadePlan, 'emptyParts' | 'largest' | 'heaviest'> {
  const sums = new Float64Array(parts);
  const counts = new Uint32Array(parts);
  for (const { part, work } of videos) {
    sums[part - 1] = (sums[part - 1] ?? 0) + work;
    counts[part - 1] = (counts[part - 1] ?? 0) + 1;
  }
  const mean = sums.reduce((sum, one) => sum + one, 0) / parts;
  const most = sums.reduce((a, b) => Math.max(a, b), 0);
  const heaviest = videos.find(({ part, work }) => sums[part - 1] === most && work > mean * UNEVEN);
  return {
    emptyParts: counts.filter(count => count === 0).length,
    largest: mean === 0 ? 1 : most / mean,
    heaviest: heaviest?.given,
  };
}
