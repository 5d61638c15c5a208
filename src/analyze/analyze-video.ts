import { colourWarning } from '../decode/colour.js';
import { analysedSize, type PictureSize } from '../decode/decode-command.js';
import { FrameReader } from '../decode/frame-reader.js';
import { openSource } from '../decode/input.js';
import { probeVideo } from '../decode/probe.js';
import { expectedFrames } from '../decode/selection.js';
import type { PoseEngine } from '../engine/pose-engine.js';
import { createEngine } from '../engine/worker/create-engine.js';
import { yuvBytes } from '../model/picture.js';
import type { RunRecord } from '../sinks/run-record.js';
import type { Sink } from '../sinks/sink.js';
import { MODES } from '../strategies/modes.js';
import { collectGarbage } from '../system/collect-garbage.js';
import { findFfmpeg } from '../system/ffmpeg-binaries.js';
import { sha256OfFiles } from '../system/file-hash.js';
import { cgroupMemoryLimit, type MemoryLimit } from '../system/memory-limit.js';
import { TreeMemoryWatch } from '../system/tree-memory.js';
import { publish } from '../system/whole-file.js';
import { createAnalyzer } from './create-analyzer.js';
import type { FrameAnalyzer } from './frame-analyzer.js';
import type { Job } from './job.js';
import {
  checkMemoryBeforeStart,
  leastMemoryNeeded,
  MemoryGuard,
  type MemoryNeeds,
  megabytes,
  tooSmallForCareful,
} from './memory-guard.js';
import { openSinks } from './open-sinks.js';
import type { AnalyzeOptions } from './options.js';
import { planOutputs, prepareOutputs } from './output-plan.js';
import { RecordKeeper } from './record-keeper.js';

/** How far a run has come. */
export interface Progress {
  readonly frames: number;
  /** Frames expected, or undefined where the file does not say. */
  readonly expected: number | undefined;
  /** Resident memory of the process tree in bytes. */
  readonly memory: number;
}

/** What a caller may hand in beside the options. */
export interface AnalyzeContext {
  /** Ends the run early; its reason becomes the run's error. */
  readonly signal?: AbortSignal;
  /** An engine to use and leave open, for several videos after one another. It must fit the options. */
  readonly engine?: PoseEngine;
  readonly onProgress?: (progress: Progress) => void;
  readonly onWarning?: (message: string) => void;
  /** Told the `*.partial` files that a failed run leaves. */
  readonly onKept?: (paths: readonly string[]) => void;
}

/** What the frame loop reports to. */
interface FrameContext {
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
  readonly onFrame: (frames: number) => void;
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
  collectGarbage(); // The frames of a video before this one.
  const limits = await memoryLimits(options);
  const job = await prepare(path, options, limits);
  return run(job, limits, context);
}

async function memoryLimits(options: AnalyzeOptions): Promise<MemoryLimit[]> {
  const asked = options.maxMemory === undefined ? undefined : { bytes: options.maxMemory, source: '--max-memory' };
  return [asked, await cgroupMemoryLimit()].filter(limit => limit !== undefined);
}

async function prepare(path: string, options: AnalyzeOptions, limits: readonly MemoryLimit[]): Promise<Job> {
  const source = await openSource(path, options.sequenceFps);
  const binaries = await findFfmpeg({
    ...(options.ffmpeg === undefined ? {} : { ffmpeg: options.ffmpeg }),
    ...(options.ffprobe === undefined ? {} : { ffprobe: options.ffprobe }),
  });
  const video = await probeVideo(source, binaries.ffprobe, {
    rotate: options.rotate,
    streamIndex: options.videoStream,
  });
  const size = analysedSize(video, options.maxSize);
  const needed = leastMemoryNeeded(memoryNeeds(size, options));
  checkMemoryBeforeStart(path, needed, limits);
  const plan = planOutputs(source, options);
  await prepareOutputs(plan, source, options);
  return { options, binaries, source, video, size, plan };
}

async function run(job: Job, limits: readonly MemoryLimit[], context: AnalyzeContext): Promise<RunRecord> {
  const stop = new AbortController();
  const forward = () => stop.abort(context.signal?.reason);
  context.signal?.addEventListener('abort', forward, { once: true });
  const keeper = new RecordKeeper(job);
  const warn = (message: string) => {
    keeper.warn(message);
    context.onWarning?.(message);
  };
  const guard = new MemoryGuard(limits, warn, error => stop.abort(error));
  using memory = new TreeMemoryWatch(reading => void guard.check(reading));
  const expected = expectedFrames(job.options.selection, job.video);
  const onFrame = (frames: number) => context.onProgress?.({ frames, expected, memory: memory.last.rss });
  try {
    await keeper.begin();
    warnBeforeStart(job, warn);
    await using engine = await borrowEngine(job.options, context.engine, warn);
    keeper.engine = engine.poses.info;
    const mayBeCareful = checkCareful(job, engine.poses, limits, warn);
    await analyzeFrames(job, engine.poses, mayBeCareful, keeper, { signal: stop.signal, warn, onFrame });
    await memory.sample();
    return await keeper.succeed(memory.peaks);
  } catch (error) {
    await memory.sample();
    context.onKept?.(await keeper.fail(error, memory.peaks));
    throw error;
  } finally {
    context.signal?.removeEventListener('abort', forward);
  }
}

