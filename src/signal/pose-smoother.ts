import type { Landmark, Pose, WorldLandmark } from '../model/pose.js';

/** Frames per second that a filter assumes before it has seen two frames. */
const FIRST_FREQUENCY = 30;
/** Smoothing of visibility: weight of a new value (`VisibilitySmoothingCalculator`). */
const VISIBILITY_ALPHA = 0.1;
/** Keeps the scale of a region without size finite, in pixels. */
const LEAST_SIZE = 1e-6;

/** Parameters of a one-euro filter. Cutoffs in Hz. */
interface OneEuroOptions {
  readonly minCutoff: number;
  readonly beta: number;
  readonly derivativeCutoff: number;
}

/** Smoothing of positions in the picture, and in metres. */
export interface SmoothingOptions {
  readonly picture: OneEuroOptions;
  readonly world: OneEuroOptions;
}

/** MediaPipe's own, in `pose_landmarks_detector_graph.cc`. */
const MEDIAPIPE: SmoothingOptions = {
  picture: { minCutoff: 0.05, beta: 80, derivativeCutoff: 1 },
  world: { minCutoff: 0.1, beta: 40, derivativeCutoff: 1 },
};

function alphaOf(cutoff: number, frequency: number): number {
  return 1 / (1 + frequency / (2 * Math.PI * cutoff));
}

interface FilterState {
  readonly raw: Float64Array;
  readonly smooth: Float64Array;
  readonly speed: Float64Array;
}

/** State of a smoother after the poses so far; for undefined parts the next pose starts afresh. */
export interface SmootherState {
  readonly picture: FilterState | undefined;
  readonly world: FilterState | undefined;
  readonly visibility: Float64Array | undefined;
  readonly lastMicroseconds: number;
}

/**
 * One-euro filters for many values at once (Casiez, Roussel and Vogel, "1-euro filter", CHI 2012), like MediaPipe's
 * `one_euro_filter.cc`: speeds are measured in sizes of the object, and the speed of the first value is 0.
 */
class OneEuroFilters {
  readonly #options: OneEuroOptions;
  readonly #raw: Float64Array;
  readonly #smooth: Float64Array;
  readonly #speed: Float64Array;
  #isFirst = true;

  /** @param state of filters to continue */
  constructor(count: number, options: OneEuroOptions, state?: FilterState) {
    this.#options = options;
    this.#raw = state?.raw.slice() ?? new Float64Array(count);
    this.#smooth = state?.smooth.slice() ?? new Float64Array(count);
    this.#speed = state?.speed.slice() ?? new Float64Array(count);
    this.#isFirst = state === undefined;
  }

