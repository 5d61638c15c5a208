import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FrameReader } from '../decode/frame-reader.js';
import type { PoseEngine } from '../engine/pose-engine.js';
import { BodyscriptError } from '../errors.js';
import type { Frame } from '../model/frame.js';
import type { FrameResult } from '../model/result.js';
import type { FrameAnalyzer } from '../tracking/frame-analyzer.js';
import type { Checkpoint, CheckpointWriter } from './checkpoint.js';
import type { OpenSinks } from './open-sinks.js';
import type { RecordKeeper } from './record-keeper.js';

/** What the loop over a video's frames works with. */
export interface FrameLoop {
  readonly reader: FrameReader;
  readonly analyzer: FrameAnalyzer;
  /** Whose state belongs to a checkpoint; undefined where the mode follows nobody. */
  readonly engine: PoseEngine | undefined;
  readonly sinks: OpenSinks;
  readonly keeper: RecordKeeper;
  readonly signal: AbortSignal;
  readonly onFrame: () => void;
  readonly onResult: ((result: FrameResult) => Promise<void>) | undefined;
  readonly checkpoints: CheckpointWriter | undefined;
  readonly resume: Checkpoint | undefined;
}

/** The loop: the engine works on a frame while the one before is drawn and written, and the one after is read. */
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
    for (const result of loop.resume?.undrawn ?? []) await redraw(await next(), result, loop);
    for (let frame = await next(); frame; frame = await next()) await analyze(frame, writer, loop);
    await writer.idle();
  } finally {
    signal.removeEventListener('abort', stopReading);
    await writer.idle().catch(() => {}); // On the way out of a failure; its own has been thrown already.
  }
}

async function analyze(frame: Frame, writer: FrameWriter, loop: FrameLoop): Promise<void> {
  const { analyzer, engine, keeper, signal, checkpoints, onFrame, onResult } = loop;
  const result = await keeper.clock.time('inference', () => analyzer.analyze(frame));
  const snapshot = await checkpoints?.snapshot(frame.frameId, engine, analyzer);
  await writer.idle();
  signal.throwIfAborted();
  keeper.tally.add(result);
  keeper.notes = analyzer.notes();
  checkpoints?.note(result);
  writer.write(frame, result, snapshot && (() => saveCheckpoint(loop, snapshot)));
  onFrame();
  await onResult?.(result);
}

/** A frame that a run before had analysed, and whose picture was still with the encoder when that run ended. */
async function redraw(frame: Frame | undefined, result: FrameResult, { sinks, keeper }: FrameLoop): Promise<void> {
  if (frame?.frameId !== result.frameId) {
    throw new BodyscriptError('INTERNAL', `frame ${result.frameId} of the run before is not in the video any more`);
  }
  try {
    await keeper.clock.time('redraw', () => sinks.overlay?.write(frame, result));
  } finally {
    frame.release();
  }
}

async function saveCheckpoint(
  { checkpoints, sinks, keeper }: FrameLoop,
  snapshot: NonNullable<Awaited<ReturnType<CheckpointWriter['snapshot']>>>,
): Promise<void> {
  const states = new Map(sinks.all.map(sink => [sink.path, sink.state]));
  await checkpoints?.save(snapshot, keeper, states, sinks.overlay?.state.frames);
}

/** Hands one frame at a time to the sinks, beside the engine's work. */
class FrameWriter {
  readonly #sinks: OpenSinks;
  #writing: Promise<unknown> = Promise.resolve();

  constructor({ sinks }: FrameLoop) {
    this.#sinks = sinks;
  }

  /**
   * Begins when the engine has been handed its next frame, if that is there: lines are made and skeletons drawn beside its work, not before it.
   * @param after done when the frame is written
   */
  write(frame: Frame, result: FrameResult, after: (() => Promise<void>) | undefined): void {
    this.#writing = nextTurn()
      .then(() => Promise.all(this.#sinks.all.map(sink => sink.write(frame, result))))
      .finally(() => frame.release())
      .then(after);
    this.#writing.catch(() => {}); // Awaited before the next frame is written, or at the end.
  }

  /** Settles when the last frame is written, or could not be. */
  async idle(): Promise<void> {
    await this.#writing;
  }
}
