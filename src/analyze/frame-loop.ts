import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FrameReader } from '../decode/frame-reader.js';
import type { PoseEngine } from '../engine/pose-engine.js';
import { BodyscriptError } from '../errors.js';
import type { Frame } from '../model/frame.js';
import type { FrameResult } from '../model/result.js';
import type { OutputSet } from '../outputs/output-set.js';
import { takenOf } from '../outputs/taken.js';
import { ownSides } from '../strategies/mirror.js';
import type { FrameAnalyzer } from '../tracking/frame-analyzer.js';
import type { LookAhead } from '../tracking/look-ahead.js';
import type { Checkpoint, CheckpointWriter, Snapshot } from './checkpoint.js';
import type { RecordKeeper } from './record-keeper.js';

/** Components of the loop over a video's frames. */
export interface FrameLoop {
  readonly reader: FrameReader;
  readonly analyzer: FrameAnalyzer;
  /** Undefined if each frame is decided at once. */
  readonly lookAhead: LookAhead | undefined;
  /** Whether the pictures are stored mirrored: the decided results get the person's own sides. */
  readonly mirror: boolean;
  /** Provides the state for a checkpoint; undefined if the mode follows no people. */
  readonly engine: PoseEngine | undefined;
  readonly outputs: OutputSet;
  /** Size of the displayed picture, in pixels. */
  readonly display: { readonly width: number; readonly height: number };
  readonly keeper: RecordKeeper;
  readonly signal: AbortSignal;
  readonly onFrame: () => void;
  readonly onResult: ((result: FrameResult) => Promise<void>) | undefined;
  readonly checkpoints: CheckpointWriter | undefined;
  readonly resume: Checkpoint | undefined;
}

type NextFrame = () => Promise<Frame | undefined>;

/** The loop: while the engine works on a frame, the one before is drawn and written, and the one after is read. */
export async function runFrameLoop(loop: FrameLoop): Promise<void> {
  const { reader, signal } = loop;
  const stopReading = () => void reader[Symbol.asyncDispose]();
  signal.addEventListener('abort', stopReading, { once: true });
  const writer = new FrameWriter(loop);
  try {
    const frames = reader.frames()[Symbol.asyncIterator]();
    const next = async () => {
      const { done, value } = await loop.keeper.clock.time('decode', () => frames.next());
      signal.throwIfAborted();
      return done ? undefined : value;
    };
    await redraw(next, loop);
    await decideAll(next, writer, loop);
    await writer.idle();
  } finally {
    signal.removeEventListener('abort', stopReading);
    await writer.idle().catch(() => {}); // During a failure; its own error has already been thrown.
  }
}

/** Analyses frame by frame; with look-ahead, frames wait for their results to be decided. */
async function decideAll(next: NextFrame, writer: FrameWriter, loop: FrameLoop): Promise<void> {
  const { lookAhead, signal } = loop;
  /** In step with the frames that wait in `lookAhead`. */
  const held: Frame[] = [];
  const handOver = async (result: FrameResult, snapshot?: Snapshot) =>
    hand(held.shift() as Frame, result, snapshot, writer, loop);
  const flush = async () => {
    if (!lookAhead || held.length < lookAhead.waiting.length) return;
    for (const result of lookAhead.flush()) await handOver(result);
  };
  try {
    // The earlier run analysed those; their pictures are needed again.
    for (const id of lookAhead?.waiting ?? []) held.push(theSame(await next(), id));
    for (let frame = await next(); frame; frame = await next()) {
      held.push(frame);
      const { decided, snapshot } = await analyze(frame, loop);
      for (const result of decided) await handOver(result, snapshot);
    }
  } catch (error) {
    // If the video is damaged from here on, the frames analysed so far are kept.
    if (!signal.aborted) await flush().catch(() => {});
    throw error;
  }
  await flush();
}

async function analyze(
  frame: Frame,
  { analyzer, lookAhead, engine, keeper, checkpoints }: FrameLoop,
): Promise<{ decided: readonly FrameResult[]; snapshot: Snapshot | undefined }> {
  const result = await keeper.clock.time('inference', () => analyzer.analyze(frame));
  const decided = lookAhead ? lookAhead.push(result) : [result];
  const last = decided.at(-1);
  const snapshot = last && (await checkpoints?.snapshot(last.frameId, engine, analyzer, lookAhead));
  return { decided, snapshot };
}

/** Counts a decided frame, and passes it to the outputs. */
async function hand(
  frame: Frame,
  decided: FrameResult,
  snapshot: Snapshot | undefined,
  writer: FrameWriter,
  loop: FrameLoop,
): Promise<void> {
  const sided = loop.mirror ? withOwnSides(decided) : decided;
  const result = { ...sided, timestamp: frame.timestamp }; // The analyzer uses steady times.
  const { analyzer, keeper, signal, checkpoints, onFrame, onResult } = loop;
  await writer.idle();
  signal.throwIfAborted();
  keeper.tally.add(result);
  keeper.notes = analyzer.notes();
  checkpoints?.note(result);
  writer.write(frame, result, snapshot && (() => saveCheckpoint(loop, snapshot)));
  onFrame();
  await onResult?.(result);
}

function withOwnSides({ people, ...frame }: FrameResult): FrameResult {
  return { ...frame, people: people.map(person => ({ ...person, pose: ownSides(person.pose) })) };
}

/** Frames that an earlier run had analysed, and whose pictures its encoder still held when it ended. */
async function redraw(next: NextFrame, { resume, outputs, keeper, display }: FrameLoop): Promise<void> {
  if (!resume) return;
  const first = resume.frames - resume.undrawn.length;
  for (const [i, result] of resume.undrawn.entries()) {
    const frame = theSame(await next(), result.frameId);
    try {
      await keeper.clock.time('redraw', () => outputs.redo(takenOf(frame, result, display), first + i));
    } finally {
      frame.release();
    }
  }
}

/** The frame that an earlier run had read as well. */
function theSame(frame: Frame | undefined, frameId: number): Frame {
  if (frame?.frameId === frameId) return frame;
  throw new BodyscriptError('INTERNAL', `frame ${frameId} of the interrupted run is no longer in the video`);
}

async function saveCheckpoint({ checkpoints, outputs, keeper }: FrameLoop, snapshot: Snapshot): Promise<void> {
  await checkpoints?.save(snapshot, keeper, outputs.states);
}

/** Passes one frame at a time to the outputs, while the engine works. */
class FrameWriter {
  readonly #loop: FrameLoop;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(loop: FrameLoop) {
    this.#loop = loop;
  }

  /**
   * Starts once the engine has its next frame, if there is one: lines and skeletons are made in parallel with its work,
   * not before it.
   * @param after called when the frame is written
   */
  write(frame: Frame, result: FrameResult, after: (() => Promise<void>) | undefined): void {
    const { outputs, display } = this.#loop;
    this.#writing = nextTurn()
      .then(() => outputs.write(takenOf(frame, result, display)))
      .finally(() => frame.release())
      .then(after);
    this.#writing.catch(() => {}); // Awaited before the next frame is written, or at the end.
  }

  /** Settles when the last frame is written, or has failed. */
  async idle(): Promise<void> {
    await this.#writing;
  }
}
