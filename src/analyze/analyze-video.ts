import { colourWarning } from '../decode/colour.js';
import { FrameReader } from '../decode/frame-reader.js';
import { expectedFrames, type FrameSelection } from '../decode/selection.js';
import type { PoseEngine } from '../engine/pose-engine.js';
import { createEngine } from '../engine/worker/create-engine.js';
import type { FrameResult } from '../model/result.js';
import type { RunRecord } from '../model/run-record.js';
import type { Sink } from '../outputs/output.js';
import { MODES } from '../strategies/modes.js';
import { collectGarbage } from '../system/collect-garbage.js';
import { packagedWarnings } from '../system/ffmpeg-binaries.js';
import type { MemoryLimit } from '../system/memory-limit.js';
import { countedBytes, TreeMemoryWatch } from '../system/tree-memory.js';
import { type Checkpoint, removeCheckpoint } from './checkpoint.js';
import { createAnalyzer, createLookAhead, engineOptionsOf } from './create-analyzer.js';
import { runFrameLoop } from './frame-loop.js';
import { type InspectedVideo, inspectVideo } from './inspect-video.js';
import type { Job } from './job.js';
import { checkMemoryBeforeStart, leastMemoryNeeded, MemoryGuard } from './memory-guard.js';
import { framesAhead, memoryLimits, memoryNeeds, type Needs, needsOf } from './needs.js';
import { blameCheckpoint, type CheckpointPlace, type OpenedCheckpoint, openCheckpoint } from './open-checkpoint.js';
import { loadFollowers, openSinks } from './open-sinks.js';
import type { AnalyzeOptions } from './options.js';
import { type OutputPlan, planOutputs, prepareOutputs } from './output-plan.js';
import { RecordKeeper } from './record-keeper.js';

/** How far a run has come. */
export interface Progress {
  /** Frames analysed. */
  readonly frames: number;
  /** Frames that ffmpeg decoded, passed over or not. */
  readonly decoded: number;
  /** Frames expected, or undefined where the file does not say. */
  readonly expected: number | undefined;
  /** Bytes that the process tree holds: what counts against `--max-memory`. */
  readonly memory: number;
}

/** What a caller may hand in beside the options. */
export interface AnalyzeContext {
  /** Ends the run early; its reason becomes the run's error. */
  readonly signal?: AbortSignal;
  /** An engine to use and leave open, for several videos after one another, or what opens it when it is needed. It must fit the options. */
  readonly engine?: PoseEngine | (() => Promise<PoseEngine>);
  /** What the outputs are called, below the output folder and without suffix, in place of the video's own name. */
  readonly outputName?: string;
  /** Awaited when the video has been looked at, before anything is decoded; what it throws ends the run. */
  readonly admit?: (needs: Needs) => Promise<void>;
  /** Undefined: a run that ends early is begun anew the next time. */
  readonly checkpoint?: CheckpointPlace;
  /** Whether the caller watches over the memory; this run then does not stop by itself. */
  readonly governed?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  /** Handed each frame's result in order, when it is with the sinks; awaited, so that a slow reader slows the run. */
  readonly onResult?: (result: FrameResult) => Promise<void>;
  /** All frames have been read; what is left is to finish the files. */
  readonly onFinishing?: () => void;
  /** Awaited when all files are whole, before they get their final names; what it throws ends the run, and they do not get them. */
  readonly mayPublish?: () => Promise<void>;
  readonly onWarning?: (message: string) => void;
  /** Told the `*.partial` files that a failed run leaves. */
  readonly onKept?: (paths: readonly string[]) => void;
}

/** What the frame loop reports to. */
interface FrameContext {
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
  /** Called with the open reader, after each frame, and when all have been read. */
  readonly onOpen: (reader: FrameReader) => void;
  readonly onFrame: () => void;
  readonly onFinishing: () => void;
  readonly mayPublish: (() => Promise<void>) | undefined;
  readonly onResult: ((result: FrameResult) => Promise<void>) | undefined;
  readonly checkpoint: CheckpointPlace | undefined;
}

