import { rm } from 'node:fs/promises';
import type { EngineInfo, PoseEngine } from '../engine/pose-engine.js';
import { type FileKind, writeChecked } from '../formats/checked-file.js';
import { stateText } from '../formats/state-text.js';
import type { FrameResult } from '../model/result.js';
import type { OutputState } from '../outputs/output.js';
import { PACKAGE } from '../system/package-info.js';
import type { FrameAnalyzer } from '../tracking/frame-analyzer.js';
import type { LookAhead, LookAheadState } from '../tracking/look-ahead.js';
import type { Job } from './job.js';
import { optionsHash } from './options-hash.js';
import type { RecordKeeper, RecordState } from './record-keeper.js';
import { identityOf } from './run-identity.js';

/**
 * A checkpoint's file, and the version of its layout. With 16 people and look-ahead it takes 1 MB; ids of people are
 * kept for the whole video.
 */
export const CHECKPOINT_FILE: FileKind = { name: 'checkpoint', version: 10, maxBytes: 64 * 2 ** 20 };
/** Maximum work that a crash costs; writing a checkpoint takes a few milliseconds. */
const CHECKPOINT_EVERY_MS = 500;

/** The state from which a run continues midway, and produces the same bytes. */
export interface Checkpoint {
  /** Must be the same in both runs: see `checkpointKey`. */
  readonly key: string;
  /** `frameId` after the last decided frame. */
  readonly nextFrame: number;
  /** Number of decided frames. */
  readonly frames: number;
  readonly engine: unknown;
  readonly analyzer: unknown;
  /** With the results that wait for later frames; undefined if none do. */
  readonly lookAhead: LookAheadState | undefined;
  readonly record: RecordState;
  /** By name of the output's type. */
  readonly outputs: ReadonlyMap<string, OutputState>;
  /** Results of the last frames, which an output, such as the overlay's encoder, still holds back; in order. */
  readonly undrawn: readonly FrameResult[];
  /** Whether the run began with `--force`: the same command continues only a run of its own kind. */
  readonly isForced: boolean;
}

/** The parts that the next frame changes, which are captured before it, and the rest: the two halves of the file. */
export type Memory = Pick<Checkpoint, 'analyzer' | 'lookAhead'>;
export type Facts = Omit<Checkpoint, keyof Memory>;

/**
 * Everything that determines a run's numbers, apart from the video's pictures: a checkpoint is valid only for an equal
 * key.
 */
export async function checkpointKey(job: Job, engine: EngineInfo, isSegmented: boolean): Promise<string> {
  const identity = await identityOf(job, engine);
  return JSON.stringify([CHECKPOINT_FILE.version, PACKAGE.version, optionsHash(job.options), ...identity, isSegmented]);
}

export async function removeCheckpoint(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** The parts of a checkpoint that the next frame changes. */
export interface Snapshot {
  readonly nextFrame: number;
  readonly engine: unknown;
  /** The analyzer and the look-ahead, as text. */
  readonly memory: string;
}

/** Frames on disk in every output that holds some back; undefined if none does. */
export function leastFrames(states: Iterable<OutputState>): number | undefined {
  const frames = [...states].flatMap(state => state.frames ?? []);
  return frames.length === 0 ? undefined : Math.min(...frames);
}

/** Writes a checkpoint at intervals. */
export class CheckpointWriter {
  readonly #path: string;
  readonly #key: string;
  readonly #isForced: boolean;
  /** Results that may have to be drawn again. */
  #recent: FrameResult[];
  #dueAt = 0;
  /** Whether the engine's state can be saved. */
  #works = true;
  #hasWritten = false;

  /** @param undrawn of the checkpoint with which the run continued */
  constructor(path: string, key: string, { undrawn, isForced }: Pick<Checkpoint, 'undrawn' | 'isForced'>) {
    this.#path = path;
    this.#key = key;
    this.#isForced = isForced;
    this.#recent = [...undrawn];
  }

  /** Whether this run wrote a checkpoint. */
  get hasWritten(): boolean {
    return this.#hasWritten;
  }

  /**
   * Captures the state that the next frame will change, if it is time. Call it after a frame was analysed.
   * @param frameId of the last decided frame
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

  /** Records that the outputs received a frame's result. */
  note(result: FrameResult): void {
    this.#recent.push(result);
  }

  /**
   * Writes the captured state, once the outputs have all frames up to it. A failure costs work after a crash, but no
   * result.
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
      isForced: this.#isForced,
    };
    try {
      await writeChecked(this.#path, CHECKPOINT_FILE, `[${stateText(facts)},${memory}]`);
      this.#hasWritten = true;
    } catch {
      // The previous checkpoint remains valid.
    }
  }
}
