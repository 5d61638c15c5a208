import { rm, stat } from 'node:fs/promises';
import { timeScaleOf } from '../decode/time-scale.js';
import type { EngineInfo } from '../engine/pose-engine.js';
import { BodyscriptError, EXIT_CODES, shortMessage } from '../errors.js';
import type { Quality } from '../model/quality.js';
import {
  type RecordedFile,
  type RecordedOptions,
  RUN_RECORD_VERSION,
  type RunRecord,
  type RunStatus,
  type RunTimeline,
} from '../model/run-record.js';
import { StageClock } from '../outputs/stage-clock.js';
import type { Binary } from '../system/ffmpeg-binaries.js';
import { PACKAGE } from '../system/package-info.js';
import type { TreeMemoryPeaks } from '../system/tree-memory.js';
import { partialPath, STDOUT } from '../system/whole-file.js';
import type { AnalyzerNotes } from '../tracking/frame-analyzer.js';
import { doubtsOf } from './doubts.js';
import type { Job } from './job.js';
import { framesAhead } from './needs.js';
import type { AnalyzeOptions } from './options.js';
import { grownFiles } from './output-plan.js';
import { Tally, type TallyState } from './tally.js';
import { Timeline } from './timeline.js';
import { writeRecord, writeRecordDraft } from './write-record.js';

const NO_PEAKS: TreeMemoryPeaks = { treeRss: 0, treePss: null, treeFixed: null, rssByProcess: {} };

/** The record's state when a run is stopped midway. */
export interface RecordState {
  readonly tally: TallyState;
  readonly stageMs: Readonly<Record<string, number>>;
  readonly timeline: RunTimeline;
  readonly startedAt: Date;
  /** Working time so far. */
  readonly wallMs: number;
  readonly resumedAtFrames: readonly number[];
}

/** Collects the content of the run record, from the beginning to the end of a run. */
export class RecordKeeper {
  readonly tally = new Tally();
  readonly clock = new StageClock();
  readonly #timeline = new Timeline();
  engine: EngineInfo | undefined;
  inputSha256: string | null = null;
  quality: Quality | null = null;
  notes: AnalyzerNotes = { framesOverBudget: 0 };
  /** Files with their final names. */
  published: readonly string[] = [];
  files: readonly RecordedFile[] = [];
  /** If the video arrives through a pipe, known only at the end. */
  inputBytes: number;
  /** Frames that ffmpeg decoded, skipped ones included. */
  allFrames = 0;
  /** Whether this run has begun its growing files, or continued those of an earlier one. */
  hasBegunFiles = false;
  /** Start of the video on its own clock, in seconds; null before any frame is decoded. */
  firstTimestamp: number | null = null;
  readonly #job: Job;
  #startedAt = new Date();
  #startMs = performance.now();
  #resumedAtFrames: readonly number[] = [];
  readonly #warnings: string[] = [];

  constructor(job: Job) {
    this.#job = job;
    this.inputBytes = job.source.bytes;
  }

  warn(message: string): void {
    this.#warnings.push(message);
  }

  /** Sentences of advice for readers of the results. */
  doubts(): string[] {
    return doubtsOf(this.tally, this.notes, this.#job.options.analysis.engine.people);
  }

  /** Samples the progress. @param memory of the process tree in bytes */
  look(memory: number): void {
    this.#timeline.add((performance.now() - this.#startMs) / 1000, this.tally.counts.decoded, memory);
  }

  /** The state from which a run can continue. */
  save(): RecordState {
    return {
      tally: this.tally.save(),
      stageMs: { ...this.clock.ms },
      timeline: this.#timeline.state,
      startedAt: this.#startedAt,
      wallMs: performance.now() - this.#startMs,
      resumedAtFrames: this.#resumedAtFrames,
    };
  }

  /** Continues the counts of an earlier run. @param nextFrame first frame of this run */
  restore(state: RecordState, nextFrame: number): void {
    this.tally.restore(state.tally);
    this.clock.addAll(state.stageMs);
    this.#timeline.restore(state.timeline);
    this.#startedAt = state.startedAt;
    this.#startMs -= state.wallMs;
    this.#resumedAtFrames = [...state.resumedAtFrames, nextFrame];
  }

  /** Writes a first version to disk, as evidence of a run that died without a message. */
  async begin(): Promise<void> {
    await this.#draft(this.#build('running', NO_PEAKS, undefined));
  }

  async succeed(peaks: TreeMemoryPeaks): Promise<RunRecord> {
    const record = this.#build('done', peaks, undefined);
    const path = this.#job.plan.record;
    if (path !== undefined) await writeRecord(path, record);
    return record;
  }

  /**
   * Records the failure beside the run's leftovers, and removes files that this run began and put no frame into.
   * Returns the existing `*.partial` files.
   */
  async fail(error: unknown, peaks: TreeMemoryPeaks): Promise<string[]> {
    const first = error instanceof AggregateError ? error.errors[0] : error;
    const status = first instanceof BodyscriptError && first.code === 'INTERRUPTED' ? 'interrupted' : 'failed';
    // The disk may be what failed; the error itself counts then.
    await this.#draft(this.#build(status, peaks, first)).catch(() => {});
    const { plan } = this.#job;
    const grown = grownFiles(plan).map(partialPath);
    const isEmpty = this.tally.counts.decoded === 0;
    if (isEmpty && this.hasBegunFiles) await removeAll(grown);
    const kept = await filled(grown);
    const record = plan.record === undefined ? [] : [partialPath(plan.record)];
    // A failure is evidence by itself; that a run was stopped, or had no frames to read, is not.
    if (!isEmpty || kept.length > 0 || !isUneventful(first)) return [...kept, ...(await filled(record))];
    await removeAll(record);
    return [];
  }

  async #draft(record: RunRecord): Promise<void> {
    const path = this.#job.plan.record;
    if (path !== undefined) await writeRecordDraft(path, record);
  }

