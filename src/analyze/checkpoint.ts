import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { EngineInfo, PoseEngine } from '../engine/pose-engine.js';
import type { FrameResult } from '../model/result.js';
import type { SinkState } from '../sinks/sink.js';
import { PACKAGE } from '../system/package-info.js';
import { partialPath } from '../system/whole-file.js';
import type { FrameAnalyzer } from '../tracking/frame-analyzer.js';
import type { LookAhead, LookAheadState } from '../tracking/look-ahead.js';
import type { Job } from './job.js';
import { optionsHash } from './options-hash.js';
import { grownFiles } from './output-plan.js';
import type { RecordKeeper, RecordState } from './record-keeper.js';

/** Version of a checkpoint's own layout. */
const CHECKPOINT_VERSION = 4;
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
  /** By path of the output. */
  readonly sinks: ReadonlyMap<string, SinkState>;
  /** Results of the last frames, which the overlay's encoder may not have written yet; in order. */
  readonly undrawn: readonly FrameResult[];
}

/** What decides a run's numbers, beside the video's pictures: only a run with the same may go on with a checkpoint. */
export async function checkpointKey(
  { options, source, binaries, size }: Job,
  engine: EngineInfo,
  mayBeCareful: boolean,
): Promise<string> {
  const modified = await Promise.all(source.files.map(async file => (await stat(file)).mtimeMs));
  const input = { bytes: source.bytes, files: source.files.length, modified: Math.max(...modified) };
  const decoder = binaries.ffmpeg.version;
  // Where weights lie changes no number.
  const { weights: _place, reason: _reason, ...network } = engine;
  return JSON.stringify([
    CHECKPOINT_VERSION,
    PACKAGE.version,
    optionsHash(options),
    input,
    decoder,
    size,
    network,
    mayBeCareful,
  ]);
}

/** The checkpoint at a path, where it fits and the files are as long as they were; undefined where the video is to be analysed from its beginning. */
export async function loadCheckpoint(path: string, key: string, job: Job): Promise<Checkpoint | undefined> {
  try {
    const checkpoint = deserialize(await readFile(path)) as Checkpoint;
    if (checkpoint.key !== key) return undefined;
    const { plan } = job;
    for (const output of [...grownFiles(plan), ...(plan.pictures === undefined ? [] : [plan.pictures])]) {
      const state = checkpoint.sinks.get(output);
      if (!state || (await stat(partialPath(output))).size < state.bytes) return undefined;
    }
    return (await endsWithFrame(job.plan.csv, checkpoint)) ? checkpoint : undefined;
  } catch {
    return undefined; // None, or one of another version of Node.
  }
}

/** After a power failure a file may be long enough and still not hold what was written. */
async function endsWithFrame(csv: string | undefined, { sinks, nextFrame }: Checkpoint): Promise<boolean> {
  const bytes = csv === undefined ? undefined : sinks.get(csv)?.bytes;
  if (csv === undefined || bytes === undefined) return true;
  const handle = await open(partialPath(csv), 'r');
  try {
    const tail = Buffer.alloc(Math.min(bytes, 4096));
    await handle.read(tail, 0, tail.length, bytes - tail.length);
    const lines = tail.toString('latin1').split('\n');
    return lines.at(-1) === '' && (lines.at(-2) ?? '').startsWith(`${nextFrame - 1},`);
  } finally {
    await handle.close();
  }
}

export async function removeCheckpoint(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** The analyzer's, and what is looked ahead with. */
type Memory = readonly [unknown, LookAheadState | undefined];

/** The parts of a checkpoint that the next frame changes. */
export interface Snapshot {
  readonly nextFrame: number;
  readonly engine: unknown;
  /** What works on the frames, and what looks ahead. */
  readonly memory: Buffer;
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

  /** @param undrawn of the checkpoint that the run went on with */
  constructor(path: string, key: string, undrawn: readonly FrameResult[]) {
    this.#path = path;
    this.#key = key;
    this.#recent = [...undrawn];
  }

  /** Takes what the next frame will change, if it is time. To be called after a frame was analysed. @param frameId of the last one that is decided */
  async snapshot(
    frameId: number,
    engine: PoseEngine | undefined,
    analyzer: FrameAnalyzer,
    lookAhead: LookAhead | undefined,
  ): Promise<Snapshot | undefined> {
    if (!this.#works || performance.now() < this.#dueAt) return undefined;
    this.#dueAt = performance.now() + CHECKPOINT_EVERY_MS;
    const state = engine ? await engine.save() : null;
    this.#works = state !== undefined;
    if (!this.#works) return undefined;
    const memory = serialize([analyzer.save(), lookAhead?.save()] satisfies Memory);
    return { nextFrame: frameId + 1, engine: state, memory };
  }

  /** A frame's result was handed to the sinks. */
  note(result: FrameResult): void {
    this.#recent.push(result);
  }

  /**
   * Writes what was taken, once all frames up to it are with the sinks. One that cannot be written costs work after a crash, and no result.
   * @param drawn frames of the overlay on disk; undefined without an overlay
   */
  async save(
    snapshot: Snapshot,
    keeper: RecordKeeper,
    sinks: ReadonlyMap<string, SinkState>,
    drawn: number | undefined,
  ): Promise<void> {
    const frames = keeper.tally.counts.decoded;
    const undrawn = drawn === undefined || drawn >= frames ? [] : this.#recent.slice(drawn - frames);
    this.#recent = undrawn;
    const { nextFrame, engine, memory } = snapshot;
    const [analyzer, lookAhead] = deserialize(memory) as Memory;
    const checkpoint: Checkpoint = {
      key: this.#key,
      nextFrame,
      frames,
      engine,
      analyzer,
      lookAhead,
      record: keeper.save(),
      sinks,
      undrawn,
    };
    const temporary = `${this.#path}.tmp`;
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      await writeFile(temporary, serialize(checkpoint));
      await rename(temporary, this.#path);
    } catch {
      await rm(temporary, { force: true }).catch(() => {});
    }
  }
}
