import { BodyscriptError } from '../errors.js';
import type { VideoInfo } from '../model/frame.js';
import { describeLeaps } from '../model/steady-clock.js';
import { counted } from '../text/counted.js';
import type { TimeSpan } from './decoder-log.js';

const seconds = (value: number) => `${Number(value.toFixed(3))} s`;

/**
 * The selection contains no frame of a video.
 * @param span undefined if no frame was decoded @param isWhole whether the video was decoded to its end
 */
export function outsideOfVideo(
  path: string,
  span: TimeSpan | undefined,
  { duration }: Pick<VideoInfo, 'duration'>,
  isWhole: boolean,
): BodyscriptError {
  const length = isWhole ? span?.length : duration;
  const lasts = length === undefined ? '' : `; the video is ${seconds(length)} long`;
  const begins = span?.first
    ? `; its own clock begins at ${seconds(span.first)}, but --start and --end count from 0`
    : '';
  return new BodyscriptError('INPUT_NO_FRAMES', `${path}: no frames in the selected range${lasts}${begins}`, {
    remedy: 'Check --start, --end and --every against the length of the video.',
  });
}

/** Sentences for the user about a clock that jumps or stands still. */
export function clockWarnings(span: TimeSpan): string[] {
  return [...leapWarnings(span), ...repeatWarnings(span)];
}

function repeatWarnings({ repeated }: TimeSpan): string[] {
  if (repeated === 0) return [];
  const frames = counted(repeated, 'frame has', 'frames have');
  return [
    `${frames} the time of the previous frame: the table keeps them, but speeds and rates computed from them are wrong`,
  ];
}

function leapWarnings(span: TimeSpan): string[] {
  const leaps = describeLeaps(span);
  const rest = 'the table keeps them; overlay and exports advance by one frame instead';
  return leaps === undefined ? [] : [`the video's times ${leaps}: ${rest}`];
}
