import { rm, stat } from 'node:fs/promises';
import type { EngineInfo, PoseEngine } from '../engine/pose-engine.js';
import { type FileKind, writeChecked } from '../formats/checked-file.js';
import { stateText } from '../formats/state-text.js';
import type { FrameResult } from '../model/result.js';
import type { OutputState } from '../outputs/output.js';
import { systemPath } from '../system/byte-names.js';
import { PACKAGE } from '../system/package-info.js';
import type { FrameAnalyzer } from '../tracking/frame-analyzer.js';
import type { LookAhead, LookAheadState } from '../tracking/look-ahead.js';
import type { Job } from './job.js';
import { optionsHash } from './options-hash.js';
import type { RecordKeeper, RecordState } from './record-keeper.js';

/**
 * A checkpoint's file, and the version of its own layout. One of 16 people who are looked ahead for takes 1 MB; ids of
 * people are kept as long as the video lasts.
 */
export const CHECKPOINT_FILE: FileKind = { name: 'checkpoint', version: 9, maxBytes: 64 * 2 ** 20 };
/** A crash costs the work of so long at most; writing one takes a few milliseconds. */
const CHECKPOINT_EVERY_MS = 500;

/** What a run needs to go on from the middle of a video, and to come to the same bytes. */
export interface Checkpoint {
  /** What must be the same in both runs: see `checkpointKey`. */
  readonly key: string;
  /** `frameId` after the last frame that was decided. */
  readonly nextFrame: number;
  /** Frames that were decided. */
  readonly frames: number;
  readonly engine: unknown;
  readonly analyzer: unknown;
  /** With the results that wait for the frames ahead; undefined where none do. */
  readonly lookAhead: LookAheadState | undefined;
  readonly record: RecordState;
  /** By name of the output's kind. */
  readonly outputs: ReadonlyMap<string, OutputState>;
  /** Results of the last frames, which an output, such as the overlay's encoder, still holds back; in order. */
  readonly undrawn: readonly FrameResult[];
}

/** What the next frame changes, which is taken before, and the rest: the two halves of the file. */
export type Memory = Pick<Checkpoint, 'analyzer' | 'lookAhead'>;
export type Facts = Omit<Checkpoint, keyof Memory>;

/** What decides a run's numbers, beside the video's pictures: only a run with the same may go on with a checkpoint. */
export async function checkpointKey(
  { options, source, binaries, size }: Job,
  engine: EngineInfo,
  isSegmented: boolean,
): Promise<string> {
  const modified = await Promise.all(source.files.map(async file => (await stat(systemPath(file))).mtimeMs));
  const input = { bytes: source.bytes, files: source.files.length, modified: Math.max(...modified) };
  const decoder = binaries.ffmpeg.version;
  // Where weights lie changes no number.
  const { weights: _place, reason: _reason, ...network } = engine;
  return JSON.stringify([
    CHECKPOINT_FILE.version,
    PACKAGE.version,
    optionsHash(options),
    input,
    decoder,
    size,
    network,
    isSegmented,
  ]);
}

export async function removeCheckpoint(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** The parts of a checkpoint that the next frame changes. */
export interface Snapshot {
  readonly nextFrame: number;
  readonly engine: unknown;
  /** What works on the frames, and what looks ahead, as text. */
  readonly memory: string;
}

/** Frames that are on disk in every output that holds some back; undefined where none does. */
export function leastFrames(states: Iterable<OutputState>): number | undefined {
  const frames = [...states].flatMap(state => state.frames ?? []);
  return frames.length === 0 ? undefined : Math.min(...frames);
}

/** Writes a checkpoint now and then. */
export class CheckpointWriter {
  readonly #path: string;
  readonly #key: string;
  /** Results that may have to be drawn again. */
  #recent: FrameResult[];
  #dueAt = 0;
  /** Whether the engine's state can be saved. */
  #works = true;
  #hasWritten = false;

  /** @param undrawn of the checkpoint that the run went on with */
  constructor(path: string, key: string, undrawn: readonly FrameResult[]) {
    this.#path = path;
    this.#key = key;
    this.#recent = [...undrawn];
  }

  /** Whether this run wrote one. */
  get hasWritten(): boolean {
    return this.#hasWritten;
  }

  /**
   * Takes what the next frame will change, if it is time. To be called after a frame was analysed.
   * @param frameId of the last one that is decided
   */
  async snapshot(
    frameId: number,
    engine: PoseEngine | undefined,
    analyzer: FrameAnalyzer,
    lookAhead: LookAhead | undefined,
  ): Promise<Snapshot | undefined> {
    if (!this.#works || (performance.now() < this.#dueAt && !analyzer.isAtCut)) return undefined;
    this.#dueAt = performance.now() + CHECKPOINT_EVERY_MS;
    const state = engine ? await engine.save() : null;
    this.#works = state !== undefined;
    if (!this.#works) return undefined;
    const memory = stateText({ analyzer: analyzer.save(), lookAhead: lookAhead?.save() } satisfies Memory);
    return { nextFrame: frameId + 1, engine: state, memory };
  }

  /** A frame's result was handed to the outputs. */
  note(result: FrameResult): void {
    this.#recent.push(result);
  }

  /**
   * Writes what was taken, once the outputs have all frames up to it. One that cannot be written costs work after a
   * crash, and no result.
   */
  async save(snapshot: Snapshot, keeper: RecordKeeper, outputs: ReadonlyMap<string, OutputState>): Promise<void> {
    const frames = keeper.tally.counts.decoded;
    const drawn = leastFrames(outputs.values());
    const undrawn = drawn === undefined || drawn >= frames ? [] : this.#recent.slice(drawn - frames);
    this.#recent = undrawn;
    const { nextFrame, engine, memory } = snapshot;
    const facts: Facts = {
      key: this.#key,
      nextFrame,
      frames,
      engine,
      record: keeper.save(),
      outputs,
      undrawn,
    };
    try {
      await writeChecked(this.#path, CHECKPOINT_FILE, `[${stateText(facts)},${memory}]`);
      this.#hasWritten = true;
    } catch {
      // What was there before is as good as it was.
    }
  }
}
