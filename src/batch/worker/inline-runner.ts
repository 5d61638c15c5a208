import type { BodyscriptError } from '../../errors.js';
import { identifyProcess } from '../../system/process-identity.js';
import type { VideoOutcome, VideoTask } from './protocol.js';
import { runTask } from './run-task.js';
import type { RunnerEvents, VideoRunner } from './video-runner.js';

/** Analyses a single video in this process, which saves the memory of a second one. */
export class InlineRunner implements VideoRunner {
  readonly process = identifyProcess();
  readonly isUsable = true;
  #stop = new AbortController();

  async run(task: VideoTask, events: RunnerEvents): Promise<VideoOutcome> {
    this.#stop = new AbortController();
    return runTask(task, { ...events, signal: this.#stop.signal });
  }

  stop(error: BodyscriptError): void {
    this.#stop.abort(error);
  }

  kill(error: BodyscriptError): void {
    this.stop(error);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
