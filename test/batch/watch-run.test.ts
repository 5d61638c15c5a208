import { describe, expect, test } from 'vitest';
import type { Progress } from '../../src/analyze/analyze-video.js';
import type { Needs } from '../../src/analyze/needs.js';
import type { VideoOutcome, VideoTask } from '../../src/batch/worker/protocol.js';
import type { RunnerEvents, VideoRunner } from '../../src/batch/worker/video-runner.js';
import { watchRun } from '../../src/batch/worker/watch-run.js';
import { type BodyscriptError, toPlainError } from '../../src/errors.js';
import { analyzeOptions } from '../support/options.js';

const task: VideoTask = { path: 'walk.mp4', name: 'walk', options: analyzeOptions('out'), resume: true };
const SILENT: RunnerEvents = {
  admit: async () => {},
  onProgress: () => {},
  onFinishing: () => {},
  mayPublish: async () => {},
  onWarning: () => {},
};
const NEEDS: Needs = { memory: 1, frames: 10 };

function progress(frames: number, decoded = frames): Progress {
  return { frames, decoded, expected: 10, memory: 1 };
}

/** A runner whose video behaves as the test says, and that ends when it is stopped. */
class Scripted implements VideoRunner {
  readonly process = undefined;
  readonly isUsable = true;
  readonly #script: (events: RunnerEvents) => Promise<void>;
  readonly #obeys: boolean;
  killed = false;
  #end: (outcome: VideoOutcome) => void = () => {};

  constructor(script: (events: RunnerEvents) => Promise<void>, obeys = true) {
    this.#script = script;
    this.#obeys = obeys;
  }

  async run(_: VideoTask, events: RunnerEvents): Promise<VideoOutcome> {
    return new Promise(resolve => {
      this.#end = resolve;
      void this.#script(events);
    });
  }

  stop(error: BodyscriptError): void {
    if (this.#obeys) this.#end({ kind: 'failed', error: toPlainError(error), kept: [] });
  }

  kill(error: BodyscriptError): void {
    this.killed = true;
    this.#end({ kind: 'failed', error: toPlainError(error), kept: [] });
  }

  done(): void {
    this.#end({
      kind: 'failed',
      error: { code: 'INTERNAL', message: 'done', remedy: undefined, exitCode: 1 },
      kept: [],
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));
const LIMITS = { timeoutMs: undefined, stallMs: 700 };

describe('a watched run', () => {
  test('stops if no frame arrives, and says where', async () => {
    const runner = new Scripted(async ({ onProgress }) => onProgress(progress(7)));
    const outcome = await watchRun(runner, task, LIMITS, SILENT);
    expect(outcome).toMatchObject({
      kind: 'failed',
      error: { code: 'STALLED', message: expect.stringContaining('after 7 frames') },
    });
  });

  test('does not stop while frames are skipped, while it waits for memory, or while files are finished', async () => {
    const runner = new Scripted(async ({ onProgress, onFinishing, admit }) => {
      await admit(NEEDS);
      for (let decoded = 0; decoded < 5; decoded++) {
        onProgress(progress(0, decoded));
        await wait(300);
      }
      onFinishing();
      await wait(1500);
      runner.done();
    });
    const outcome = await watchRun(runner, task, LIMITS, { ...SILENT, admit: async () => void (await wait(1500)) });
    expect(outcome).toMatchObject({ error: { message: 'done' } });
  });

  test('stops after --timeout even if frames arrive; one that does not stop is killed', async () => {
    const moving = async ({ onProgress }: RunnerEvents) => {
      for (let frame = 0; frame < 100 && !runner.killed; frame++) {
        onProgress(progress(frame));
        await wait(100);
      }
    };
    let runner = new Scripted(moving);
    const limits = { timeoutMs: 800, stallMs: 60_000 };
    expect(await watchRun(runner, task, limits, SILENT)).toMatchObject({ error: { code: 'TIMED_OUT' } });
    expect(runner.killed).toBe(false);
    runner = new Scripted(moving, false);
    expect(await watchRun(runner, task, limits, SILENT)).toMatchObject({ error: { code: 'TIMED_OUT' } });
    expect(runner.killed).toBe(true);
  });
});
