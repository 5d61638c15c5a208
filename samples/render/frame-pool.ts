import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Film } from './clip.js';
import { FILMS } from './clips.js';
import type { FrameReply, FrameRequest, WorkerTask } from './frame-worker.js';
import type { Quality } from './march/renderer.js';

/** Threads that render frames. One film at a time; the pixels do not depend on which thread renders a frame. */
export class FramePool implements AsyncDisposable {
  readonly #workers: readonly Worker[];

  constructor(quality: Quality, workers: number) {
    const workerData: WorkerTask = { quality };
    this.#workers = Array.from(
      { length: workers },
      () => new Worker(new URL('./frame-worker-start.mjs', import.meta.url), { workerData }),
    );
  }

  /** The frames of the last film requested in full, while they are still needed. */
  #kept: { readonly film: string; readonly frames: FrameReply[] } | undefined;

  /** All frames of a film in order. The previous film's frames are not rendered again if `keep` was set. */
  async *film(film: keyof typeof FILMS, keep: boolean): AsyncGenerator<FrameReply> {
    const before = this.#kept?.film === film ? this.#kept.frames : undefined;
    this.#kept = keep ? { film, frames: before ?? [] } : undefined;
    if (before) {
      yield* before;
      return;
    }
    for await (const frame of this.frames(film)) {
      this.#kept?.frames.push(frame);
      yield frame;
    }
  }

  /** Frames of a film in order, all of them or those of `indexes`. At most one per thread is rendered in advance. */
  async *frames(film: keyof typeof FILMS, indexes?: readonly number[]): AsyncGenerator<FrameReply> {
    const wanted = indexes ?? [...(FILMS[film] as Film).times.keys()];
    const pending: Promise<FrameReply>[] = [];
    const idle = [...this.#workers];
    const busy = new Map<Worker, Promise<void>>();
    const start = (index: number): void => {
      const worker = idle.shift()!;
      const reply = this.#ask(worker, { film, index });
      pending.push(reply);
      const done = reply.then(() => {
        busy.delete(worker);
        idle.push(worker);
      });
      done.catch(() => {});
      busy.set(worker, done);
    };
    for (const index of wanted) {
      if (idle.length === 0) await Promise.race(busy.values());
      start(index);
      if (pending.length > this.#workers.length) yield await pending.shift()!;
    }
    for (const reply of pending) yield await reply;
  }

  async #ask(worker: Worker, request: FrameRequest): Promise<FrameReply> {
    worker.postMessage(request);
    const [reply] = (await once(worker, 'message')) as [FrameReply];
    return reply;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map(worker => worker.terminate()));
  }
}
