import { BodyscriptError } from '../errors.js';
import type { Orientation, Rational, VideoInfo } from '../model/frame.js';
import type { Binary } from '../system/ffmpeg-binaries.js';
import { type ProgramInput, type ProgramOutput, runProgram } from '../system/run-program.js';
import { printable } from './complaint.js';
import { type DeinterlaceChoice, framesToDeinterlace } from './deinterlace.js';
import { HASTY, type VideoSource } from './input.js';
import {
  checkAllPixels,
  checkLimitComplaint,
  checkPixelComplaint,
  checkPixels,
  PROBE_ADDRESS_SPACE,
} from './limits.js';
import { kindOfNoVideo } from './not-video.js';
import { orientationOf, parseDisplayMatrix, swapsSides, UPRIGHT } from './orientation.js';

interface ProbedStream {
  index: number;
  codec_type?: string;
  codec_name?: string;
  pix_fmt?: string;
  width?: number;
  height?: number;
  sample_aspect_ratio?: string;
  avg_frame_rate?: string;
  r_frame_rate?: string;
  time_base?: string;
  start_time?: string;
  duration?: string;
  nb_frames?: string;
  field_order?: string;
  color_space?: string;
  color_range?: string;
  color_transfer?: string;
  disposition?: { default?: number; attached_pic?: number };
  side_data_list?: { side_data_type?: string; displaymatrix?: string }[];
}

interface Probed {
  streams?: ProbedStream[];
  format?: { format_name?: string; duration?: string; tags?: Record<string, string> };
}

/** The recording rate in files of Android cameras, as Android's media libraries write and read it. */
const CAPTURE_RATE_TAG = 'com.android.capture.fps';
const PROBE_TIMEOUT_MS = 60_000;
/** What ffprobe is asked for: no titles or comments, which may be long. */
const ENTRIES = [
  'stream=index,codec_type,codec_name,pix_fmt,width,height,sample_aspect_ratio,avg_frame_rate,r_frame_rate,time_base,start_time,duration,nb_frames,field_order,color_space,color_range,color_transfer',
  'stream_disposition=default,attached_pic',
  'stream_side_data_list',
  'stream_side_data',
  'format=format_name,duration',
  `format_tags=${CAPTURE_RATE_TAG}`,
].join(':');

function rational(text: string | undefined): Rational | undefined {
  const [num, den] = (text ?? '').split(/[/:]/).map(Number);
  return num !== undefined && den !== undefined && num > 0 && den > 0 ? { num, den } : undefined;
}

