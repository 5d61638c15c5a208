import type { FrameReader } from '../../decode/frame-reader.js';
import type { PairCanvas } from '../../draw/pair-canvas.js';
import type { VideoEncoder } from '../../encode/video-encoder.js';
import type { Frame, Rational } from '../../model/frame.js';
import type { Scene } from '../film-scene.js';
import { NearestFrames, SAME_SECONDS, type Showing } from './nearest-frames.js';

/** One of two runs. */
export interface Run {
  /** Its name in the film. */
  readonly name: string;
  readonly reader: FrameReader;
  readonly scene: Scene;
  /** True seconds in a second of the video. */
  readonly timeScale: number;
  /** Step between frames until two are seen, in true seconds. */
  readonly usualStep: number;
}

/** The moments of both videos to show together, in true seconds; undefined: those of their first frames. */
export type Moments = readonly [number, number] | undefined;

/** Receives each frame, and can abort the film. */
interface Watch {
  readonly signal: AbortSignal;
  moved(): void;
}

/**
 * Makes a film of two runs: every frame of the first one at its own time, with the nearest frame of the second one;
 * then the rest of the second one, at its own times. A side that has ended, or not yet begun, is dimmed.
 */
export class PairFilm {
  readonly #runs: readonly [Run, Run];
  readonly #canvas: PairCanvas;
  readonly #encoder: VideoEncoder;
  readonly #watch: Watch;
  readonly #second: NearestFrames;
  #moments: Moments;
  /** Whether the moments differ from the first frames'. */
  readonly #isRelative: boolean;
  /** Content of the second half. */
  #shown: { readonly frame: Frame | undefined; readonly showing: Showing } | undefined;
  #frames = 0;

  constructor(runs: readonly [Run, Run], moments: Moments, canvas: PairCanvas, encoder: VideoEncoder, watch: Watch) {
    this.#runs = runs;
    this.#moments = moments;
    this.#isRelative = moments !== undefined;
    this.#canvas = canvas;
    this.#encoder = encoder;
    this.#watch = watch;
    const [, { reader, timeScale, usualStep }] = runs;
    this.#second = new NearestFrames(reader.frames(), timeIn(timeScale), usualStep, () => watch.moved());
  }

  /** @returns the number of frames of the film */
  async draw(): Promise<number> {
    try {
      const last = await this.#drawFirst();
      if (last) await this.#drawRest(last);
      this.#watch.signal.throwIfAborted(); // Readers end then, too.
      return this.#frames;
    } finally {
      this.#second.release();
    }
  }

  /** All frames of the first video. @returns where it ends */
  async #drawFirst(): Promise<End | undefined> {
    const [{ reader, scene, timeScale, usualStep }] = this.#runs;
    const timeOf = timeIn(timeScale);
    let last: End | undefined;
    for await (const frame of reader.frames()) {
      try {
        this.#watch.signal.throwIfAborted();
        const time = timeOf(frame);
        if (!last) {
          const begins = await this.#second.begin();
          this.#moments ??= [time, begins ?? time];
        }
        this.#canvas.put(0, await scene.draw(frame), this.#caption(0, frame));
        await this.#showSecond(time + this.#lead);
        await this.#encode(frame);
        const step = last && time > last.time ? time - last.time : (last?.step ?? usualStep);
        last = { time, step, frame };
      } finally {
        frame.release();
      }
    }
    return last;
  }

  /** The rest of the second video after the end of the first. */
  async #drawRest({ time, step, frame: last }: End): Promise<void> {
    const [first] = this.#runs;
    let hasBegun = false;
    for await (const frame of this.#second.after(time + step + this.#lead)) {
      this.#watch.signal.throwIfAborted();
      if (!hasBegun) this.#canvas.dim(0, this.#caption(0, last, 'ended'));
      hasBegun = true;
      await this.#putSecond(frame);
      const seconds = (timeIn(this.#runs[1].timeScale)(frame) - this.#lead) / first.timeScale;
      await this.#encode({ ...frame, steady: { seconds, leaps: last.steady.leaps } });
    }
  }

  /** Seconds by which the second video's clock is ahead of the first one's. */
  get #lead(): number {
    const [first, second] = this.#moments ?? [0, 0];
    return second - first;
  }

  async #showSecond(moment: number): Promise<void> {
    const showing = await this.#second.goTo(moment);
    const { frame } = this.#second;
    const before = this.#shown;
    if (before?.frame === frame && before?.showing === showing) return;
    this.#shown = { frame, showing };
    if (!frame) return this.#canvas.dim(1, [this.#runs[1].name]);
    if (showing === 'not begun') this.#canvas.put(1, copyOf(frame), []);
    else if (before?.frame !== frame || before?.showing === 'not begun') await this.#putSecond(frame);
    if (showing !== 'running') this.#canvas.dim(1, this.#caption(1, frame, showing));
  }

  async #putSecond(frame: Frame): Promise<void> {
    this.#canvas.put(1, await this.#runs[1].scene.draw(frame), this.#caption(1, frame));
  }

  /** Name and time of a frame, relative to the aligned moment. */
  #caption(side: 0 | 1, frame: Frame, word = ''): string[] {
    const { name, timeScale } = this.#runs[side];
    const since = timeIn(timeScale)(frame) - (this.#moments?.[side] ?? 0);
    const sign = since < -SAME_SECONDS ? '-' : '+';
    const relative = this.#isRelative ? `  (${sign}${Math.abs(since).toFixed(3)} s)` : '';
    return [name, `${frame.timestamp.toFixed(3)} s${relative}${word && `  ${word}`}`];
  }

  async #encode(frame: Frame): Promise<void> {
    await this.#encoder.encode({ ...frame, image: this.#canvas.image });
    this.#frames++;
    this.#watch.moved();
  }
}

/** The last frame of a video: its time and duration, in seconds. */
interface End {
  readonly time: number;
  readonly step: number;
  readonly frame: Frame;
}

/** True, never falling seconds of a frame. */
function timeIn(timeScale: number): (frame: Frame) => number {
  return ({ steady }) => steady.seconds * timeScale;
}

/** Its pixels are modified for display, and it will be shown again. */
function copyOf({ image }: Frame) {
  return { ...image, data: image.data.slice() };
}

/** Coarser ticks would not hold the times of the second video. */
const LEAST_TICKS = 10_000;

/** A time base that holds all times of another one exactly, and those of a second video closely enough. */
export function sharedTimeBase({ num, den }: Rational): Rational {
  const factor = Math.ceil(LEAST_TICKS / den);
  return { num: num * factor, den: den * factor };
}
