import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EngineInfo } from '../../engine/pose-engine.js';
import { BodyscriptError, fromPlainError } from '../../errors.js';
import { AwakeClock } from '../../system/awake-clock.js';
import { childEnvironment } from '../../system/child-environment.js';
import { forgetChild, noteChild } from '../../system/child-process.js';
import { leanEnvironment, leanHeap } from '../../system/lean-memory.js';
import { flagsForProcess } from '../../system/node-flags.js';
import {
  ALIVE_EVERY_MS,
  type AnalysedSegment,
  type FromSegmentWorker,
  type SegmentSource,
  type SegmentTask,
  type ToSegmentWorker,
} from './protocol.js';

/** The compiled file; a test that runs this one uncompiled uses it, too. */
const PROCESS_FILE = fileURLToPath(new URL('./segment-process.js', import.meta.url)).replace(
  /([\\/])src([\\/]analyze[\\/]segments[\\/])/,
  '$1dist$2',
);
const CLOSE_WITHIN_MS = 2000;
const COMPLAINT_LENGTH = 2000;

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/** How a worker is watched. */
export interface SegmentWorkerOptions {
  /** A process that sends nothing for this long is stopped or hangs: it is killed. */
  readonly silentMs: number;
  /** Number of workers beside each other, itself included, for the remedy of its death. */
  readonly atOnce: number;
  readonly warn: (message: string) => void;
}

/** A process with its own engine that analyses one segment after another. */
export class SegmentWorker implements AsyncDisposable {
  readonly #options: SegmentWorkerOptions;
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  readonly #clock = new AwakeClock(ALIVE_EVERY_MS);
  readonly #watch: NodeJS.Timeout;
  #heardAt = 0;
  #isAlive = true;
  #isSilent = false;
  #ready: Waiting<EngineInfo> | undefined;
  #task: Waiting<AnalysedSegment> | undefined;
  #onFrames: (count: number) => void = () => {};
  #complaint = '';
  #error: unknown;
  /** The process's own programs, as last reported. */
  #programs: ReadonlyMap<number, string> = new Map();

  constructor(options: SegmentWorkerOptions) {
    this.#options = options;
    this.#child = fork(PROCESS_FILE, {
      // Its own process group: Ctrl-C in the terminal reaches only the parent.
      detached: true,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...childEnvironment(), ...leanEnvironment(process.env) },
      execArgv: [...flagsForProcess(process.execArgv), ...leanHeap(process.execArgv, process.env)],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-COMPLAINT_LENGTH);
    });
    this.#child.on('message', message => this.#hear(message as FromSegmentWorker));
    if (this.#child.pid !== undefined) noteChild(this.#child.pid, 'segment');
    this.#child.on('error', () => {}); // `exit` reports the result.
    this.#watch = setInterval(() => this.#look(), ALIVE_EVERY_MS);
    this.#gone = new Promise(resolve => {
      this.#child.once('exit', (code, signal) => {
        this.#end(this.#death(code, signal));
        resolve();
      });
      if (this.#child.pid === undefined) {
        this.#end(this.#death(null, null));
        resolve();
      }
    });
  }

  /** Whether it can take a segment: its process has not ended. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Opens the video and loads the engine. @throws BodyscriptError, `WORKER_DIED` among others */
  async open(source: SegmentSource): Promise<EngineInfo> {
    return new Promise((resolve, reject) => {
      this.#ready = { resolve, reject };
      this.#tell({ say: 'open', source });
    });
  }

  /**
   * @param onFrames receives the number of frames analysed so far
   * @throws BodyscriptError as the analysis does; `WORKER_DIED` if the process ended meanwhile
   */
  async analyse(task: SegmentTask, onFrames: (count: number) => void): Promise<AnalysedSegment> {
    return new Promise((resolve, reject) => {
      this.#task = { resolve, reject };
      this.#onFrames = onFrames;
      this.#tell({ say: 'analyse', task });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#watch);
    // Without its channel it ends itself and its ffmpeg.
    if (this.#child.connected) this.#child.disconnect();
    const force = setTimeout(() => this.#child.kill('SIGKILL'), CLOSE_WITHIN_MS);
    await this.#gone.finally(() => clearTimeout(force));
  }

  #tell(message: ToSegmentWorker): void {
    if (this.#error !== undefined) this.#fail(this.#error);
    else if (this.#child.connected) this.#child.send(message, () => {});
  }

  #hear(message: FromSegmentWorker): void {
    this.#heardAt = this.#clock.now();
    if (message.say === 'ready') this.#ready?.resolve(message.engine);
    else if (message.say === 'warning') this.#options.warn(message.message);
    else if (message.say === 'frames') {
      this.#note(message.programs);
      this.#onFrames(message.count);
    } else if (message.say === 'analysed') {
      this.#note(new Map());
      this.#task?.resolve(message.segment);
    } else if (message.say === 'failed') this.#fail(fromPlainError(message.error));
  }

  /** Kills a process that a signal has stopped, or that hangs. */
  #look(): void {
    if (this.#clock.now() - this.#heardAt <= this.#options.silentMs) return;
    this.#isSilent = true;
    this.#child.kill('SIGKILL');
  }

  #note(programs: ReadonlyMap<number, string>): void {
    for (const pid of this.#programs.keys()) if (!programs.has(pid)) forgetChild(pid);
    for (const [pid, role] of programs) noteChild(pid, role);
    this.#programs = programs;
  }

  #end(error: BodyscriptError): void {
    clearInterval(this.#watch);
    this.#isAlive = false;
    if (this.#child.pid !== undefined) forgetChild(this.#child.pid);
    this.#note(new Map());
    this.#fail(error);
  }

  #fail(error: unknown): void {
    this.#error ??= error;
    this.#ready?.reject(this.#error);
    this.#task?.reject(this.#error);
  }

  #death(code: number | null, signal: NodeJS.Signals | null): BodyscriptError {
    const said = this.#complaint.split('\n').find(line => /error/i.test(line));
    const how = this.#isSilent
      ? `sent nothing for ${Math.round(this.#options.silentMs / 1000)} s`
      : signal
        ? `was killed (${signal})`
        : `ended by itself (code ${code})`;
    return new BodyscriptError('WORKER_DIED', `the process for a segment ${how}${said ? `: ${said.trim()}` : ''}`, {
      remedy: remedyFor(this.#options.atOnce),
    });
  }
}

/** The memory of all processes together is the usual reason. */
function remedyFor(atOnce: number): string {
  const fewer =
    atOnce > 1
      ? `analyse fewer segments at a time (--segments ${Math.floor(atOnce / 2)})`
      : 'analyse the video in one piece, without --segments';
  return `If memory ran out, ${fewer}, or use --max-size or --max-memory; otherwise check what ended the process.`;
}