  /** The state after a first value. */
  save(): FilterState {
    return { raw: this.#raw.slice(), smooth: this.#smooth.slice(), speed: this.#speed.slice() };
  }

  /**
   * The same motion, backwards from the last value. It begins there with the smooth one: the raw one's noise would
   * return.
   */
  reversed(): OneEuroFilters {
    const { raw, smooth, speed } = this.save();
    return new OneEuroFilters(raw.length, this.#options, { raw, smooth, speed: speed.map(value => -value) });
  }

  /**
   * Filters `values` in place and returns them.
   * @param frequency 1 / seconds since the last values
   * @param scale 1 / size of the object
   */
  apply(values: Float64Array, frequency: number, scale: number): Float64Array {
    const { minCutoff, beta, derivativeCutoff } = this.#options;
    const speedAlpha = alphaOf(derivativeCutoff, frequency);
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (this.#isFirst) {
        this.#speed[i] = 0;
        this.#smooth[i] = value;
      } else {
        const speed = (value - this.#raw[i]!) * scale * frequency;
        this.#speed[i]! += speedAlpha * (speed - this.#speed[i]!);
        const alpha = alphaOf(minCutoff + beta * Math.abs(this.#speed[i]!), frequency);
        this.#smooth[i]! += alpha * (value - this.#smooth[i]!);
      }
      this.#raw[i] = value;
      values[i] = this.#smooth[i]!;
    }
    this.#isFirst = false;
    return values;
  }
}

/**
 * Smooths the landmarks of one person from frame to frame, as MediaPipe does in video mode for one person. The next
 * region follows the body itself, not the smoothed pose.
 */
export class PoseSmoother {
  readonly #options: SmoothingOptions;
  #picture: OneEuroFilters | undefined;
  #world: OneEuroFilters | undefined;
  #visibility: Float64Array | undefined;
  #lastMicroseconds = 0;

  constructor(options = MEDIAPIPE) {
    this.#options = options;
  }

  save(): SmootherState {
    return {
      picture: this.#picture?.save(),
      world: this.#world?.save(),
      visibility: this.#visibility?.slice(),
      lastMicroseconds: this.#lastMicroseconds,
    };
  }

  restore({ picture, world, visibility, lastMicroseconds }: SmootherState): void {
    this.#picture = picture && new OneEuroFilters(picture.raw.length, this.#options.picture, picture);
    this.#world = world && new OneEuroFilters(world.raw.length, this.#options.world, world);
    this.#visibility = visibility?.slice();
    this.#lastMicroseconds = lastMicroseconds;
  }

  /** No person was found: the next pose starts afresh. */
  reset(): void {
    this.#picture = undefined;
    this.#world = undefined;
    this.#visibility = undefined;
  }

  /**
   * Runs back over the same poses, starting from the last one.
   * @param microseconds the time of that one, from which times rise again
   */
  turn(microseconds: number): void {
    this.#picture = this.#picture?.reversed();
    this.#world = this.#world?.reversed();
    this.#lastMicroseconds = microseconds;
  }

  /**
   * Smooths one pose after another, using the poses before.
   * @param regionSize side in pixels of the square that holds the body: speeds are measured in it
   * @param microseconds strictly rising @param width, height of the picture in pixels
   */
  smooth(pose: Pose, regionSize: number, microseconds: number, width: number, height: number): Pose {
    const isFirst = !this.#picture;
    const frequency = isFirst ? FIRST_FREQUENCY : 1e6 / (microseconds - this.#lastMicroseconds);
    this.#lastMicroseconds = microseconds;
    const scale = 1 / Math.max(LEAST_SIZE, regionSize);
    const visibility = this.#smoothVisibility(pose.landmarks);
    return {
      ...pose,
      landmarks: this.#smoothPicture(pose.landmarks, visibility, frequency, scale, width, height),
      worldLandmarks: this.#smoothWorld(pose.worldLandmarks, frequency),
    };
  }

  #smoothVisibility(landmarks: readonly Landmark[]): Float64Array {
    const last = this.#visibility;
    this.#visibility = Float64Array.from(landmarks, ({ visibility }, id) =>
      last ? VISIBILITY_ALPHA * visibility + (1 - VISIBILITY_ALPHA) * last[id]! : visibility,
    );
    return this.#visibility;
  }

  #smoothPicture(
    landmarks: readonly Landmark[],
    visibility: Float64Array,
    frequency: number,
    scale: number,
    width: number,
    height: number,
  ): Landmark[] {
    this.#picture ??= new OneEuroFilters(landmarks.length * 3, this.#options.picture);
    // Pixels; depth has the scale of x.
    const values = Float64Array.from(landmarks.flatMap(({ x, y, z }) => [x * width, y * height, z * width]));
    this.#picture.apply(values, frequency, scale);
    return landmarks.map((landmark, id) => ({
      ...landmark,
      x: values[3 * id]! / width,
      y: values[3 * id + 1]! / height,
      z: values[3 * id + 2]! / width,
      visibility: visibility[id]!,
    }));
  }

  #smoothWorld(landmarks: readonly WorldLandmark[], frequency: number): WorldLandmark[] {
    this.#world ??= new OneEuroFilters(landmarks.length * 3, this.#options.world);
    const values = Float64Array.from(landmarks.flatMap(({ x, y, z }) => [x, y, z]));
    // Metres are already relative to the body's size.
    this.#world.apply(values, frequency, 1);
    return landmarks.map((_, id) => ({ x: values[3 * id]!, y: values[3 * id + 1]!, z: values[3 * id + 2]! }));
  }
}
