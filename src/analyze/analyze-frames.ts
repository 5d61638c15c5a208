import { FrameReader } from '../decode/frame-reader.js';
import type { FrameSelection } from '../decode/selection.js';
import { timeScaleOf } from '../decode/time-scale.js';
import type { EngineInfo, PoseEngine } from '../engine/pose-engine.js';
import type { FrameAttempts } from '../model/attempts.js';
import type { FrameResult } from '../model/result.js';
import { describeFiles } from '../outputs/describe-files.js';
import type { OutputSet } from '../outputs/output-set.js';
import { MODES } from '../strategies/modes.js';
import type { FrameAnalyzer } from '../tracking/frame-analyzer.js';
import type { Checkpoint } from './checkpoint.js';
import { createAnalyzer, createLookAhead } from './create-analyzer.js';
import { runFrameLoop } from './frame-loop.js';
import type { Job } from './job.js';
import { framesAhead } from './needs.js';
import { blameCheckpoint, type CheckpointPlace, type OpenedCheckpoint, openCheckpoint } from './open-checkpoint.js';
import { displayOf, openOutputs } from './open-outputs.js';
import type { RecordKeeper } from './record-keeper.js';
import type { Cuts } from './segments/cuts.js';
import type { SegmentTeam } from './segments/segment-team.js';
import { SegmentedAnalyzer } from './segments/segmented-analyzer.js';
import { steadyAnalyzer } from './steady-analyzer.js';

/** What the poses of a video come from: an engine in this process, or a team that analyses segments. */
export interface PoseSource {
  readonly info: EngineInfo;
  /** Undefined where segments are analysed elsewhere. */
  readonly engine: PoseEngine | undefined;
  readonly segments: { readonly team: SegmentTeam; readonly cuts: Cuts } | undefined;
}

/** Receivers of the frame loop's progress. */
export interface FrameContext {
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
  /** Called with the open reader, after each frame, and after the last one. */
  readonly onOpen: (reader: FrameReader) => void;
  readonly onFrame: () => void;
  readonly onFinishing: () => void;
  /** Awaited before the files are completed; an exception ends the run. */
  readonly mayFinish: () => Promise<void>;
  readonly mayPublish: (() => Promise<void>) | undefined;
  readonly onResult: ((result: FrameResult) => Promise<void>) | undefined;
  readonly checkpoint: CheckpointPlace | undefined;
}

/** Analyses all frames, from the beginning or from a checkpoint, and publishes the outputs. */
export async function analyzeFrames(
  job: Job,
  source: PoseSource,
  keeper: RecordKeeper,
  context: FrameContext,
): Promise<void> {
  const opened = await openCheckpoint(job, source, context.checkpoint, context.warn);
  try {
    await analyzeFrom(opened, job, source, keeper, context);
  } catch (error) {
    if (context.checkpoint) await blameCheckpoint(error, opened, context.checkpoint.path);
    throw error;
  }
}

/** Opens everything in order; on a later failure, everything open is closed in reverse order. */
async function analyzeFrom(
  { checkpoints, resume }: OpenedCheckpoint,
  job: Job,
  poses: PoseSource,
  keeper: RecordKeeper,
  context: FrameContext,
): Promise<void> {
  await using hash = hashOf(job.source);
  if (resume) {
    keeper.restore(resume.record, resume.nextFrame);
    if (resume.engine !== null) await poses.engine?.restore(resume.engine);
  }
  const attempts = new Set<(entry: FrameAttempts) => void>();
  keeper.hasBegunFiles = true;
  await using outputs = await openOutputs(job, job.plan.outputs, attempts, resume);
  try {
    await readFrames({ job, poses, keeper, outputs, attempts, checkpoints, resume, context, hash });
    await context.mayFinish();
    await outputs.finish();
    for (const message of outputs.warnings) context.warn(message);
    keeper.quality = outputs.record.quality ?? null;
    await context.mayPublish?.();
    keeper.published = await outputs.publish();
    keeper.files = await describeFiles(outputs, job.plan.outputs, job.options.outputs);
  } catch (error) {
    const failures = await outputs.abandon();
    const first = error instanceof AggregateError ? error.errors : [error];
    throw failures.length === 0 ? error : new AggregateError([...first, ...failures], 'several errors');
  } finally {
    keeper.clock.addAll(outputs.stageMs);
  }
}

/** The hash of a source, computed in parallel; disposing of it stops the reading, before the source is closed. */
function hashOf({ sha256 }: Job['source']): AsyncDisposable & { readonly sha256: Promise<string | null> } {
  const stop = new AbortController();
  const hash = sha256(stop.signal);
  hash.catch(() => {}); // Awaited by the code that needs it.
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
  readonly poses: PoseSource;
  readonly keeper: RecordKeeper;
  readonly outputs: OutputSet;
  readonly attempts: ReadonlySet<(entry: FrameAttempts) => void>;
  readonly checkpoints: OpenedCheckpoint['checkpoints'];
  readonly resume: Checkpoint | undefined;
  readonly context: FrameContext;
  readonly hash: ReturnType<typeof hashOf>;
}

/** Has all frames analysed and written, and records facts that require the whole video. */
async function readFrames(reading: Reading): Promise<void> {
  const { job, keeper, resume, context, hash } = reading;
  const { source, video, size, options, binaries } = job;
  await using reader = await FrameReader.open({
    source,
    video,
    size,
    selection: resume ? selectionAfter(options.source.selection, resume) : options.source.selection,
    ffmpeg: binaries.ffmpeg,
    timeScale: timeScaleOf(options.source.timeScale, video),
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
    keeper.firstTimestamp = reader.report.firstTimestamp;
  }
}

async function analyzeAll(reader: FrameReader, reading: Reading): Promise<void> {
  const { job, poses, keeper, outputs, attempts, checkpoints, resume, context } = reading;
  const onAttempts = (entry: FrameAttempts) => {
    for (const listener of attempts) listener(entry);
  };
  const analyzer = analyzerOf(reading, attempts.size > 0 ? onAttempts : undefined);
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
    mirror: job.options.source.mirror === true,
    engine: follows || retries !== 'none' ? poses.engine : undefined,
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

function analyzerOf(
  { job, poses, context }: Reading,
  tell: ((entry: FrameAttempts) => void) | undefined,
): FrameAnalyzer {
  const timeScale = timeScaleOf(job.options.source.timeScale, job.video);
  const { engine, segments } = poses;
  if (segments) {
    const { team, cuts } = segments;
    const { maxFrames } = job.options.source.selection;
    const options = { size: job.size, timeScale, maxFrames, signal: context.signal };
    return new SegmentedAnalyzer(team, cuts, options, tell);
  }
  if (!engine) throw new TypeError('poses come from an engine or from segments');
  return steadyAnalyzer(own => createAnalyzer(job, engine, own), tell, timeScale);
}

/** The frames that an earlier run left: the undecided ones, preceded by the decided ones that were not drawn. */
function selectionAfter(selection: FrameSelection, { nextFrame, frames, undrawn }: Checkpoint): FrameSelection {
  const { maxFrames } = selection;
  return {
    ...selection,
    fromFrame: undrawn[0]?.frameId ?? nextFrame,
    maxFrames: maxFrames === undefined ? undefined : maxFrames - frames + undrawn.length,
  };
}
