import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { BodyscriptError, fromPlainError, shortMessage } from '../../errors.js';
import type { PersonBox } from '../../model/person-box.js';
import { isYuv, type Picture } from '../../model/picture.js';
import { memoryOf, type SharedMemory } from '../../model/picture-memory.js';
import type { Pose } from '../../model/pose.js';
import { flagsForThread } from '../../system/node-flags.js';
import type {
  DetectOptions,
  EngineInfo,
  EngineOptions,
  FindOptions,
  PoseEngine,
  TrackOptions,
} from '../pose-engine.js';
import { type PackedPose, unpackPose } from './packed-pose.js';
import type { EngineName, SentPicture, WorkerReply, WorkerRequest, WorkerSetup } from './protocol.js';

/**
 * The compiled thread; also used by a test that runs this file uncompiled, since Node's threads do not run TypeScript.
 */
const THREAD_FILE = fileURLToPath(new URL('./engine-thread.js', import.meta.url)).replace(
  /([\\/])src([\\/]engine[\\/]worker[\\/])/,
  '$1dist$2',
);

/** The thread makes little JavaScript garbage: a small nursery is enough. WASM memory is not counted here. */
const THREAD_LIMITS = { maxYoungGenerationSizeMb: 4 };

interface PendingCall {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * Runs an engine in its own thread, so that decoding, drawing and encoding continue meanwhile. It reads pictures in
 * shared memory (`FramePool`) without a copy.
 */
export class WorkerEngine implements PoseEngine {
  readonly info: EngineInfo;
  readonly #thread: Worker;
  readonly #calls: CallQueue;
  #closed = false;
  /** The memory of pictures that the thread has. */
  #memory: SharedMemory | undefined;

  private constructor(thread: Worker, calls: CallQueue, info: EngineInfo) {
    this.#thread = thread;
    this.#calls = calls;
    this.info = info;
  }

  /** Milliseconds of engine work, without waiting. */
  get busyMs(): number {
    return this.#calls.busyMs;
  }

  /** @throws BodyscriptError as the engine itself does if it cannot be created */
  static async create(engine: EngineName, options: EngineOptions): Promise<WorkerEngine> {
    const setup: WorkerSetup = { engine, options };
    // A thread's `process.env` is a copy: variables for native code must be set here (see `loadOnnxruntime`).
    process.env.ORT_DISABLE_TELEMETRY = '1';
    // Keep the thread's own output off stdout, which is for data.
    const execArgv = flagsForThread(process.execArgv);
    const thread = new Worker(THREAD_FILE, {
      workerData: setup,
      stdout: true,
      stderr: true,
      ...(execArgv && { execArgv }),
      resourceLimits: THREAD_LIMITS,
    });
    thread.stdout.resume();
    thread.stderr.resume();
    const calls = new CallQueue(thread);
    try {
      return new WorkerEngine(thread, calls, (await calls.expect()) as EngineInfo);
    } catch (error) {
      await thread.terminate();
      throw error;
    }
  }

  async detect(image: Picture, options: DetectOptions = {}): Promise<Pose[]> {
    const poses = await this.#calls.send({ call: 'detect', image: this.#sent(image), options });
    return (poses as PackedPose[]).map(unpackPose);
  }

  async track(image: Picture, timestamp: number, options: TrackOptions = {}): Promise<Pose[]> {
    const poses = await this.#calls.send({ call: 'track', image: this.#sent(image), timestamp, options });
    return (poses as PackedPose[]).map(unpackPose);
  }

  async findPeople(image: Picture, options: FindOptions = {}): Promise<readonly PersonBox[] | undefined> {
    return (await this.#calls.send({ call: 'findPeople', image: this.#sent(image), options })) as
      | readonly PersonBox[]
      | undefined;
  }

  async reset(): Promise<void> {
    this.#memory = undefined; // The previous video is finished.
    await this.#calls.send({ call: 'reset' });
  }

  async save(): Promise<unknown> {
    return this.#calls.send({ call: 'save' });
  }

  async restore(state: unknown): Promise<void> {
    await this.#calls.send({ call: 'restore', state });
  }

  /** Refers to a picture of a known memory by its place. */
  #sent(image: Picture): SentPicture {
    const memory = memoryOf(image.data);
    if (!isYuv(image) || !memory) return image;
    const { width, height, matrix, data } = image;
    const placed = { width, height, matrix, at: data.byteOffset, bytes: data.length };
    if (memory === this.#memory) return placed;
    this.#memory = memory;
    return { ...placed, memory };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const gone = once(this.#thread, 'exit');
    await this.#calls.send({ call: 'close' }).catch(() => this.#thread.terminate());
    await gone;
  }
}

/** Answers arrive in the order of the calls, since the thread handles one at a time. */
class CallQueue {
  readonly #thread: Worker;
  readonly #pending: PendingCall[] = [];
  #failure: BodyscriptError | undefined;
  busyMs = 0;

  constructor(thread: Worker) {
    this.#thread = thread;
    thread.on('message', (reply: WorkerReply<unknown>) => this.#settle(reply));
    thread.on('error', error => this.#failAll(`the engine's thread failed (${shortMessage(error)})`));
    thread.on('exit', () => this.#failAll("the engine's thread has ended"));
  }

  async send(request: WorkerRequest): Promise<unknown> {
    if (this.#failure) throw this.#failure;
    this.#thread.postMessage(request);
    return this.expect();
  }

  async expect(): Promise<unknown> {
    return new Promise((resolve, reject) => this.#pending.push({ resolve, reject }));
  }

  #settle(reply: WorkerReply<unknown>): void {
    const call = this.#pending.shift();
    if ('error' in reply) call?.reject(fromPlainError(reply.error));
    else {
      this.busyMs += reply.busyMs;
      call?.resolve(reply.value);
    }
  }

  #failAll(message: string): void {
    this.#failure ??= new BodyscriptError('ENGINE_FAILED', message, {
      remedy: 'Run the same command again; if it fails again, please report it.',
    });
    for (const call of this.#pending.splice(0)) call.reject(this.#failure);
  }
}