/** Whether there is memory for the careful network beside the usual one, where the mode would use it. */
function checkCareful(
  { size, options }: Job,
  engine: PoseEngine,
  limits: readonly MemoryLimit[],
  warn: (message: string) => void,
): boolean {
  if (MODES[options.mode].retries === 'none' || !engine.info.careful) return false;
  const limit = tooSmallForCareful(memoryNeeds(size, options), limits);
  if (!limit) return true;
  warn(
    `${engine.info.careful.model} was not used beside ${engine.info.model}: ${megabytes(limit.bytes)} of memory (${limit.source}) are too few for both`,
  );
  return false;
}

function memoryNeeds(size: PictureSize, options: AnalyzeOptions): MemoryNeeds {
  return {
    frameBytes: yuvBytes(size.width, size.height),
    engine: options.engineName,
    model: options.engine.model,
    overlay: options.overlay !== undefined,
  };
}

function warnBeforeStart({ video }: Job, warn: (message: string) => void): void {
  const message = colourWarning(video);
  if (message) warn(message);
  if (video.videoStreams > 1) {
    warn(
      `the file has ${video.videoStreams} video streams; stream ${video.streamIndex} is analysed (--video-stream chooses)`,
    );
  }
}

/** The caller's engine, forgetting its last video and left open at the end, or a new one. */
async function borrowEngine(
  options: AnalyzeOptions,
  given: PoseEngine | undefined,
  warn: (message: string) => void,
): Promise<AsyncDisposable & { poses: PoseEngine }> {
  if (given) {
    await given.reset();
    return { poses: given, [Symbol.asyncDispose]: async () => {} };
  }
  const poses = await createEngine(options.engineName, options.engine, warn);
  return { poses, [Symbol.asyncDispose]: () => poses[Symbol.asyncDispose]() };
}

async function analyzeFrames(
  job: Job,
  engine: PoseEngine,
  mayBeCareful: boolean,
  keeper: RecordKeeper,
  context: FrameContext,
): Promise<void> {
  const { source, video, size, options, binaries } = job;
  const hashing = new AbortController();
  const hash = sha256OfFiles(source.files, hashing.signal);
  hash.catch(() => {}); // Awaited below on the way that needs it.
  const { all: sinks, attempts } = await openSinks(job);
  await using reader = await FrameReader.open({
    source,
    video,
    size,
    selection: options.selection,
    ffmpeg: binaries.ffmpeg,
  });
  const analyzer = createAnalyzer(job, engine, mayBeCareful, attempts && (entry => attempts.add(entry)));
  try {
    await pump(reader, analyzer, sinks, keeper, context);
    for (const message of reader.report.warnings) context.warn(message);
    keeper.inputSha256 = await hash;
    for (const sink of sinks) {
      await sink.finish();
      for (const message of sink.warnings) context.warn(message);
    }
    for (const sink of sinks) await publish(sink.path);
  } catch (error) {
    hashing.abort();
    const failures = await abortAll(sinks, error);
    throw failures.length === 0 ? error : new AggregateError([error, ...failures], 'several things failed');
  } finally {
    keeper.allFrames = reader.report.decodedFrames;
    for (const sink of sinks) keeper.clock.addAll(sink.stageMs);
  }
}

/** The loop: the engine works on a frame while the one before is drawn and written, and the one after is read. */
async function pump(
  reader: FrameReader,
  analyzer: FrameAnalyzer,
  sinks: readonly Sink[],
  keeper: RecordKeeper,
  { signal, onFrame }: FrameContext,
): Promise<void> {
  const stopReading = () => void reader[Symbol.asyncDispose]();
  signal.addEventListener('abort', stopReading, { once: true });
  let writing: Promise<unknown> = Promise.resolve();
  try {
    const frames = reader.frames()[Symbol.asyncIterator]();
    for (;;) {
      const { done, value: frame } = await keeper.clock.time('decode', () => frames.next());
      signal.throwIfAborted();
      if (done) break;
      const result = await keeper.clock.time('inference', () => analyzer.analyze(frame));
      await writing;
      signal.throwIfAborted();
      keeper.tally.add(result);
      writing = Promise.all(sinks.map(sink => sink.write(frame, result))).finally(() => frame.release());
      writing.catch(() => {}); // Awaited before the next frame is written, or below.
      onFrame(keeper.tally.counts.decoded);
    }
    await writing;
  } finally {
    signal.removeEventListener('abort', stopReading);
    await writing.catch(() => {}); // On the way out of a failure; its own has been thrown already.
  }
}

async function abortAll(sinks: readonly Sink[], reason: unknown): Promise<unknown[]> {
  const outcomes = await Promise.allSettled(sinks.map(sink => sink.abort(reason)));
  return outcomes.filter(outcome => outcome.status === 'rejected').map(outcome => outcome.reason);
}
