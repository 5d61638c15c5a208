import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { colourWarning } from '../decode/colour.js';
import type { FrameReader } from '../decode/frame-reader.js';
import { type CopiedVideo, DEFAULT_SEQUENCE_FPS } from '../decode/input.js';
import { rateWarning } from '../decode/raw-stream.js';
import { expectedFrames } from '../decode/selection.js';
import { timeScaleWarning } from '../decode/time-scale.js';
import type { FrameResult } from '../model/result.js';
import type { RunRecord } from '../model/run-record.js';
import type { PlannedOutput } from '../outputs/planned-outputs.js';
import type { OutputClaim } from '../system/claim-outputs.js';
import { collectGarbage } from '../system/collect-garbage.js';
import { packagedWarnings } from '../system/ffmpeg-binaries.js';
import { isShortened } from '../system/fitting-name.js';
import type { MemoryLimit } from '../system/memory-limit.js';
import { countedBytes, TreeMemoryWatch } from '../system/tree-memory.js';
import { analyzeFrames, type PoseSource } from './analyze-frames.js';
import { removeCheckpoint } from './checkpoint.js';
import { type EarlierRun, findEarlierRun, outputsToMake, readEarlierRecord } from './earlier-run.js';
import { type InspectedVideo, inspectVideo } from './inspect-video.js';
import type { Job } from './job.js';
import { makeFromTable } from './make-from-table.js';
import { checkMemoryBeforeStart, leastMemoryNeeded, MemoryGuard } from './memory-guard.js';
import { memoryLimits, memoryNeeds, type Needs, needsOf } from './needs.js';
import type { CheckpointPlace } from './open-checkpoint.js';
import { loadOutputs } from './open-outputs.js';
import { borrowEngine, type LentEngine, openTeam } from './open-poses.js';
import type { AnalyzeOptions } from './options.js';
import { settleEarlierFiles } from './outdated-files.js';
import { type OutputPlan, planOutputs, prepareOutputs } from './output-plan.js';
import { RecordKeeper } from './record-keeper.js';
import { planSegments, type SegmentPlan } from './segments/plan-segments.js';
import { type SegmentShelf, storedSegments } from './segments/segment-shelf.js';
import { SegmentsUnfit } from './segments/segmented-analyzer.js';

/** Progress of a run. */
export interface Progress {
  /** Frames analysed. */
  readonly frames: number;
  /** Frames that ffmpeg decoded, skipped ones included. */
  readonly decoded: number;
  /** Frames expected; undefined if the file does not say. */
  readonly expected: number | undefined;
  /** Memory of the process tree in bytes: what counts against `--max-memory`. */
  readonly memory: number;
}

/** Optional inputs from a caller, in addition to the options. */
export interface AnalyzeContext {
  /** Stops the run early; its reason becomes the run's error. */
  readonly signal?: AbortSignal;
  /**
   * An engine to use and leave open, for several videos in sequence, or a function that opens it on demand. It must
   * match the options.
   */
  readonly engine?: LentEngine;
  /** A copy of the video to read; the path is its place in a bucket. */
  readonly copy?: CopiedVideo | undefined;
  /** Base name of the outputs, below the output folder and without suffix, instead of the video's own name. */
  readonly outputName?: string;
  /** Awaited after the video has been inspected, before anything is decoded; an exception ends the run. */
  readonly admit?: (needs: Needs) => Promise<void>;
  /** Analyses the video even if an earlier run left its table, and only other outputs are requested. */
  readonly analyzeAgain?: boolean;
  /** Undefined: a run that stops early starts from the beginning the next time. */
  readonly checkpoint?: CheckpointPlace;
  /** Segments of the video that other commands have stored are used. */
  readonly segments?: SegmentShelf | undefined;
  /** The run ends, by its caller, if no frame is finished for this long, in milliseconds. */
  readonly stallMs?: number | undefined;
  /** Awaited once no other process can write the same outputs; an exception ends the run. */
  readonly onClaimed?: () => Promise<void>;
  /** Whether the caller watches the memory; this run then does not stop by itself. */
  readonly governed?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  /** Receives each frame's result in order, once the outputs have it; awaited, so that a slow reader slows the run. */
  readonly onResult?: (result: FrameResult) => Promise<void>;
  /** Called after the last frame was read; only finishing the files remains. */
  readonly onFinishing?: () => void;
  /**
   * Awaited after all files are complete, before they get their final names; an exception ends the run, and they do not
   * get them.
   */
  readonly mayPublish?: () => Promise<void>;
  readonly onWarning?: (message: string) => void;
  /** Called if an earlier run, perhaps on another machine, left all outputs, and nothing is done. */
  readonly onAllFound?: () => void;
  /** Receives the `*.partial` files that a failed run leaves. */
  readonly onKept?: (paths: readonly string[]) => void;
}

