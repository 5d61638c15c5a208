import { BodyscriptError } from '../errors.js';
import { isOfMachine } from '../system/ffmpeg-binaries.js';
import type { ActiveVideo, BatchEvents, BatchRequest } from './batch.js';
import type { Docket, DocketVideo } from './docket.js';
import type { GovernedRunner, MemoryGovernor } from './memory-governor.js';
import { InlineRunner } from './worker/inline-runner.js';
import type { VideoOutcome } from './worker/protocol.js';
import type { VideoRunner } from './worker/video-runner.js';
import { watchRun } from './worker/watch-run.js';
import { WorkerProcess } from './worker/worker-process.js';

/** How a try at a video ended. */
export interface Try {
  readonly outcome: VideoOutcome;
  /** Whether it was stopped for its memory, to be run alone later. */
  readonly outOfMemory: boolean;
}

/** Why a video ends that another command is at. */
export function takenOver(): BodyscriptError {
  return new BodyscriptError('INTERRUPTED', 'another command has taken over this video');
}

/** Analyses one video at a time, in one process after another. */
export class Lane {
  readonly #index: number;
  readonly #request: BatchRequest;
  readonly #events: BatchEvents;
  readonly #told: Set<string>;
  /** Undefined where the one video is analysed in this process, which watches over itself. */
  readonly #governor: MemoryGovernor | undefined;
  #runner: VideoRunner | undefined;
  /** The same, as the governor knows it. */
  #governed: GovernedRunner | undefined;
  #active: ActiveVideo | undefined;

  /** @param told warnings of the machine that were told, shared by all lanes */
  constructor(
    index: number,
    request: BatchRequest,
    events: BatchEvents,
    governor: MemoryGovernor | undefined,
    told: Set<string>,
  ) {
    this.#told = told;
    this.#index = index;
    this.#request = request;
    this.#events = events;
    this.#governor = governor;
  }

  /** The video that is being analysed. */
  get active(): ActiveVideo | undefined {
    return this.#active;
  }

  /** @param docket is asked before the files get their names */
  async analyze(next: DocketVideo, alone: boolean, docket: Docket): Promise<Try> {
    const [runner, governed] = await this.#openRunner();
    await docket.begin(next, runner.process);
    const { limits, single } = this.#request;
    const { given, job } = next;
    const { options, force } = next.own ?? this.#request;
    const video = { ...next, lane: this.#index };
    this.#active = video;
    this.#events.onStart?.(video);
    try {
      const resume = single?.isStream ? undefined : !force;
      const task = { path: given, name: job.name, options, resume };
      const outcome = await watchRun(runner, task, limits, {
        admit: async needs => this.#governor?.admit(governed, needs.memory, alone),
        onProgress: progress => {
          this.#governor?.update(governed, progress.memory);
          this.#events.onProgress?.(video, progress, this.#governor?.used || progress.memory);
        },
        onFinishing: () => this.#events.onFinishing?.(video),
        mayPublish: async () => {
          if (!(await docket.confirm(next))) throw takenOver();
        },
        onWarning: message => this.#tell(given, message),
      });
      return { outcome, outOfMemory: this.#governor?.hasStopped(governed) ?? false };
    } finally {
      this.#active = undefined;
      this.#events.onLeave?.(video);
      this.#governor?.release(governed);
    }
  }

  /** A warning of the machine is told once, for all videos. */
  #tell(given: string, message: string): void {
    if (!isOfMachine(message)) this.#events.onWarning?.(`${given}: ${message}`);
    else if (!this.#told.has(message)) this.#events.onWarning?.(message);
    if (isOfMachine(message)) this.#told.add(message);
  }

  /** Asks for a clean end of the video. */
  stop(error: BodyscriptError): void {
    if (this.#active) this.#runner?.stop(error);
  }

  /** Ends the process at once. */
  kill(error: BodyscriptError): void {
    if (this.#active) this.#runner?.kill(error);
  }

  /** Ends the process, which may be idle; the next video gets a new one. */
  async close(): Promise<void> {
    const [runner, governed] = [this.#runner, this.#governed];
    this.#runner = this.#governed = undefined;
    if (governed) this.#governor?.remove(governed);
    await runner?.[Symbol.asyncDispose]();
  }

  async #openRunner(): Promise<[VideoRunner, GovernedRunner]> {
    if (this.#runner?.isUsable && this.#governed) return [this.#runner, this.#governed];
    await this.close();
    const runner = this.#request.single ? new InlineRunner() : new WorkerProcess();
    const governed = { pid: runner.process?.pid, stop: runner.stop.bind(runner), kill: runner.kill.bind(runner) };
    this.#governor?.add(governed);
    [this.#runner, this.#governed] = [runner, governed];
    return [runner, governed];
  }
}
