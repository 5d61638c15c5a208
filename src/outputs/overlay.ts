import { type Painter, skeletonPainter } from '../draw/painter.js';
import { shrinkage } from '../encode/film-size.js';
import { type FilmJob, type FilmOptions, type FilmState, VideoEncoder } from '../encode/video-encoder.js';
import type { Frame } from '../model/frame.js';
import type { FrameResult } from '../model/result.js';
import { type Sink, StageClock } from './output.js';

/** The overlay's style. */
export interface OverlayOptions extends FilmOptions {
  /** Joints that are neither this visible nor this sure are not drawn, 0-1. */
  readonly minVisibility: number;
  /** Whether frame, time and strategy are written into the picture. */
  readonly labels: boolean;
}

/** Draws the people into each frame and makes a film of the frames, which a later run can continue. */
export class OverlaySink implements Sink {
  readonly path: string;
  readonly #painter: Painter;
  readonly #film: VideoEncoder;
  readonly #clock = new StageClock();

  private constructor(painter: Painter, film: VideoEncoder) {
    this.path = film.path;
    this.#painter = painter;
    this.#film = film;
  }

  /** @param resume where to continue the film that is there */
  static async create(job: FilmJob, options: OverlayOptions, resume?: FilmState): Promise<OverlaySink> {
    const style = { ...options, shrink: shrinkage(job, options.longest) };
    const painter = await skeletonPainter(style, job.width, job.height);
    return new OverlaySink(painter, await VideoEncoder.create(job, options, resume));
  }

  get stageMs(): Readonly<Record<string, number>> {
    return this.#clock.ms;
  }

  get warnings(): readonly string[] {
    return this.#film.warnings;
  }

  get state(): FilmState {
    return this.#film.state;
  }

  /** Where the finished film is until it is published; of a stream there is none. */
  get finishedFile(): string {
    return this.#film.finishedFile;
  }

  async write(frame: Frame, result: FrameResult): Promise<void> {
    await this.#clock.time('draw', () => this.#painter.paint(frame.image, result));
    await this.#clock.time('encode', () => this.#film.encode(frame));
  }

  async finish(): Promise<void> {
    if (this.#film.frames === 0) return this.#film.finish(); // Nothing is encoded: no time to tell.
    await this.#clock.time('encode', () => this.#film.finish());
  }

  async publish(): Promise<void> {
    await this.#film.publish();
  }

  async abort(): Promise<void> {
    await this.#film.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#film[Symbol.asyncDispose]();
  }
}