  /** Growing files are listed from the beginning, the rest once they exist. */
  #outputs(): string[] {
    const { plan } = this.#job;
    const all = new Set([...grownFiles(plan), ...this.published.filter(path => path !== STDOUT)]);
    return plan.record === undefined ? [...all] : [...all, plan.record];
  }

  #build(status: RunStatus, peaks: TreeMemoryPeaks, error: unknown): RunRecord {
    const { options, binaries, source, video, size } = this.#job;
    const counts = this.tally.counts;
    const wall = status === 'running' ? 0 : (performance.now() - this.#startMs) / 1000;
    return {
      recordVersion: RUN_RECORD_VERSION,
      status,
      exitCode: status === 'running' ? null : error === undefined ? EXIT_CODES.done : exitCodeOf(error),
      error: error === undefined ? null : describeError(error),
      startedAt: this.#startedAt.toISOString(),
      endedAt: status === 'running' ? null : new Date().toISOString(),
      tool: { ...PACKAGE_FIELDS, node: process.version, platform: `${process.platform}-${process.arch}` },
      engine: this.engine ? describeEngine(this.engine) : null,
      model: describeNetwork(this.engine),
      refinerModel: describeNetwork(this.engine?.refiner),
      finderModel: describeNetwork(this.engine?.finder),
      ffmpeg: describeBinary(binaries.ffmpeg),
      ffprobe: describeBinary(binaries.ffprobe),
      options: withNulls(options),
      input: {
        path: source.path,
        bytes: this.inputBytes,
        sha256: this.inputSha256,
        etag: source.etag ?? null,
        firstTimestamp: this.firstTimestamp,
        timeScale: timeScaleOf(options.source.timeScale, video),
        video,
      },
      analysed: size,
      frames: { ...counts, passedOver: Math.max(0, this.allFrames - counts.decoded) },
      people: { ids: this.tally.ids, changes: options.analysis.engine.people === 1 ? this.tally.changes : null },
      budget: { framesOverBudget: this.notes.framesOverBudget },
      lookAhead: framesAhead(size, options.analysis),
      strategyUse: this.tally.strategyUse,
      resumedAtFrames: this.#resumedAtFrames,
      swaps: this.tally.swaps,
      meanVisibility: this.tally.meanVisibility,
      lowestScores: this.tally.lowestScores,
      quality: this.quality,
      seconds: {
        wall,
        framesPerSecond: wall > 0 ? counts.decoded / wall : 0,
        byStage: Object.fromEntries(Object.entries(this.clock.ms).map(([stage, ms]) => [stage, ms / 1000])),
      },
      peakMemory: peaks,
      timeline: this.#timeline.state,
      outputs: this.#outputs().map(path => (status === 'done' ? path : partialPath(path))),
      files: status === 'done' ? this.files : [],
      objects: [],
      madeFromTable: [],
      warnings: this.#warnings,
    };
  }
}

function isUneventful(error: unknown): boolean {
  return error instanceof BodyscriptError && (error.code === 'INTERRUPTED' || error.code === 'INPUT_NO_FRAMES');
}

async function removeAll(paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map(path => rm(path, { force: true }).catch(() => {})));
}

/** The files that exist and are not empty. */
async function filled(paths: readonly string[]): Promise<string[]> {
  const sizes = await Promise.all(
    paths.map(path =>
      stat(path).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return paths.filter((_, index) => (sizes[index] ?? 0) > 0);
}

/** JSON drops undefined values; an option that was not given is part of the record. */
function withNulls(options: AnalyzeOptions): RecordedOptions {
  return JSON.parse(JSON.stringify(options, (_, value: unknown) => value ?? null)) as RecordedOptions;
}

const PACKAGE_FIELDS = { name: PACKAGE.name, version: PACKAGE.version };

function exitCodeOf(error: unknown): number {
  return error instanceof BodyscriptError ? error.exitCode : EXIT_CODES.failed;
}

function describeError(error: unknown): RunRecord['error'] {
  if (error instanceof BodyscriptError)
    return { code: error.code, message: error.message, remedy: error.remedy ?? null };
  return { code: 'INTERNAL', message: shortMessage(error), remedy: null };
}

function describeNetwork(network: { model: string; modelSha256: string } | undefined): RunRecord['model'] {
  return network ? { name: network.model, sha256: network.modelSha256 } : null;
}

function describeBinary({ version, path, source }: Binary): RunRecord['ffmpeg'] {
  return { version, path, source };
}

function describeEngine({ name, version, provider, weights, reason }: EngineInfo): RunRecord['engine'] {
  return { name, version, provider, weights: weights ?? null, weightsCopiedBecause: reason ?? null };
}
