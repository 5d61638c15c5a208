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
 * Above this many pixels one decoding thread may be slower than the pose network. Each thread costs about a frame of
 * memory.
 */
const SECOND_THREAD_ABOVE_PIXELS = 2560 * 1440;

/**
 * The times have been told by `FrameTimes`. On the way out, frames stand 1000 seconds apart: two of one time, or of
 * times that fall back, would make ffmpeg complain of them.
 */
const SPREAD_OUT = 'settb=1/1000,setpts=N*1000000';

/**
 * Pictures are turned by our own filters, the same in every version, and whatever changes in the stream, the filters go
 * on counting.
 */
const UPRIGHT_IN_ONE_GRAPH = ['-noautorotate', '-reinit_filter', '0'] as const;

/** The displayed size, made smaller so that the longer side is at most `maxSize` pixels. */
export function analysedSize(info: Pick<VideoInfo, 'displayWidth' | 'displayHeight'>, maxSize?: number): PictureSize {
  const longer = Math.max(info.displayWidth, info.displayHeight);
  const factor = maxSize === undefined ? 1 : Math.min(1, maxSize / longer);
  return {
    width: Math.max(1, Math.round(info.displayWidth * factor)),
    height: Math.max(1, Math.round(info.displayHeight * factor)),
  };
}

/**
 * Filters that are made for a run: those that print what `DecoderLog` reads, and the one that this ffmpeg has for
 * interlaced pictures.
 */
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
    // Ticks are ffprobe's, also where the two programs are of different ages. Where they agree this does nothing.
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
    // Without flushing, a picture's last bytes wait for the next picture.
    .outputOptions(...keepEveryFrame(binary), '-flush_packets', '1', '-f', 'rawvideo', '-pix_fmt', 'yuv420p');
  if (maxFrames !== undefined) command.outputOptions('-frames:v', String(maxFrames));
  const general = [
    '-hide_banner',
    '-nostdin',
    '-nostats',
    '-loglevel',
    // Below, the input's metadata and names would be told, in lines of their own making.
    'repeat+level+error',
    '-copyts',
    '-filter_threads',
    '1',
  ];
  return [...general, ...commandArguments(command)];
}
