import ffmpeg from 'fluent-ffmpeg';
import type { AudioStream, Rational } from '../model/frame.js';
import type { YuvMatrix } from '../model/picture.js';
import { type Binary, hasMovieTimescale, keepEveryFrame } from '../system/ffmpeg-binaries.js';
import { commandArguments } from '../system/ffmpeg-command.js';
import { filmSize } from './film-size.js';

/** The source's audio, for the overlay. */
export interface OverlayAudio {
  readonly streams: readonly AudioStream[];
  /** ffmpeg options and URL that open the source. */
  readonly openOptions: readonly string[];
  readonly url: string;
  /** The open file that `url` needs. */
  readonly descriptor: number | undefined;
  /** Bytes of address space at most for a program that reads it. */
  readonly addressSpace: number;
  /** Whether the film may show only a part of the video: its audio is then cut to the film's length. */
  readonly isPart: boolean;
}

export interface EncodeJob {
  readonly width: number;
  readonly height: number;
  /** Longer side of the film's pictures in pixels, if they are scaled down. */
  readonly longest: number | undefined;
  readonly matrix: YuvMatrix;
  /** Ticks per second of the video track. */
  readonly timescale: number;
  readonly crf: number;
  readonly ffmpeg: Binary;
}

/** The part of the source that a film shows. */
export interface FilmSpan {
  /** Time of the first picture on the source's clock, without its jumps; the film begins at 0. */
  readonly begins: number;
  readonly length: number;
  /** Whether the source's clock jumps before the film's end. */
  readonly hasLeaps: boolean;
}

/** Turns an encoder's fragments into the final file. */
export interface FinishJob {
  /** Ticks per second of the video track. */
  readonly timescale: number;
  /** Where the film begins and how long it is, in seconds of the source's clock. */
  readonly span: FilmSpan;
  readonly audio: OverlayAudio | undefined;
  readonly fragmentsUrl: string;
  readonly outputUrl: string;
  readonly ffmpeg: Binary;
}

/** Audio codecs that fit in an MP4 and that players support; the rest becomes AAC. */
const COPIED_AUDIO = new Set(['aac', 'mp3', 'ac3', 'eac3', 'alac']);
const AAC_BITRATE = '160k';

/**
 * x264 without a frame queue and without sub-pixel search (`ultrafast`), but with the entropy coding and deblocking
 * that `ultrafast` omits: two thirds of the time of `veryfast` and 15 MB less. Files are larger: 5 to 12 % for noisy
 * footage, 14 to 46 % for clean, rendered samples, with 0.2 to 0.6 dB of SSIM less (1080p; `npm run bench:encoders`).
 */
const PRESET = 'ultrafast';
const X264_PARAMETERS = 'rc-lookahead=0:sync-lookahead=0:sliced-threads=0:cabac=1:deblock=0,0';
/** Finer ticks than this gain nothing; some players overflow. */
const FINEST_TIMESCALE = 1_000_000;

/** Ticks per second that hold the source's times exactly where possible. */
export function timescaleOf(timeBase: Rational): number {
  return Math.min(timeBase.den, FINEST_TIMESCALE);
}

/** The matrix as named by ffmpeg's `-colorspace` and similar options: flagged, so that players need not guess. */
function colourFlags(matrix: YuvMatrix): string[] {
  const name = matrix === 'bt709' ? 'bt709' : 'smpte170m';
  return ['-colorspace', name, '-color_primaries', name, '-color_trc', name, '-color_range', 'tv'];
}

function even(size: number): number {
  return size + (size % 2);
}

/**
 * Each frame is a fragment with its own time: the file on disk is playable, and can be cut off after any frame and
 * continued.
 */
const FRAGMENTS = '+empty_moov+default_base_moof+frag_every_frame+frag_discont';

/** Filters before encoding. */
function filterOf(job: EncodeJob): string | undefined {
  const { width, height } = filmSize(job, job.longest);
  if (width !== job.width || height !== job.height) return `scale=${width}:${height}:flags=area,setsar=1`;
  // H.264 in 4:2:0 has only even sides: an odd picture gets one more row or column, in black.
  const isOdd = even(width) !== width || even(height) !== height;
  return isOdd ? `pad=${even(width)}:${even(height)}:0:0` : undefined;
}