/**
 * Analyses one video from file to files, frame by frame. Returns once every output has its final name.
 * @returns the run's record, as written to `NAME.run.json`
 * @throws BodyscriptError; partial results are kept as `*.partial`
 */
export async function analyzeVideo(
  path: string,
  options: AnalyzeOptions,
  context: AnalyzeContext = {},
): Promise<RunRecord> {
  context.signal?.throwIfAborted();
  const limits = await memoryLimits(options.machine);
  const job = await prepare(path, options, limits, context);
  await using _source = job.source;
  await using claim = await prepareOutputs(job.plan, job.source, options, job.binaries, message =>
    context.onWarning?.(message),
  );
  await context.onClaimed?.();
  const record = await analyzeHeld(job, limits, claim, context);
  await context.segments?.settle();
  return record;
}

/** Ends once another run has taken the files over, whatever failed because of that. */
async function analyzeHeld(
  job: Job,
  limits: readonly MemoryLimit[],
  claim: OutputClaim,
  context: AnalyzeContext,
): Promise<RunRecord> {
  const signal = AbortSignal.any([claim.lost, ...(context.signal ? [context.signal] : [])]);
  try {
    return await analyzeClaimed(job, limits, { ...context, claim, signal });
  } catch (error) {
    if (!context.signal?.aborted) await claim.check();
    throw error;
  }
}

/** The context of a run whose files are reserved. */
interface ClaimedContext extends AnalyzeContext {
  readonly claim: OutputClaim;
}

async function analyzeClaimed(job: Job, limits: readonly MemoryLimit[], context: ClaimedContext): Promise<RunRecord> {
  const earlier = await readEarlierRecord(job);
  const warn = (message: string) => context.onWarning?.(message);
  const known = mustAnalyze(context) ? undefined : await findEarlierRun(job, earlier, warn);
  const missing = known && (await outputsToMake(job, known.record));
  await context.admit?.(needsOf(job));
  const watched = context.governed ? [] : limits;
  // Facts known only to an analysis cannot be derived from its table.
  if (missing?.length === 0) context.onAllFound?.();
  if (known && missing?.every(({ kind }) => kind.needs !== 'results'))
    return await addOutputs(job, known, missing, watched, context);
  const record = await runInSegments(job, watched, context);
  return await settleEarlierFiles(job, earlier, record, warn);
}

async function prepare(
  path: string,
  options: AnalyzeOptions,
  limits: readonly MemoryLimit[],
  { outputName, signal, onWarning, copy }: AnalyzeContext,
): Promise<Job> {
  const inspected = await inspectVideo(path, options, signal, copy);
  try {
    return { ...inspected, plan: await planFor(inspected, path, limits, outputName, onWarning) };
  } catch (error) {
    await inspected.source[Symbol.asyncDispose]();
    throw error;
  }
}

async function planFor(
  { source, size, options }: InspectedVideo,
  path: string,
  limits: readonly MemoryLimit[],
  outputName: string | undefined,
  onWarning: AnalyzeContext['onWarning'],
): Promise<OutputPlan> {
  const needed = leastMemoryNeeded(memoryNeeds(size, options));
  checkMemoryBeforeStart(path, needed, limits);
  const plan = planOutputs(outputName ?? source.stem, options.outputs);
  if (isShortened(plan.stem))
    onWarning?.(`the name is too long for output files: they are named ${basename(plan.stem)}`);
  return plan;
}

/** A run that was stopped midway is continued, even if an older one had finished. */
function mustAnalyze({ analyzeAgain, onResult, checkpoint }: AnalyzeContext): boolean {
  return (
    analyzeAgain === true || onResult !== undefined || (checkpoint?.resume === 'any' && existsSync(checkpoint.path))
  );
}

/** @param limits that stop the run when it approaches them */
async function addOutputs(
  job: Job,
  known: EarlierRun,
  missing: readonly PlannedOutput[],
  limits: readonly MemoryLimit[],
  context: ClaimedContext,
): Promise<RunRecord> {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(context.signal ? [context.signal] : [])]);
  const warn = (message: string) => context.onWarning?.(message);
  const guard = new MemoryGuard(limits, warn, error => stop.abort(error));
  const expected = known.record.frames.decoded;
  using memory = new TreeMemoryWatch(reading => void guard.check(reading));
  return await makeFromTable(job, known, missing, {
    signal,
    warn,
    onFrame: frames => context.onProgress?.({ frames, decoded: frames, expected, memory: countedBytes(memory.last) }),
    onFinishing: () => context.onFinishing?.(),
    mayPublish: () => checkHolder(context),
  });
}

