import type { VideoInfo } from '../model/frame.js';

/** True seconds in a second of the file; `auto`: as the file says; undefined: 1. */
export type TimeScaleChoice = number | 'auto' | undefined;

/** With less, two frames would be no microsecond apart, which is the last digit of a table's times. */
export const LEAST_TIME_SCALE = 0.0001;
/** With more, the second between two pictures would be a leap of the clock to whoever reads the table. */
export const MOST_TIME_SCALE = 3600;

type Rates = Pick<VideoInfo, 'averageRate' | 'captureRate'>;

/**
 * A camera that drops frames comes no further from its rate than this, either way: what is further is slow motion, or a
 * time lapse.
 */
const MOST_DROPPED = 4 / 3;

/** By what a file says of its camera; undefined where it says nothing, or that it plays as fast as it was recorded. */
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

/** What a user should know of a file whose seconds are not, or may not be, true ones. */
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
