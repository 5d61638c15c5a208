import type { YuvImage } from './picture.js';
import type { SteadyTime } from './steady-clock.js';

/** One decoded frame. `image` is valid until `release()`; copy it to keep it. */
export interface Frame {
  /** 0-based index among all decoded frames of the source, skipped ones included. */
  readonly frameId: number;
  /**
   * Presentation time in seconds, as in the source file, times `--time-scale`; may be negative, and equal to or below
   * that of the frame before.
   */
  readonly timestamp: number;
  /** The same on a clock that never falls, in seconds of the file: for a film's times and for speeds. */
  readonly steady: SteadyTime;
  /** The displayed picture: upright, with square pixels, perhaps scaled down (`--max-size`). */
  readonly image: YuvImage;
  /** Returns the pixels to the reader, which then fills them with a later frame. Safe to call twice. */
  release(): void;
}

/** A fraction `num / den`, the form of time bases and rates. */
export interface Rational {
  readonly num: number;
  readonly den: number;
}

/** A clockwise rotation in degrees followed by optional mirroring, which together bring stored pixels upright. */
export interface Orientation {
  readonly clockwise: 0 | 90 | 180 | 270;
  readonly mirrored: boolean;
}

/** A run of numbered pictures with the same rotation, which differs from the first picture's. */
export interface PictureTurn {
  /** Ids of the first frame and of the last. */
  readonly from: number;
  readonly to: number;
  readonly orientation: Orientation;
}

/** Facts about a video known before decoding. */
export interface VideoInfo {
  /** As the user gave it. */
  readonly path: string;
  /** ffmpeg's name of the container, such as `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly container: string;
  /** Index of the analysed stream in the file. */
  readonly streamIndex: number;
  /** Number of video streams in the file; cover art does not count. */
  readonly videoStreams: number;
  readonly codec: string;
  readonly pixelFormat: string;
  /** Size of the stored pixels. */
  readonly codedWidth: number;
  readonly codedHeight: number;
  /** Aspect ratio of one stored pixel, width over height. */
  readonly pixelAspect: Rational;
  readonly orientation: Orientation;
  /** Numbered pictures whose rotation differs from the first one's; undefined if none exist. */
  readonly turns?: readonly PictureTurn[] | undefined;
  /** Size of the picture as shown: upright, with square pixels. */
  readonly displayWidth: number;
  readonly displayHeight: number;
  readonly timeBase: Rational;
  /** Average frames per second; undefined if the file does not say. */
  readonly averageRate: Rational | undefined;
  /**
   * Frames per second at which the camera recorded, as `com.android.capture.fps` says: slow motion plays slower.
   * Undefined in older records, too.
   */
  readonly captureRate?: number | undefined;
  /** Seconds; undefined if the file does not say. */
  readonly duration: number | undefined;
  /** Presentation time of the first frame in seconds, according to the container; undefined if it does not say. */
  readonly startTime: number | undefined;
  /** The number of frames according to the container, or undefined. The decoded frames count, not this. */
  readonly frameCount: number | undefined;
  readonly colour: StreamColour;
  /**
   * ffmpeg's `field_order`: `progressive`, or `tt`, `bb`, `tb`, `bt` for interlaced pictures; `unknown` if the stream
   * does not say.
   */
  readonly fieldOrder: string;
  /** Which frames to deinterlace during decoding: none, those flagged as interlaced, or all. */
  readonly deinterlaced: 'no' | 'flagged' | 'all';
  readonly audio: readonly AudioStream[];
}

export interface AudioStream {
  readonly index: number;
  readonly codec: string;
}

/** How the stored pixels encode colour, according to the stream; `unknown` if it does not say. */
export interface StreamColour {
  /** ffmpeg's `color_space`, such as `bt709`. */
  readonly matrix: string;
  /** ffmpeg's `color_range`: `tv`, `pc` or `unknown`. */
  readonly range: string;
  /** ffmpeg's `color_transfer`. */
  readonly transfer: string;
}

/** A tick count in seconds. */
export function ticksToSeconds(ticks: number, timeBase: Rational): number {
  return (ticks * timeBase.num) / timeBase.den;
}

/** From this size on, an unflagged stream is taken for BT.709, below it for BT.601, as players do. */
const HD_WIDTH = 1280;
const HD_HEIGHT = 720;

/** Whether a picture of this size is high definition, with BT.709 colours unless flagged otherwise. */
export function isHighDefinition(width: number, height: number): boolean {
  return Math.max(width, height) >= HD_WIDTH || Math.min(width, height) >= HD_HEIGHT;
}
