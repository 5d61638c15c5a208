import ffmpeg from 'fluent-ffmpeg';
import type { VideoInfo } from '../model/frame.js';
import { type Binary, keepEveryFrame } from '../system/ffmpeg-binaries.js';
import { commandArguments } from '../system/ffmpeg-command.js';
import { type Deinterlacer, deinterlaceFilters } from './deinterlace.js';
import type { FrameTimes } from './frame-times.js';
import { HASTY, type VideoSource } from './input.js';
import { uprightFilters } from './picture-turns.js';
import { clockFilters } from './raw-stream.js';
import { type FrameSelection, selectionFilters, type TickSelection } from './selection.js';
import type { SizeChanges } from './size-changes.js';
import { tickClockOf } from './steady-filter.js';

/** Size of the analysed picture in pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Above this many pixels one decoding thread may be slower than the pose network. Each thread costs about one frame of
 * memory.
 */
const SECOND_THREAD_ABOVE_PIXELS = 2560 * 1440;

/**
 * `FrameTimes` has already reported the times. At the output, frames are 1000 seconds apart: ffmpeg would complain
 * about equal or falling times.
 */
const SPREAD_OUT = 'settb=1/1000,setpts=N*1000000';

/**
 * Our own filters rotate the pictures, alike in every ffmpeg version, and keep counting whatever changes in the stream.
 */
const UPRIGHT_IN_ONE_GRAPH = ['-noautorotate', '-reinit_filter', '0'] as const;

/** The displayed size, scaled down so that the longer side is at most `maxSize` pixels. */
export function analysedSize(info: Pick<VideoInfo, 'displayWidth' | 'displayHeight'>, maxSize?: number): PictureSize {
  const longer = Math.max(info.displayWidth, info.displayHeight);
  const factor = maxSize === undefined ? 1 : Math.min(1, maxSize / longer);
  return {
    width: Math.max(1, Math.round(info.displayWidth * factor)),
    height: Math.max(1, Math.round(info.displayHeight * factor)),
  };
}

/** Filters made for a run: those that print what `DecoderLog` reads, and the deinterlacer of this ffmpeg. */
export interface FrameFilters {
  readonly times: FrameTimes;
  readonly sizes: SizeChanges;
  readonly deinterlacer: Deinterlacer | undefined;
}

function filters(
  info: VideoInfo,
  size: PictureSize,
  selection: TickSelection,
  { times, sizes, deinterlacer }: FrameFilters,
): string {
  return [
    // Ticks are ffprobe's, even if ffprobe and ffmpeg differ in version. Where they agree, this does nothing.
    `settb=${info.timeBase.num}/${info.timeBase.den}`,
    ...deinterlaceFilters(info, deinterlacer, sizes),
    ...clockFilters(info.container),
    times.filter,
    ...selectionFilters(selection, tickClockOf(info.timeBase, info.averageRate)),
    ...uprightFilters(info, size, sizes),
    SPREAD_OUT,
  ].join(',');
}

/** From the key frame on: all that is decoded is handed out, and who reads it chooses by the times. */
function seekOptions(seconds: number | undefined): string[] {
  return seconds === undefined ? [] : ['-seek_timestamp', '1', '-noaccurate_seek', '-ss', seconds.toFixed(6)];
}

/**
 * Arguments for an ffmpeg that writes raw frames of planar 4:2:0 to stdout and each frame's time to stderr before it.
 */
export function decodeArguments(
  source: VideoSource,
  info: VideoInfo,
  size: PictureSize,
  { maxFrames, seek }: Pick<FrameSelection, 'maxFrames'> & { readonly seek: number | undefined },
  ticks: TickSelection,
  own: FrameFilters,
  binary: Binary,
): string[] {
  const threads = info.codedWidth * info.codedHeight > SECOND_THREAD_ABOVE_PIXELS ? '2' : '1';
  const command = ffmpeg()
    .input(source.url)
    // `copyts` below keeps the file's own times.
    .inputOptions(
      ...(source.pipe ? HASTY : []),
      ...source.openOptions,
      ...UPRIGHT_IN_ONE_GRAPH,
      ...seekOptions(seek),
      '-threads',
      threads,
    )
    .output('pipe:1')
    .outputOptions('-map', `0:${info.streamIndex}`, '-vf', filters(info, size, ticks, own))
    // Without flushing, ffmpeg holds a picture's last bytes until the next picture.
    .outputOptions(...keepEveryFrame(binary), '-flush_packets', '1', '-f', 'rawvideo', '-pix_fmt', 'yuv420p');
  if (maxFrames !== undefined) command.outputOptions('-frames:v', String(maxFrames));
  const general = [
    '-hide_banner',
    '-nostdin',
    '-nostats',
    '-loglevel',
    // At lower levels ffmpeg would print the input's metadata and names, on lines that the input shapes.
    'repeat+level+error',
    '-copyts',
    '-filter_threads',
    '1',
  ];
  return [...general, ...commandArguments(command)];
}