/** Long videos may be analysed in segments; where that turns out to be impossible, from the beginning in one piece. */
async function runInSegments(job: Job, limits: readonly MemoryLimit[], context: ClaimedContext): Promise<RunRecord> {
  const warn = (message: string) => context.onWarning?.(message);
  const plan = planSegments(job, warn, await areShared(context));
  if (!plan) return await run(job, limits, context);
  try {
    return await run(job, limits, context, plan);
  } catch (error) {
    const [first] = error instanceof AggregateError ? error.errors : [error];
    if (!(first instanceof SegmentsUnfit)) throw error;
    warn(`${job.source.path}: cannot be analysed in segments (${first.message}); analysing it in one piece`);
    if (context.checkpoint) await removeCheckpoint(context.checkpoint.path);
    return await run(job, limits, context);
  }
}

/** Whether other commands have analysed segments of the video. */
async function areShared({ segments }: AnalyzeContext): Promise<boolean> {
  return segments !== undefined && (await storedSegments(segments)).size > 0;
}

/** @param limits that end the run when it comes near them @param segments undefined: in one piece */
async function run(
  job: Job,
  limits: readonly MemoryLimit[],
  context: ClaimedContext,
  segments?: SegmentPlan,
): Promise<RunRecord> {
  collectGarbage(); // The frames of the previous video.
  const stop = new AbortController();
  const forward = () => stop.abort(context.signal?.reason);
  context.signal?.addEventListener('abort', forward, { once: true });
  const keeper = new RecordKeeper(job);
  const warn = (message: string) => {
    keeper.warn(message);
    context.onWarning?.(message);
  };
  const guard = new MemoryGuard(limits, warn, error => stop.abort(error));
  const expected = expectedFrames(job.options.source.selection, job.video);
  let reader: FrameReader | undefined;
  let poses: (PoseSource & AsyncDisposable) | undefined;
  let shownFrames = 0;
  const tell = () => {
    const ahead = poses?.segments?.team.framesAhead ?? 0;
    // A segment that is taken is no longer ahead, and its frames follow one by one.
    const analysed = Math.min(keeper.tally.counts.decoded + ahead, expected ?? Number.POSITIVE_INFINITY);
    shownFrames = Math.max(shownFrames, analysed);
    context.onProgress?.({
      frames: shownFrames,
      decoded: (reader?.decoded ?? 0) + ahead,
      expected,
      memory: countedBytes(memory.last),
    });
  };
  using memory = new TreeMemoryWatch(reading => {
    void guard.check(reading);
    keeper.look(reading.rss);
    tell(); // Also while frames are skipped.
  });
  try {
    await keeper.begin();
    warnBeforeStart(job, warn);
    loadOutputs(job).catch(() => {}); // Thrown again on opening.
    await using opened = segments
      ? await openTeam(job, segments, context, warn)
      : await borrowEngine(job.options, context.engine, warn);
    poses = opened;
    keeper.engine = opened.info;
    await analyzeFrames(job, opened, keeper, {
      signal: stop.signal,
      warn,
      onOpen: opened => {
        reader = opened;
      },
      onFrame: tell,
      onFinishing: () => context.onFinishing?.(),
      mayFinish: () => context.claim.check(),
      mayPublish: () => checkHolder(context),
      onResult: context.onResult,
      checkpoint: context.checkpoint,
    });
    await memory.sample();
    const record = await keeper.succeed(memory.peaks);
    if (context.checkpoint) await removeCheckpoint(context.checkpoint.path);
    return record;
  } catch (error) {
    await memory.sample();
    // Another run that has taken the files over writes them now.
    if (await context.claim.isHeld()) context.onKept?.(await keeper.fail(error, memory.peaks));
    throw error;
  } finally {
    context.signal?.removeEventListener('abort', forward);
  }
}

/** Only the holder of the files may give them their names. */
async function checkHolder({ claim, mayPublish }: ClaimedContext): Promise<void> {
  await claim.check();
  await mayPublish?.();
}

function warnBeforeStart({ video, source, options, binaries }: Job, warn: (message: string) => void): void {
  for (const message of packagedWarnings(binaries)) warn(message);
  const messages = [
    colourWarning(video),
    timeScaleWarning(options.source.timeScale, video),
    rateWarning(source.openOptions, options.source.sequenceFps, DEFAULT_SEQUENCE_FPS, video),
  ];
  for (const message of messages) {
    if (message) warn(message);
  }
  if (source.pipe && options.outputs.overlay && video.audio.length > 0) {
    warn('the overlay has no sound: stdin can be read only once');
  }
  if (video.videoStreams > 1 && options.source.videoStream === undefined) {
    warn(
      `the file has ${video.videoStreams} video streams; analysing stream ${video.streamIndex} (choose with --video-stream)`,
    );
  }
}
