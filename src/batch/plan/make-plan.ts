import { existsSync } from 'node:fs';
import { type InspectedVideo, inspectVideo } from '../../analyze/inspect-video.js';
import { needsOf } from '../../analyze/needs.js';
import type { AnalyzeOptions } from '../../analyze/options.js';
import { planSegments } from '../../analyze/segments/plan-segments.js';
import { BodyscriptError, toPlainError } from '../../errors.js';
import { isBucketAddress } from '../../storage/address.js';
import { PACKAGE } from '../../system/package-info.js';
import { prepareOutputFolder } from '../../system/whole-file.js';
import { recordedNames } from '../bucket-names.js';
import { factsOf } from '../decide.js';
import { findInputs, type InputRequest } from '../inputs/find-inputs.js';
import { nothingPassedOver, type PassedOver } from '../inputs/passed-over.js';
import { Database, TEMPORARY } from '../ledger/database.js';
import { JOB_COLUMNS, jobOfRow } from '../ledger/job.js';
import { Ledger, ledgerPath } from '../ledger/ledger.js';
import type { Destination } from '../staging.js';
import { fetchPlan, publishPlan } from './bucket-plan.js';
import { divide, type Share } from './divide.js';
import { type PlanVideo, planPath, readPlan, writePlan } from './plan-file.js';

/** What to plan. */
export interface PlanRequest {
  readonly inputs: InputRequest;
  readonly options: AnalyzeOptions;
  readonly parts: number;
  /** Where results go, if that is a bucket: the plan goes there, too. */
  readonly destination?: Destination | undefined;
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
  readonly passed: PassedOver;
}

/** Videos are probed by this many ffprobe processes at a time. */
const PROBES = 4;
const MEGAPIXEL = 1e6;
/** A video with more than this many times the mean work of the parts makes them uneven. */
const UNEVEN = 1.1;

/**
 * Finds all videos, names their outputs, and divides them into parts of about equal work. Videos of buckets are not
 * downloaded: their bytes stand for their work.
 * @throws BodyscriptError `INPUT_MISSING` if there is no video; `OUTPUT_NOT_WRITABLE`, `OUTPUT_DISK_FULL`, `STORAGE_*`
 */
export async function makePlan(request: PlanRequest, signal: AbortSignal): Promise<MadePlan> {
  const { inputs, options, parts, destination } = request;
  const { outDir } = options.outputs;
  await prepareOutputFolder(outDir);
  const passed = nothingPassedOver();
  using ledger = new Ledger(TEMPORARY);
  if (destination) await reserveRecorded(ledger, destination, signal);
  await reserveNames(ledger, outDir);
  const { found } = await ledger.register(findInputs(inputs, passed, signal), undefined);
  if (found === 0) {
    throw new BodyscriptError('INPUT_MISSING', `${inputs.paths.join(', ')}: no videos found`, {
      remedy: 'Give videos, folders or globs that contain videos.',
    });
  }
  const unreadable: string[] = [];
  const videos = await probeAll(ledger, options, signal, message => unreadable.push(message));
  guessWork(videos);
  // Parts meet the segments of others in the folder of results: a bucket has no such place.
  const shares = divide(destination ? videos.map(video => ({ ...video, segments: 1 })) : videos, parts);
  const planned = shares.map(share => lineOf(videos[share.video] as ProbedVideo, share));
  const tool = { name: PACKAGE.name, version: PACKAGE.version };
  const { segments } = options.analysis;
  const header = { tool, madeAt: new Date().toISOString(), parts, videos: videos.length };
  await writePlan(outDir, segments === undefined ? header : { ...header, segments }, planned);
  if (destination) await publishPlan(destination, signal);
  const divided = new Set(shares.filter(({ piece }) => piece).map(({ video }) => video)).size;
  const counts = { videos: videos.length, divided, parts };
  return { path: planPath(outDir), ...counts, ...sumsOf(planned, parts), unreadable, passed };
}

