import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EngineInfo } from '../../engine/pose-engine.js';
import { BodyscriptError, fromPlainError } from '../../errors.js';
import { childEnvironment } from '../../system/child-environment.js';
import { forgetChild, noteChild } from '../../system/child-process.js';
import { leanEnvironment, leanHeap } from '../../system/lean-memory.js';
import { flagsForProcess } from '../../system/node-flags.js';
import type { AnalysedSegment, FromSegmentWorker, SegmentSource, SegmentTask, ToSegmentWorker } from './protocol.js';

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

/** A process with its own engine that analyses one segment after another. */
export class SegmentWorker implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  readonly #warn: (message: string) => void;
  #ready: Waiting<EngineInfo> | undefined;
  #task: Waiting<AnalysedSegment> | undefined;
  #onFrames: (count: number) => void = () => {};
  #complaint = '';
  #error: unknown;
  /** The process's own programs, as last reported. */
  #programs: ReadonlyMap<number, string> = new Map();

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
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
    this.#gone = new Promise(resolve => {
      this.#child.once('exit', (code, signal) => {
        if (this.#child.pid !== undefined) forgetChild(this.#child.pid);
        this.#note(new Map());
        this.#fail(this.#death(code, signal));
        resolve();
      });
      if (this.#child.pid === undefined) resolve();
    });
  }

  /** Opens the video and loads the engine. */
  async open(source: SegmentSource): Promise<EngineInfo> {
    return new Promise((resolve, reject) => {
      this.#ready = { resolve, reject };
      this.#tell({ say: 'open', source });
    });
  }

  /** @param onFrames receives the number of frames analysed so far */
  async analyse(task: SegmentTask, onFrames: (count: number) => void): Promise<AnalysedSegment> {
    return new Promise((resolve, reject) => {
      this.#task = { resolve, reject };
      this.#onFrames = onFrames;
      this.#tell({ say: 'analyse', task });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
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
    if (message.say === 'ready') this.#ready?.resolve(message.engine);
    else if (message.say === 'warning') this.#warn(message.message);
    else if (message.say === 'frames') {
      this.#note(message.programs);
      this.#onFrames(message.count);
    } else if (message.say === 'analysed') {
      this.#note(new Map());
      this.#task?.resolve(message.segment);
    } else this.#fail(fromPlainError(message.error));
  }

  #note(programs: ReadonlyMap<number, string>): void {
    for (const pid of this.#programs.keys()) if (!programs.has(pid)) forgetChild(pid);
    for (const [pid, role] of programs) noteChild(pid, role);
    this.#programs = programs;
  }

  #fail(error: unknown): void {
    this.#error ??= error;
    this.#ready?.reject(this.#error);
    this.#task?.reject(this.#error);
  }

  #death(code: number | null, signal: NodeJS.Signals | null): BodyscriptError {
    const how = signal ? `was killed (${signal})` : `ended by itself (code ${code})`;
    const said = this.#complaint.split('\n').find(line => /error/i.test(line));
    return new BodyscriptError('WORKER_DIED', `the process for a segment ${how}${said ? `: ${said.trim()}` : ''}`, {
      remedy:
        'Use fewer segments at a time (--segments 2), or none; if memory ran out, use --max-size or --max-memory.',
    });
  }
}