/** Arguments for an ffmpeg that reads `matroska-stream` on stdin and writes a fragmented MP4 to stdout. */
export function encodeArguments(job: EncodeJob): string[] {
  const filter = filterOf(job);
  const command = ffmpeg().input('pipe:0').inputOptions('-f', 'matroska', '-threads', '1').output('pipe:1');
  command
    .outputOptions('-map', '0:v:0', ...(filter === undefined ? [] : ['-vf', filter]), ...keepEveryFrame(job.ffmpeg))
    .outputOptions('-c:v', 'libx264', '-preset', PRESET, '-crf', String(job.crf))
    .outputOptions('-pix_fmt', 'yuv420p', ...colourFlags(job.matrix))
    .outputOptions('-threads', '1', '-bf', '0', '-x264-params', X264_PARAMETERS)
    .outputOptions('-enc_time_base', `1:${job.timescale}`, '-video_track_timescale', String(job.timescale));
  // Keep times unchanged: an edit list, or a shift to zero, would be lost where a file is continued.
  command.outputOptions('-avoid_negative_ts', 'make_non_negative', '-use_editlist', '0');
  command.outputOptions('-movflags', FRAGMENTS, '-f', 'mp4');
  return [...GENERAL, ...commandArguments(command)];
}

export const GENERAL = [
  '-hide_banner',
  '-nostats',
  '-loglevel',
  'repeat+level+warning',
  '-y',
  '-copyts',
  '-filter_threads',
  '1',
];

/**
 * Arguments for an ffmpeg that turns fragments into an MP4 that plays in browsers, with the source's audio. Pictures
 * are not re-encoded.
 */
export function finishArguments(job: FinishJob): string[] {
  const command = ffmpeg().input(job.fragmentsUrl).inputOptions('-f', 'mp4').output(job.outputUrl);
  command
    .outputOptions('-map', '0:v:0', '-c:v', 'copy', '-video_track_timescale', String(job.timescale))
    .outputOptions('-threads', '1');
  if (hasMovieTimescale(job.ffmpeg)) command.outputOptions('-movie_timescale', String(job.timescale));
  if (job.audio) addAudio(command, job.audio, job.span);
  command.outputOptions('-movflags', '+faststart', '-f', 'mp4');
  return ['-nostdin', ...GENERAL, ...commandArguments(command)];
}

/**
 * The audio of a whole film is copied. That of a part is cut to the sample, and therefore re-encoded: copied packets
 * begin at a key frame. Where the clock jumps, audio is re-encoded as well, with times from its samples: packets with
 * falling times would overlap.
 */
function addAudio(command: ReturnType<typeof ffmpeg>, audio: OverlayAudio, span: FilmSpan): void {
  const { streams, isPart } = audio;
  const { begins, length, hasLeaps } = span;
  // Without `-seek_timestamp` ffmpeg adds the file's first time; ffmpeg's own cut adds it in any case.
  const seek = isPart && !hasLeaps ? ['-seek_timestamp', '1', '-noaccurate_seek', '-ss', String(begins)] : [];
  const offset = begins === 0 ? [] : ['-itsoffset', String(-begins)];
  command.input(audio.url).inputOptions(...audio.openOptions, '-vn', ...seek, ...offset);
  const filters = [
    ...(hasLeaps ? ['asetpts=N/SR/TB+STARTPTS'] : []),
    ...(hasLeaps || isPart ? [`atrim=start=0:end=${length}`] : []),
  ].join(',');
  for (const [index, stream] of streams.entries()) {
    command.outputOptions('-map', `1:${stream.index}`);
    if (filters === '' && COPIED_AUDIO.has(stream.codec)) command.outputOptions(`-c:a:${index}`, 'copy');
    else command.outputOptions(`-c:a:${index}`, 'aac', `-b:a:${index}`, AAC_BITRATE);
    if (filters !== '') command.outputOptions(`-filter:a:${index}`, filters);
  }
}
