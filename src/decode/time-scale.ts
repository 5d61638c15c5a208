import type { VideoInfo } from '../model/frame.js';

/** True seconds in a second of the file; `auto`: according to the file; undefined: 1. */
export type TimeScaleChoice = number | 'auto' | undefined;

/** Below this, two frames would be less than a microsecond apart, the last digit of a table's times. */
export const LEAST_TIME_SCALE = 0.0001;
/** Above this, the second between two pictures would look like a jump of the clock to readers of the table. */
export const MOST_TIME_SCALE = 3600;

type Rates = Pick<VideoInfo, 'averageRate' | 'captureRate'>;

/**
 * A camera that drops frames stays this close to its rate, either way; anything beyond is slow motion or a time lapse.
 */
const MOST_DROPPED = 4 / 3;

/** From what a file states about its camera; undefined if it states nothing, or plays at recording speed. */
function recordedScale({ averageRate, captureRate }: Rates): number | undefined {
  if (!averageRate || captureRate === undefined) return undefined;
  const scale = averageRate.num / averageRate.den / captureRate;
  const isPossible = scale >= LEAST_TIME_SCALE && scale <= MOST_TIME_SCALE;
  return isPossible && (scale > MOST_DROPPED || scale < 1 / MOST_DROPPED) ? scale : undefined;
}

/** True seconds in a second of the file. */
export function timeScaleOf(choice: TimeScaleChoice, video: Rates): number {
  return choice === 'auto' ? (recordedScale(video) ?? 1) : (choice ?? 1);
}

const rounded = (value: number) => String(Number(value.toPrecision(4)));

/** A sentence for the user about a file whose seconds are not, or may not be, true ones. */
export function timeScaleWarning(choice: TimeScaleChoice, video: Rates): string | undefined {
  const { averageRate, captureRate } = video;
  if (choice === 'auto' && captureRate === undefined) {
    return 'the file has no recording rate: --time-scale auto leaves times unchanged';
  }
  if (typeof choice === 'number' && choice > 1) {
    return `--time-scale ${choice}: one second of video is ${choice} s of real time, as in a time lapse; slow motion needs a value below 1`;
  }
  const scale = recordedScale(video);
  if (typeof choice === 'number' || scale === undefined || !averageRate || captureRate === undefined) return undefined;
  const rates = `the video was recorded at ${rounded(captureRate)} frames per second and plays at ${rounded(averageRate.num / averageRate.den)}`;
  if (choice === 'auto') return `${rates}: times are multiplied by ${rounded(scale)}`;
  return `${rates}: times and speeds are those of playback (--time-scale ${rounded(scale)} or auto gives real time)`;
}
