import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BodyscriptError, type PlainError, toPlainError } from '../../errors.js';
import { childEnvironment } from '../../system/child-environment.js';
import { leanEnvironment, leanHeap } from '../../system/lean-memory.js';
import { flagsForProcess } from '../../system/node-flags.js';
import { identifyProcess, type ProcessIdentity } from '../../system/process-identity.js';
import { parseMessage } from './message-schema.js';
import type { FromWorker, ToWorker, VideoOutcome, VideoTask } from './protocol.js';
import type { RunnerEvents, VideoRunner } from './video-runner.js';

/** The compiled file: a test that runs this one uncompiled uses it, too. */
const WORKER_FILE = fileURLToPath(new URL('./worker-main.js', import.meta.url)).replace(
  /([\\/])src([\\/]batch[\\/]worker[\\/])/,
  '$1dist$2',
);
/** Time for a worker to end on request. */
const CLOSE_WITHIN_MS = 2000;
const COMPLAINT_LENGTH = 2000;

interface CurrentRun {
  readonly events: RunnerEvents;
  readonly end: (outcome: VideoOutcome) => void;
}

/** A process for one video after another: a crash affects only its current video. */
export class WorkerProcess implements VideoRunner {
  readonly process: ProcessIdentity | undefined;
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  #current: CurrentRun | undefined;
  #killedFor: PlainError | undefined;
  #usable = true;
  #complaint = '';

  constructor() {
    this.#child = fork(WORKER_FILE, {
      // Its own process group: Ctrl-C in the terminal reaches only the parent.
      detached: true,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...childEnvironment(), ...leanEnvironment(process.env) },
      execArgv: [...flagsForProcess(process.execArgv), ...leanHeap(process.execArgv, process.env)],
    });
    this.process = this.#child.pid === undefined ? undefined : identifyProcess(this.#child.pid);
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-COMPLAINT_LENGTH);
    });
    this.#child.on('message', message => this.#listen(message));
    this.#child.on('error', () => {}); // `exit` reports the result.
    this.#gone = new Promise(resolve => {
      this.#child.once('exit', (code, signal) => {
        this.#usable = false;
        this.#end({ kind: 'failed', error: this.#killedFor ?? this.#death(code, signal), kept: [] });
        resolve();
      });
      if (this.#child.pid === undefined) resolve();
    });
  }

  get isUsable(): boolean {
    return this.#usable;
  }

  async run(task: VideoTask, events: RunnerEvents): Promise<VideoOutcome> {
    return new Promise(resolve => {
      this.#current = { events, end: resolve };
      if (this.#usable) this.#tell({ say: 'run', task });
      else this.#end({ kind: 'failed', error: this.#death(null, null), kept: [] });
    });
  }

  stop(error: BodyscriptError): void {
    this.#tell({ say: 'stop', error: toPlainError(error) });
  }

  kill(error: BodyscriptError): void {
    this.#killedFor ??= toPlainError(error);
    this.#usable = false;
    this.#child.kill('SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#usable = false;
    // Without its channel it ends itself and its ffmpegs.
    if (this.#child.connected) this.#child.disconnect();
    const force = setTimeout(() => this.#child.kill('SIGKILL'), CLOSE_WITHIN_MS);
    await this.#gone.finally(() => clearTimeout(force));
  }

  #tell(message: ToWorker): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  #listen(message: unknown): void {
    const known = parseMessage(message);
    if (known) this.#hear(known);
    else this.kill(new BodyscriptError('WORKER_DIED', 'the process that analysed it sent an invalid message'));
  }

  #hear(message: FromWorker): void {
    const events = this.#current?.events;
    if (message.say === 'ended') this.#end(message.outcome);
    else if (message.say === 'warning') events?.onWarning(message.message);
    else if (message.say === 'progress') events?.onProgress(message.progress);
    else if (message.say === 'finishing') events?.onFinishing();
    else if (message.say === 'finished')
      void events?.mayPublish().then(
        () => this.#tell({ say: 'go' }),
        error => this.kill(error),
      );
    else
      void events?.admit(message.needs).then(
        () => this.#tell({ say: 'go' }),
        error => this.#tell({ say: 'stop', error: toPlainError(error) }),
      );
  }

  #end(outcome: VideoOutcome): void {
    const current = this.#current;
    this.#current = undefined;
    current?.end(outcome);
  }

  #death(code: number | null, signal: NodeJS.Signals | null): PlainError {
    const how = signal ? `was killed (${signal})` : `ended unexpectedly (exit code ${code})`;
    const said = this.#complaint.split('\n').find(line => /error/i.test(line));
    // A program that cannot open its own files ends before it can suggest a remedy.
    const refusal = /\bE[MN]FILE\b/.exec(said ?? '')?.[0];
    if (refusal) return toPlainError(Object.assign(new Error(said), { code: refusal }));
    return toPlainError(
      new BodyscriptError('WORKER_DIED', `the process that analysed it ${how}${said ? `: ${said.trim()}` : ''}`, {
        remedy: 'Analyse it alone; if the system ran out of memory, use --jobs 1, --max-size or --max-memory.',
      }),
    );
  }
}