function lineOf({ segments: _, ...video }: ProbedVideo, { part, work, piece }: Share): PlanVideo {
  return { ...video, part, work, ...(piece ? { piece } : {}) };
}

/** A bucket has no ledger: its records have the names, where no earlier plan has them. */
async function reserveRecorded(ledger: Ledger, destination: Destination, signal: AbortSignal): Promise<void> {
  if (await fetchPlan(destination, signal)) return;
  for (const { path, name } of await recordedNames(destination.place, signal)) ledger.reserve(path, name);
}

/** A video keeps its name from an earlier plan, or from the ledger of this folder. */
async function reserveNames(ledger: Ledger, outDir: string): Promise<void> {
  if (existsSync(planPath(outDir))) {
    for await (const { path, name } of readPlan(outDir)) ledger.reserve(path, name);
  }
  const path = ledgerPath(outDir);
  if (!existsSync(path)) return;
  using db = new Database(path, true);
  for (const row of db.all(`SELECT ${JOB_COLUMNS} FROM jobs`)) {
    const job = jobOfRow(row, path);
    ledger.reserve(job.path, job.name);
  }
}

async function probeAll(
  ledger: Ledger,
  options: AnalyzeOptions,
  signal: AbortSignal,
  onUnreadable: (message: string) => void,
): Promise<ProbedVideo[]> {
  const videos: ProbedVideo[] = [];
  let cursor = 0;
  const work = async () => {
    for (let next = ledger.pendingAfter(cursor); next; next = ledger.pendingAfter(cursor)) {
      cursor = next.position;
      const at = videos.length;
      const { given, job } = next;
      const named = {
        part: 1,
        path: job.path,
        given,
        name: job.name,
        frames: null,
        width: null,
        height: null,
        work: 0,
        segments: 1,
      };
      videos.push({ ...named, bytes: null });
      const bytes = (await factsOf(job.path, signal))?.bytes ?? null;
      videos[at] = { ...named, bytes };
      if (isBucketAddress(job.path)) continue;
      try {
        videos[at] = { ...named, bytes, ...(await sizeOf(job.path, options, signal)) };
      } catch (error) {
        signal.throwIfAborted();
        onUnreadable(toPlainError(error).message);
      }
    }
  };
  await Promise.all(Array.from({ length: PROBES }, work));
  return videos;
}

/** A video, and into how many segments it can be cut. */
type ProbedVideo = PlanVideo & { readonly segments: number };
type Size = Pick<ProbedVideo, 'frames' | 'width' | 'height' | 'work' | 'segments'>;

async function sizeOf(path: string, options: AnalyzeOptions, signal: AbortSignal): Promise<Size> {
  const inspected = await inspectVideo(path, options, signal);
  await using _source = inspected.source;
  const { width, height } = inspected.size;
  const frames = needsOf(inspected).frames ?? null;
  const work = frames === null ? 0 : (frames * width * height) / MEGAPIXEL;
  return { frames, width, height, work, segments: work === 0 ? 1 : segmentsOf(inspected) };
}

/** A limit of frames is counted from the beginning. */
function segmentsOf(inspected: InspectedVideo): number {
  if (inspected.options.source.selection.maxFrames !== undefined) return 1;
  return (planSegments(inspected, () => {}, true)?.last ?? 0) + 1;
}

/**
 * If a video does not state its number of frames, or is in a bucket, its work is estimated from its bytes, at the
 * others' average.
 */
function guessWork(videos: ProbedVideo[]): void {
  const known = videos.filter(({ work, bytes }) => work > 0 && bytes);
  const bytes = known.reduce((sum, video) => sum + (video.bytes ?? 0), 0);
  const perByte = bytes === 0 ? 1 / MEGAPIXEL : known.reduce((sum, { work }) => sum + work, 0) / bytes;
  for (const [at, video] of videos.entries()) {
    const isUncounted = video.frames === null && (video.width !== null || isBucketAddress(video.path));
    if (isUncounted) videos[at] = { ...video, work: (video.bytes ?? 0) * perByte };
  }
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
