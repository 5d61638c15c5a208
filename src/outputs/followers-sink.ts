import type { DisplaySize } from '../formats/csv-writer.js';
import { readLandmarks } from '../formats/read-landmarks.js';
import type { TableFollower } from '../formats/table-follower.js';
import { tableFrameOf } from '../formats/table-frame-of.js';
import type { Frame } from '../model/frame.js';
import type { FrameResult } from '../model/result.js';
import { type Sink, type SinkState, StageClock } from './output.js';

/** Hands a run's frames to what is made of its table, while the engine looks at the next one. */
export class FollowersSink implements Sink {
  /** It has no file of its own that a run could go on with. */
  readonly path = '';
  readonly state: SinkState = { bytes: 0 };
  readonly warnings: readonly string[] = [];
  readonly #followers: readonly TableFollower[];
  readonly #display: DisplaySize;
  readonly #clock = new StageClock();
  #written: string[] = [];

  private constructor(followers: readonly TableFollower[], display: DisplaySize) {
    this.#followers = followers;
    this.#display = display;
  }

  /** @param before the table of a run that is gone on with: its frames are handed over once more */
  static async create(
    followers: readonly TableFollower[],
    display: DisplaySize,
    before: string | undefined,
  ): Promise<FollowersSink> {
    const sink = new FollowersSink(followers, display);
    if (before === undefined) return sink;
    try {
      for await (const frame of readLandmarks(before)) for (const follower of followers) await follower.add(frame);
      return sink;
    } catch (error) {
      await sink.abort();
      throw error;
    }
  }

  get stageMs(): Readonly<Record<string, number>> {
    return this.#clock.ms;
  }

  /** Files that were published. */
  get written(): readonly string[] {
    return this.#written;
  }

  async write(_frame: Frame, result: FrameResult): Promise<void> {
    const frame = tableFrameOf(result, this.#display);
    for (const follower of this.#followers) await this.#clock.time(follower.stage, () => follower.add(frame));
  }

  async finish(): Promise<void> {
    for (const follower of this.#followers) await this.#clock.time(follower.stage, () => follower.finish());
  }

  async publish(): Promise<void> {
    for (const follower of this.#followers) this.#written.push(...(await follower.publish()));
  }

  async abort(): Promise<void> {
    await Promise.allSettled(this.#followers.map(follower => follower.abort()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.abort();
  }
}