function number(text: string | undefined): number | undefined {
  const value = Number(text ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

const positive = (value: number | undefined) => (value !== undefined && value > 0 ? value : undefined);

/** ffprobe's report on a source; on a pipe it reads as little as possible. */
async function runProbe(source: VideoSource, ffprobe: Binary, abort: AbortSignal | undefined): Promise<Probed> {
  if (!source.pipe) return probeWith([], source, ffprobe, abort);
  const hasty = await probeWith(HASTY, source, ffprobe, abort).catch(() => undefined);
  abort?.throwIfAborted();
  const isEnough = hasty?.streams?.some(({ codec_type, width, pix_fmt }) => codec_type === 'video' && width && pix_fmt);
  return hasty && isEnough ? hasty : probeWith([], source, ffprobe, abort);
}

async function probeWith(
  options: readonly string[],
  source: VideoSource,
  ffprobe: Binary,
  abort: AbortSignal | undefined,
): Promise<Probed> {
  const args = ['-v', 'error', ...options, ...source.openOptions, '-threads', '1'];
  args.push('-show_entries', ENTRIES, '-of', 'json', '-i', source.url);
  const { pipe } = source;
  const feed: ProgramInput | undefined = pipe && ((stdin, ended) => pipe.show(stdin, ended));
  const leash = { inherit: source.descriptor, addressSpace: PROBE_ADDRESS_SPACE };
  const result = await runProgram(ffprobe.path, args, PROBE_TIMEOUT_MS, { feed, abort, ...leash });
  abort?.throwIfAborted(); // Its output then does not count: it was stopped early.
  checkEnd(source, ffprobe, result);
  if (result.exitCode !== 0) throw probeError(source, result.stderr);
  const probed = parseProbed(result.stdout);
  if (!probed) {
    throw new BodyscriptError('FFMPEG_BROKEN', `${ffprobe.path}: returned no description of ${source.path}`, {
      remedy: 'Give another ffprobe with --ffprobe PATH.',
    });
  }
  if (!probed.streams?.some(({ width }) => width)) checkPixelComplaint(source, result.stderr);
  return probed;
}

function parseProbed(text: string): Probed | undefined {
  try {
    return JSON.parse(text) as Probed;
  } catch {
    return undefined;
  }
}

/** A killed program proves nothing about the file. @throws BodyscriptError `FFMPEG_MISSING`, `DECODER_FAILED` */
function checkEnd({ path }: VideoSource, ffprobe: Binary, { startError, timedOut, signal }: ProgramOutput): void {
  if (startError) {
    throw new BodyscriptError('FFMPEG_MISSING', `${ffprobe.path}: could not be started`, { cause: startError });
  }
  if (timedOut) {
    const seconds = PROBE_TIMEOUT_MS / 1000;
    throw new BodyscriptError('DECODER_FAILED', `${path}: ffprobe did not finish within ${seconds} s`, {
      remedy: 'Run the same command again when disk, network and machine are less busy.',
    });
  }
  if (signal) {
    const why = signal === 'SIGKILL' ? ', probably out of memory' : '';
    throw new BodyscriptError('DECODER_FAILED', `${path}: ffprobe was killed (${signal})${why}`, {
      remedy:
        'The video may be fine. Run the same command with more memory, or with fewer videos at a time (--jobs 1).',
    });
  }
}

function probeError(source: VideoSource, stderr: string): BodyscriptError {
  checkLimitComplaint(source, stderr);
  checkPixelComplaint(source, stderr);
  const kind = kindOfNoVideo(source.head, stderr);
  if (kind) {
    return new BodyscriptError('INPUT_NOT_A_VIDEO', `${source.path}: ${kind.is}`, { remedy: kind.remedy });
  }
  // ffmpeg trusts a name that ends in .mp4; the file's first box is proof.
  const isMp4 = /^(ftyp|mdat|free|skip|wide|moov|pnot)$/.test(source.head.toString('latin1', 4, 8));
  if (isMp4 && /moov atom not found/.test(stderr)) {
    return new BodyscriptError(
      'INPUT_DAMAGED',
      `${source.path}: an MP4 without its index ("moov"); the recording or copy was cut off`,
      {
        remedy: 'Copy it again from the source; some cameras can repair a recording that was cut off.',
      },
    );
  }
  const last = stderr.trim().split('\n').at(-1) ?? '';
  const reason = printable(last.replaceAll(source.url, '').replace(/^[:\s]+/, '')) || 'unreadable';
  return new BodyscriptError('INPUT_NOT_A_VIDEO', `${source.path}: not a video that ffmpeg can read (${reason})`, {
    remedy: 'Check that it plays in a video player; copy it again if it does not.',
  });
}

/** The stream to analyse: the file's default one, else the one with the most pixels; never a cover picture. */
function chooseStream(streams: readonly ProbedStream[]): ProbedStream | undefined {
  const area = (stream: ProbedStream) => (stream.width ?? 0) * (stream.height ?? 0);
  const rank = (stream: ProbedStream) => (stream.disposition?.default ? 1 : 0);
  return [...streams].sort((a, b) => rank(b) - rank(a) || area(b) - area(a) || a.index - b.index)[0];
}

function noVideoStream(
  source: VideoSource,
  streams: readonly ProbedStream[],
  wanted: number | undefined,
  moving: readonly ProbedStream[],
): BodyscriptError {
  if (wanted !== undefined && moving.length > 0) {
    const indices = moving.map(({ index }) => index).join(', ');
    return new BodyscriptError('INPUT_NO_VIDEO_STREAM', `${source.path}: stream ${wanted} is not a video stream`, {
      remedy: `Choose one of its video streams with --video-stream: ${indices}.`,
    });
  }
  const has = streams.some(stream => stream.codec_type === 'audio') ? 'only sound, no video stream' : 'no video stream';
  return new BodyscriptError('INPUT_NO_VIDEO_STREAM', `${source.path}: has ${has}`, {
    remedy: 'Choose a file with a video stream.',
  });
}

/** Size as shown, before rotation: the short side of a non-square pixel is stretched, so no pixel is lost. */
function squarePixels(width: number, height: number, { num, den }: Rational): [number, number] {
  return num >= den ? [Math.round((width * num) / den), height] : [width, Math.round((height * den) / num)];
}

function orientation(stream: ProbedStream, source: VideoSource): Orientation {
  const text = stream.side_data_list?.find(data => data.displaymatrix !== undefined)?.displaymatrix;
  const matrix = text === undefined ? undefined : parseDisplayMatrix(text);
  return matrix ? orientationOf(matrix) : (source.orientation ?? UPRIGHT);
}

export interface ProbeOptions {
  /** Rotation to apply instead of the file's own. */
  readonly rotate?: 0 | 90 | 180 | 270 | undefined;
  /** Index of the video stream in the file, instead of the default choice. */
  readonly streamIndex?: number | undefined;
  /** Undefined: `auto`. */
  readonly deinterlace?: DeinterlaceChoice | undefined;
  /** Stops ffprobe; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks ffprobe about a video before decoding.
 * @throws BodyscriptError `INPUT_NOT_A_VIDEO`, `INPUT_NO_VIDEO_STREAM`, `INPUT_CODEC_UNKNOWN`, `INPUT_DAMAGED`,
 * `INPUT_TOO_LARGE`; `DECODER_FAILED` if ffprobe was killed, which proves nothing about the file
 */
export async function probeVideo(source: VideoSource, ffprobe: Binary, options: ProbeOptions = {}): Promise<VideoInfo> {
  const { streams = [], format } = await runProbe(source, ffprobe, options.signal);
  const pictures = streams.filter(({ codec_type }) => codec_type === 'video');
  checkAllPixels(
    source,
    pictures.map(({ width = 0, height = 0 }) => width * height),
  );
  const moving = streams.filter(stream => stream.codec_type === 'video' && !stream.disposition?.attached_pic);
  const wanted = options.streamIndex;
  const stream = wanted === undefined ? chooseStream(moving) : moving.find(({ index }) => index === wanted);
  if (!stream) throw noVideoStream(source, streams, wanted, moving);
  if (!stream.codec_name || stream.codec_name === 'unknown' || stream.codec_name === 'none') {
    throw new BodyscriptError('INPUT_CODEC_UNKNOWN', `${source.path}: this ffmpeg does not know the video's codec`, {
      remedy: 'Install a newer ffmpeg (or give its path with --ffmpeg), or convert the video to H.264.',
    });
  }
  const turn =
    options.rotate === undefined ? orientation(stream, source) : { clockwise: options.rotate, mirrored: false };
  const deinterlaced = framesToDeinterlace(options.deinterlace ?? 'auto', stream.field_order);
  const turns = options.rotate === undefined && source.turns.length > 0 ? { turns: source.turns } : {};
  return { ...describe(source, stream, turn, streams, moving.length, format), ...turns, deinterlaced };
}

function colourOf({ color_space, color_range, color_transfer }: ProbedStream): VideoInfo['colour'] {
  return { matrix: color_space ?? 'unknown', range: color_range ?? 'unknown', transfer: color_transfer ?? 'unknown' };
}

function describe(
  source: VideoSource,
  stream: ProbedStream,
  turn: Orientation,
  all: readonly ProbedStream[],
  videoStreams: number,
  format: Probed['format'],
): Omit<VideoInfo, 'deinterlaced'> {
  const codedWidth = stream.width ?? 0;
  const codedHeight = stream.height ?? 0;
  if (codedWidth === 0 || codedHeight === 0) {
    throw new BodyscriptError('INPUT_NO_FRAMES', `${source.path}: the video stream has no frames`, {
      remedy: 'Copy or record it again.',
    });
  }
  checkPixels(source, codedWidth, codedHeight);
  const pixelAspect = rational(stream.sample_aspect_ratio) ?? { num: 1, den: 1 };
  const [width, height] = squarePixels(codedWidth, codedHeight, pixelAspect);
  const [displayWidth, displayHeight] = swapsSides(turn) ? [height, width] : [width, height];
  return {
    path: source.path,
    container: format?.format_name ?? 'unknown',
    streamIndex: stream.index,
    videoStreams,
    codec: stream.codec_name ?? 'unknown',
    pixelFormat: stream.pix_fmt ?? 'unknown',
    codedWidth,
    codedHeight,
    pixelAspect,
    orientation: turn,
    displayWidth,
    displayHeight,
    timeBase: rational(stream.time_base) ?? { num: 1, den: 1_000_000 },
    averageRate: rational(stream.avg_frame_rate) ?? rational(stream.r_frame_rate),
    captureRate: positive(number(format?.tags?.[CAPTURE_RATE_TAG])),
    duration: number(stream.duration) ?? number(format?.duration),
    startTime: number(stream.start_time),
    frameCount: number(stream.nb_frames),
    colour: colourOf(stream),
    fieldOrder: stream.field_order ?? 'unknown',
    audio: all
      .filter(other => other.codec_type === 'audio')
      .map(other => ({ index: other.index, codec: other.codec_name ?? 'unknown' })),
  };
}
