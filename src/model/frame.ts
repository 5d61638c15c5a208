import type { YuvImage } from './picture.js';
import type { SteadyTime } from './steady-clock.js';

/** One decoded frame. `image` is valid until `release()`; copy to keep. */
export interface Frame {
  /** 0-based index among all decoded frames of the source, also those passed over. */
  readonly frameId: number;
  /**
   * Presentation time in seconds, as in the source file, times `--time-scale`; may be negative, and equal to the
   * frame's before or below it.
   */
  readonly timestamp: number;
  /** The same for what must not fall, in seconds of the file: a film's times, speeds. */
  readonly steady: SteadyTime;
  /** The displayed picture: turned, square pixels, perhaps made smaller (`--max-size`). */
  readonly image: YuvImage;
  /** Gives the pixels back to the reader, which then fills them with a later frame. Safe to call twice. */
  release(): void;
}

/** A fraction `num / den`, as time bases and rates are given. */
export interface Rational {
  readonly num: number;
  readonly den: number;
}

/** A clockwise turn in degrees followed by an optional mirroring, which together bring stored pixels upright. */
export interface Orientation {
  readonly clockwise: 0 | 90 | 180 | 270;
  readonly mirrored: boolean;
}

/** Numbered pictures in a row that are turned alike, and otherwise than the first. */
export interface PictureTurn {
  /** Id of the first frame and of the last. */
  readonly from: number;
  readonly to: number;
  readonly orientation: Orientation;
}

/** What is known of a video before it is decoded. */
export interface VideoInfo {
  /** As the user gave it. */
  readonly path: string;
  /** ffmpeg's name of the container, such as `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly container: string;
  /** Index of the analysed stream in the file. */
  readonly streamIndex: number;
  /** How many streams of moving pictures the file has; cover art does not count. */
  readonly videoStreams: number;
  readonly codec: string;
  readonly pixelFormat: string;
  /** Size of the stored pixels. */
  readonly codedWidth: number;
  readonly codedHeight: number;
  /** Shape of one stored pixel, width over height. */
  readonly pixelAspect: Rational;
  readonly orientation: Orientation;
  /** Where numbered pictures are turned otherwise than the first; undefined where none is. */
  readonly turns?: readonly PictureTurn[] | undefined;
  /** Size of the picture as shown: turned, with square pixels. */
  readonly displayWidth: number;
  readonly displayHeight: number;
  readonly timeBase: Rational;
  /** Frames per second on average, or undefined where the file does not say. */
  readonly averageRate: Rational | undefined;
  /**
   * Frames per second at which the camera recorded, as `com.android.capture.fps` says: slow motion plays slower.
   * Undefined in older records, too.
   */
  readonly captureRate?: number | undefined;
  /** Seconds, or undefined where the file does not say. */
  readonly duration: number | undefined;
  /** Presentation time of the first frame in seconds as the container tells it, or undefined. */
  readonly startTime: number | undefined;
  /** The number of frames as the container tells it, or undefined. What is decoded counts, not this. */
  readonly frameCount: number | undefined;
  readonly colour: StreamColour;
  /**
   * ffmpeg's `field_order`: `progressive`, or `tt`, `bb`, `tb`, `bt` for interlaced pictures; `unknown` where the
   * stream does not say.
   */
  readonly fieldOrder: string;
  /** Which frames are deinterlaced when they are decoded: none, those that say that they are interlaced, or all. */
  readonly deinterlaced: 'no' | 'flagged' | 'all';
  readonly audio: readonly AudioStream[];
}

export interface AudioStream {
  readonly index: number;
  readonly codec: string;
}

/** How the stored pixels encode colour, as the stream says; `unknown` where it does not. */
export interface StreamColour {
  /** ffmpeg's `color_space`, such as `bt709`. */
  readonly matrix: string;
  /** ffmpeg's `color_range`: `tv`, `pc` or `unknown`. */
  readonly range: string;
  /** ffmpeg's `color_transfer`. */
  readonly transfer: string;
}

/** Seconds of a count of ticks. */
export function ticksToSeconds(ticks: number, timeBase: Rational): number {
  return (ticks * timeBase.num) / timeBase.den;
}

/** From this size on, an unflagged stream is taken for BT.709, below for BT.601, as players do. */
const HD_WIDTH = 1280;
const HD_HEIGHT = 720;

/** Whether a picture of this size is high definition, whose colours are BT.709 unless flagged otherwise. */
export function isHighDefinition(width: number, height: number): boolean {
  return Math.max(width, height) >= HD_WIDTH || Math.min(width, height) >= HD_HEIGHT;
}