/**
 * Analyses one video from file to files, frame by frame. Returns when every output bears its final name.
 * @returns the run's record, as written to `NAME.run.json`
 * @throws BodyscriptError; what was computed until then is kept as `*.partial`
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
  await using _claim = await prepareOutputs(job.plan, job.source, options, job.binaries, message =>
    context.onWarning?.(message),
  );
  await context.admit?.(needsOf(job));
  return await run(job, context.governed ? [] : limits, context);
}

async function prepare(
  path: string,
  options: AnalyzeOptions,
  limits: readonly MemoryLimit[],
  { outputName, signal }: AnalyzeContext,
): Promise<Job> {
  const inspected = await inspectVideo(path, options, signal);
  try {
    return { ...inspected, plan: await planFor(inspected, path, limits, outputName) };
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
): Promise<OutputPlan> {
  const needed = leastMemoryNeeded(memoryNeeds(size, options));
  checkMemoryBeforeStart(path, needed, limits);
  const plan = planOutputs(outputName ?? source.stem, options.outputs);
  return plan;
}

/** @param limits that end the run when it comes near them */
async function run(job: Job, limits: readonly MemoryLimit[], context: AnalyzeContext): Promise<RunRecord> {
  collectGarbage(); // The frames of a video before this one.
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
  const tell = () =>
    context.onProgress?.({
      frames: keeper.tally.counts.decoded,
      decoded: reader?.decoded ?? 0,
      expected,
      memory: countedBytes(memory.last),
    });
  using memory = new TreeMemoryWatch(reading => {
    void guard.check(reading);
    keeper.look(reading.rss);
    tell(); // Also while frames are passed over.
  });
  try {
    await keeper.begin();
    warnBeforeStart(job, warn);
    loadFollowers(job).catch(() => {}); // Told when they are opened.
    await using engine = await borrowEngine(job.options, context.engine, warn);
    keeper.engine = engine.poses.info;
    await analyzeFrames(job, engine.poses, keeper, {
      signal: stop.signal,
      warn,
      onOpen: opened => {
        reader = opened;
      },
      onFrame: tell,
      onFinishing: () => context.onFinishing?.(),
      mayPublish: context.mayPublish,
      onResult: context.onResult,
      checkpoint: context.checkpoint,
    });
    await memory.sample();
    const record = await keeper.succeed(memory.peaks);
    if (context.checkpoint) await removeCheckpoint(context.checkpoint.path);
    return record;
  } catch (error) {
    await memory.sample();
    context.onKept?.(await keeper.fail(error, memory.peaks));
    throw error;
  } finally {
    context.signal?.removeEventListener('abort', forward);
  }
}

function warnBeforeStart({ video, source, options, binaries }: Job, warn: (message: string) => void): void {
  for (const message of packagedWarnings(binaries)) warn(message);
  const message = colourWarning(video);
  if (message) warn(message);
  if (source.pipe && options.outputs.overlay && video.audio.length > 0) {
    warn('the overlay is without sound, which is read from the file: stdin can be read but once');
  }
  if (video.videoStreams > 1) {
    warn(
      `the file has ${video.videoStreams} video streams; stream ${video.streamIndex} is analysed (--video-stream chooses)`,
    );
  }
}

/** The caller's engine, forgetting its last video and left open at the end, or a new one. */
async function borrowEngine(
  options: AnalyzeOptions,
  given: AnalyzeContext['engine'],
  warn: (message: string) => void,
): Promise<AsyncDisposable & { poses: PoseEngine }> {
  if (given) {
    const poses = typeof given === 'function' ? await given() : given;
    await poses.reset();
    return { poses, [Symbol.asyncDispose]: async () => {} };
  }
  const poses = await createEngine(options.analysis.engineName, engineOptionsOf(options), warn);
  return { poses, [Symbol.asyncDispose]: () => poses[Symbol.asyncDispose]() };
}

async function analyzeFrames(job: Job, engine: PoseEngine, keeper: RecordKeeper, context: FrameContext): Promise<void> {
  const opened = await openCheckpoint(job, engine.info, context.checkpoint, context.warn);
  try {
    await analyzeFrom(opened, job, engine, keeper, context);
  } catch (error) {
    if (context.checkpoint) await blameCheckpoint(error, opened, context.checkpoint.path);
    throw error;
  }
}

