import { extname } from 'node:path';
import type { VideoInfo } from '../model/frame.js';

/** Names of raw streams, which have no container and often no times, with ffmpeg's names of their formats. */
const RAW_BY_NAME: Readonly<Record<string, string>> = {
  '.h264': 'h264',
  '.264': 'h264',
  '.avc': 'h264',
  '.h265': 'hevc',
  '.265': 'hevc',
  '.hevc': 'hevc',
};
const RAW = [...new Set(Object.values(RAW_BY_NAME))];
const START_CODE = Buffer.from([0, 0, 1]);

/**
 * ffmpeg's names of raw streams: they have no container, so ffmpeg invents their times, and old versions start them
 * anywhere around 0.
 */
const WITHOUT_CLOCK = [...RAW, 'mpegvideo', 'm4v'];

/** ffmpeg filters that make a stream without a clock begin at 0. @param container as ffprobe calls it */
export function clockFilters(container: string): readonly string[] {
  return WITHOUT_CLOCK.includes(container) ? ['setpts=PTS-STARTPTS'] : [];
}

/** Whether a path has a raw stream's name. */
export function isRawByName(path: string): boolean {
  return extname(path).toLowerCase() in RAW_BY_NAME;
}

/** ffmpeg's name of a raw stream's format; undefined for any other file. @param head its first bytes */
export function rawKind(path: string, head: Buffer, inputFormat: string | undefined): string | undefined {
  if (inputFormat !== undefined) return RAW.find(kind => kind === inputFormat);
  const isRaw = [0, 1].some(at => head.subarray(at, at + START_CODE.length).equals(START_CODE));
  return isRaw ? RAW_BY_NAME[extname(path).toLowerCase()] : undefined;
}

/** ffmpeg's options for a raw stream. @param fps frames per second, used if the stream itself gives no times */
export function rawOptions(kind: string, fps: number): readonly string[] {
  return ['-f', kind, '-framerate', String(fps)];
}

/** Two rates that differ by less are the same rate, written in two ways. */
const SAME_RATE = 1e-3;

/**
 * A sentence for the user about the frame rate: that one is assumed, or that the given one is ignored.
 * @param openOptions ffmpeg's options for the input @param fps as given @param usual the rate without `--fps`
 */
export function rateWarning(
  openOptions: readonly string[],
  fps: number,
  usual: number,
  { averageRate, frameCount }: Pick<VideoInfo, 'averageRate' | 'frameCount'>,
): string | undefined {
  const own = averageRate ? averageRate.num / averageRate.den : fps;
  // A raw stream may state a rate, which then applies.
  const holds = openOptions.includes('-framerate') && Math.abs(own / fps - 1) < SAME_RATE;
  if (fps !== usual) return holds ? undefined : '--fps has no effect: the video has its own frame times';
  if (!holds || frameCount === 1) return undefined;
  return `the input has no frame times: ${usual} frames per second are assumed (set the true rate with --fps)`;
}
