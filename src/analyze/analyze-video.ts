import { colourWarning } from '../decode/colour.js';
import { FrameReader } from '../decode/frame-reader.js';
import { expectedFrames, type FrameSelection } from '../decode/selection.js';
import type { PoseEngine } from '../engine/pose-engine.js';
import { createEngine } from '../engine/worker/create-engine.js';
import type { FrameAttempts } from '../model/attempts.js';
import type { FrameResult } from '../model/result.js';
import type { RunRecord } from '../model/run-record.js';
import { describeFiles } from '../outputs/describe-files.js';
import type { OutputSet } from '../outputs/output-set.js';
import type { PlannedOutput } from '../outputs/planned-outputs.js';
import { MODES } from '../strategies/modes.js';
import { collectGarbage } from '../system/collect-garbage.js';
import { packagedWarnings } from '../system/ffmpeg-binaries.js';
import type { MemoryLimit } from '../system/memory-limit.js';
import { countedBytes, TreeMemoryWatch } from '../system/tree-memory.js';
import { type Checkpoint, removeCheckpoint } from './checkpoint.js';
import { createAnalyzer, createLookAhead, engineOptionsOf } from './create-analyzer.js';
import { type EarlierRun, findEarlierRun, outputsToMake, readEarlierRecord } from './earlier-run.js';
import { runFrameLoop } from './frame-loop.js';
import { type InspectedVideo, inspectVideo } from './inspect-video.js';
import type { Job } from './job.js';
import { makeFromTable } from './make-from-table.js';
import { checkMemoryBeforeStart, leastMemoryNeeded, MemoryGuard } from './memory-guard.js';
import { framesAhead, memoryLimits, memoryNeeds, type Needs, needsOf } from './needs.js';
import { blameCheckpoint, type CheckpointPlace, type OpenedCheckpoint, openCheckpoint } from './open-checkpoint.js';
import { displayOf, loadOutputs, openOutputs } from './open-outputs.js';
import type { AnalyzeOptions } from './options.js';
import { removeOutdated } from './outdated-files.js';
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
  /** Analyses the video even where an earlier run left its table, and only other outputs are asked for. */
  readonly anew?: boolean;
  /** Undefined: a run that ends early is begun anew the next time. */
  readonly checkpoint?: CheckpointPlace;
  /** Whether the caller watches over the memory; this run then does not stop by itself. */
  readonly governed?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  /** Handed each frame's result in order, when the outputs have it; awaited, so that a slow reader slows the run. */
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
  const earlier = context.anew || context.onResult ? undefined : await readEarlierRecord(job);
  const known = await findEarlierRun(job, earlier);
  const missing = known && (await outputsToMake(job, known.record));
  await context.admit?.(needsOf(job));
  const watched = context.governed ? [] : limits;
  // What only an analysis knows cannot be made of its table.
  if (known && missing?.every(({ kind }) => kind.needs !== 'results'))
    return await addOutputs(job, known, missing, watched, context);
  const record = await run(job, watched, context);
  await removeOutdated(job, earlier, record, message => context.onWarning?.(message));
  return record;
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
async function addOutputs(
  job: Job,
  known: EarlierRun,
  missing: readonly PlannedOutput[],
  limits: readonly MemoryLimit[],
  context: AnalyzeContext,
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
    mayPublish: context.mayPublish,
  });
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
    loadOutputs(job).catch(() => {}); // Thrown again when they are opened.
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

/** Opens everything in order; whatever fails from here on, all that is open is closed in reverse. */
async function analyzeFrom(
  { checkpoints, resume }: OpenedCheckpoint,
  job: Job,
  engine: PoseEngine,
  keeper: RecordKeeper,
  context: FrameContext,
): Promise<void> {
  await using hash = hashOf(job.source);
  if (resume) {
    keeper.restore(resume.record, resume.nextFrame);
    if (resume.engine !== null) await engine.restore(resume.engine);
  }
  const attempts = new Set<(entry: FrameAttempts) => void>();
  await using outputs = await openOutputs(job, job.plan.outputs, attempts, resume);
  try {
    await readFrames({ job, engine, keeper, outputs, attempts, checkpoints, resume, context, hash });
    await outputs.finish();
    for (const message of outputs.warnings) context.warn(message);
    keeper.quality = outputs.record.quality ?? null;
    await context.mayPublish?.();
    keeper.published = await outputs.publish();
    keeper.files = await describeFiles(outputs);
  } catch (error) {
    const failures = await outputs.abandon();
    const first = error instanceof AggregateError ? error.errors : [error];
    throw failures.length === 0 ? error : new AggregateError([...first, ...failures], 'several things failed');
  } finally {
    keeper.clock.addAll(outputs.stageMs);
  }
}

/** The hash of a source while it is read; disposing of it ends the reading, before the source is closed. */
function hashOf({ sha256 }: Job['source']): AsyncDisposable & { readonly sha256: Promise<string | null> } {
  const stop = new AbortController();
  const hash = sha256(stop.signal);
  hash.catch(() => {}); // Awaited on the way that needs it.
  return {
    sha256: hash,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await hash.catch(() => {});
    },
  };
}

interface Reading {
  readonly job: Job;
  readonly engine: PoseEngine;
  readonly keeper: RecordKeeper;
  readonly outputs: OutputSet;
  readonly attempts: ReadonlySet<(entry: FrameAttempts) => void>;
  readonly checkpoints: OpenedCheckpoint['checkpoints'];
  readonly resume: Checkpoint | undefined;
  readonly context: FrameContext;
  readonly hash: ReturnType<typeof hashOf>;
}

/** Has all frames analysed and written, and notes what only the whole video tells. */
async function readFrames(reading: Reading): Promise<void> {
  const { job, keeper, resume, context, hash } = reading;
  const { source, video, size, options, binaries } = job;
  await using reader = await FrameReader.open({
    source,
    video,
    size,
    selection: resume ? selectionAfter(options.source.selection, resume) : options.source.selection,
    ffmpeg: binaries.ffmpeg,
    held: framesAhead(size, options.analysis),
  });
  context.onOpen(reader);
  try {
    await analyzeAll(reader, reading);
    context.onFinishing();
    for (const message of [...reader.report.warnings, ...keeper.doubts()]) context.warn(message);
    keeper.inputSha256 = source.pipe ? (source.pipe.sha256 ?? null) : await hash.sha256;
    keeper.inputBytes = source.pipe?.bytes ?? source.bytes;
  } finally {
    keeper.allFrames = reader.report.decodedFrames;
  }
}

async function analyzeAll(reader: FrameReader, reading: Reading): Promise<void> {
  const { job, engine, keeper, outputs, attempts, checkpoints, resume, context } = reading;
  const onAttempts = (entry: FrameAttempts) => {
    for (const listener of attempts) listener(entry);
  };
  const analyzer = createAnalyzer(job, engine, attempts.size > 0 ? onAttempts : undefined);
  if (resume) analyzer.restore(resume.analyzer);
  const lookAhead = createLookAhead(job);
  if (resume?.lookAhead) lookAhead?.restore(resume.lookAhead);
  keeper.notes = analyzer.notes();
  const { follows, retries } = MODES[job.options.analysis.mode];
  const { signal, onFrame, onResult } = context;
  await runFrameLoop({
    reader,
    analyzer,
    lookAhead,
    engine: follows || retries !== 'none' ? engine : undefined,
    outputs,
    display: displayOf(job),
    keeper,
    signal,
    onFrame,
    onResult,
    checkpoints,
    resume,
  });
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
