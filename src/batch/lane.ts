import { BodyscriptError } from '../errors.js';
import { isBucketAddress } from '../storage/address.js';
import { isOfMachine } from '../system/ffmpeg-binaries.js';
import type { ActiveVideo, BatchEvents, BatchRequest } from './batch.js';
import type { Docket, DocketVideo } from './docket.js';
import type { GovernedRunner, MemoryGovernor } from './memory-governor.js';
import { shownAt } from './staging.js';
import { InlineRunner } from './worker/inline-runner.js';
import type { VideoOutcome, VideoTask } from './worker/protocol.js';
import type { VideoRunner } from './worker/video-runner.js';
import { watchRun } from './worker/watch-run.js';
import { WorkerProcess } from './worker/worker-process.js';

/** The result of an attempt at a video. */
export interface Try {
  readonly outcome: VideoOutcome;
  /** Whether it was stopped because of its memory, to run alone later. */
  readonly outOfMemory: boolean;
}

/** Why a video ends that another command is analysing. */
export function takenOver(): BodyscriptError {
  return new BodyscriptError('INTERRUPTED', 'another command has taken over this video');
}

/** Analyses one video at a time, in one process after another. */
export class Lane {
  readonly #index: number;
  readonly #request: BatchRequest;
  readonly #events: BatchEvents;
  readonly #shown: Set<string>;
  /** Undefined if the single video is analysed in this process, which watches itself. */
  readonly #governor: MemoryGovernor | undefined;
  #runner: VideoRunner | undefined;
  /** The same, as the governor's interface. */
  #governed: GovernedRunner | undefined;
  #active: ActiveVideo | undefined;
  /** Ends the download or upload of the video. */
  #stop = new AbortController();

  /** @param shown machine warnings already shown, shared by all lanes */
  constructor(
    index: number,
    request: BatchRequest,
    events: BatchEvents,
    governor: MemoryGovernor | undefined,
    shown: Set<string>,
  ) {
    this.#shown = shown;
    this.#index = index;
    this.#request = request;
    this.#events = events;
    this.#governor = governor;
  }

  /** The current video. */
  get active(): ActiveVideo | undefined {
    return this.#active;
  }

  /** @param docket is consulted before the files get their names */
  async analyze(next: DocketVideo, alone: boolean, docket: Docket): Promise<Try> {
    const [runner, governed] = await this.#openRunner();
    await docket.begin(next, runner.process);
    const { limits, single, staging } = this.#request;
    const { given, job } = next;
    const { options, force, since } = { since: undefined, ...(next.own ?? this.#request) };
    const destination = next.own ? next.own.destination : staging?.destination;
    const warn = (message: string) => this.#tell(given, shownAt(destination, message));
    const mayPublish = async () => {
      if (!(await docket.confirm(next))) throw takenOver();
    };
    const video = { ...next, lane: this.#index };
    this.#active = video;
    this.#stop = new AbortController();
    this.#events.onStart?.(video);
    try {
      const resume = single?.isStream ? undefined : !force;
      const { piece } = next;
      const continued = force ? { resumeSince: since } : {};
      const task = { path: given, name: job.name, options, resume, ...continued, piece, stallMs: limits.stallMs };
      const analyse = async (one: VideoTask) =>
        watchRun(runner, one, limits, {
          admit: async needs => this.#governor?.admit(governed, needs.memory, alone),
          onProgress: progress => {
            this.#governor?.update(governed, progress.memory);
            this.#events.onProgress?.(video, progress, this.#governor?.used || progress.memory);
          },
          onFinishing: () => this.#events.onFinishing?.(video),
          mayPublish,
          onWarning: warn,
        });
      const isStaged = staging !== undefined && (destination !== undefined || isBucketAddress(given));
      const { signal } = this.#stop;
      const outcome = await (isStaged
        ? staging.run({ task, destination, signal, analyse, mayPublish, warn })
        : analyse(task));
      return { outcome, outOfMemory: this.#governor?.hasStopped(governed) ?? false };
    } finally {
      this.#active = undefined;
      this.#events.onLeave?.(video);
      this.#governor?.release(governed);
    }
  }

  /** A warning about the machine is shown once, for all videos. */
  #tell(given: string, message: string): void {
    if (!isOfMachine(message)) this.#events.onWarning?.(`${given}: ${message}`);
    else if (!this.#shown.has(message)) this.#events.onWarning?.(message);
    if (isOfMachine(message)) this.#shown.add(message);
  }

  /** Requests a clean end of the video. */
  stop(error: BodyscriptError): void {
    if (!this.#active) return;
    this.#stop.abort(error);
    this.#runner?.stop(error);
  }

  /** Kills the process at once. */
  kill(error: BodyscriptError): void {
    if (!this.#active) return;
    this.#stop.abort(error);
    this.#runner?.kill(error);
  }

  /** Stops the process, which may be idle; the next video gets a new one. */
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