async function analyzeFrom(
  { checkpoints, resume }: OpenedCheckpoint,
  job: Job,
  engine: PoseEngine,
  keeper: RecordKeeper,
  context: FrameContext,
): Promise<void> {
  const { source, video, size, options, binaries } = job;
  const hashing = new AbortController();
  const hash = source.sha256(hashing.signal);
  hash.catch(() => {}); // Awaited below on the way that needs it.
  if (resume) {
    keeper.restore(resume.record, resume.nextFrame);
    if (resume.engine !== null) await engine.restore(resume.engine);
  }
  const sinks = await openSinks(job, resume);
  await using reader = await FrameReader.open({
    source,
    video,
    size,
    selection: resume ? selectionAfter(options.source.selection, resume) : options.source.selection,
    ffmpeg: binaries.ffmpeg,
    held: framesAhead(size, options.analysis),
  });
  context.onOpen(reader);
  const { attempts } = sinks;
  const analyzer = createAnalyzer(job, engine, attempts && (entry => attempts.add(entry)));
  if (resume) analyzer.restore(resume.analyzer);
  const lookAhead = createLookAhead(job);
  if (resume?.lookAhead) lookAhead?.restore(resume.lookAhead);
  keeper.notes = analyzer.notes();
  const mode = MODES[options.analysis.mode];
  const follows = mode.follows || mode.retries !== 'none';
  const { signal, onFrame } = context;
  try {
    await runFrameLoop({
      reader,
      analyzer,
      lookAhead,
      engine: follows ? engine : undefined,
      sinks,
      keeper,
      signal,
      onFrame,
      onResult: context.onResult,
      checkpoints,
      resume,
    });
    context.onFinishing();
    for (const message of [...reader.report.warnings, ...keeper.doubts()]) context.warn(message);
    keeper.inputSha256 = source.pipe ? (source.pipe.sha256 ?? null) : await hash;
    keeper.inputBytes = source.pipe?.bytes ?? source.bytes;
    await finishAll(sinks.all);
    for (const sink of sinks.all) for (const message of sink.warnings) context.warn(message);
    keeper.quality = sinks.quality?.quality ?? null;
    await context.mayPublish?.();
    for (const sink of sinks.all) await sink.publish();
    keeper.derived = sinks.all.flatMap(({ written = [] }) => written);
  } catch (error) {
    hashing.abort();
    await hash.catch(() => {}); // It still reads the file that is about to be closed.
    const failures = await abortAll(sinks.all, error);
    const first = error instanceof AggregateError ? error.errors : [error];
    throw failures.length === 0 ? error : new AggregateError([...first, ...failures], 'several things failed');
  } finally {
    keeper.allFrames = reader.report.decodedFrames;
    for (const sink of sinks.all) keeper.clock.addAll(sink.stageMs);
  }
}

/** The frames that a run before left to do: those that were not decided, and before them those that were not drawn. */
function selectionAfter(selection: FrameSelection, { nextFrame, frames, undrawn }: Checkpoint): FrameSelection {
  const { maxFrames } = selection;
  return {
    ...selection,
    fromFrame: undrawn[0]?.frameId ?? nextFrame,
    maxFrames: maxFrames === undefined ? undefined : maxFrames - frames + undrawn.length,
  };
}

/** Makes files whole beside each other: while ffmpeg ends the overlay, this process draws. */
async function finishAll(sinks: readonly Sink[]): Promise<void> {
  const finished = new Map<Sink, Promise<void>>();
  for (const sink of sinks) {
    const before = sink.after && finished.get(sink.after);
    finished.set(
      sink,
      Promise.resolve(before).then(() => sink.finish()),
    );
  }
  const outcomes = await Promise.allSettled(finished.values());
  const failures = new Set(outcomes.filter(outcome => outcome.status === 'rejected').map(outcome => outcome.reason));
  if (failures.size > 1) throw new AggregateError(failures, 'several things failed');
  for (const failure of failures) throw failure;
}

async function abortAll(sinks: readonly Sink[], reason: unknown): Promise<unknown[]> {
  const outcomes = await Promise.allSettled(sinks.map(sink => sink.abort(reason)));
  return outcomes.filter(outcome => outcome.status === 'rejected').map(outcome => outcome.reason);
}
