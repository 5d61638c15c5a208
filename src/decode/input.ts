import { constants, type Stats } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { BodyscriptError, systemErrorCode } from '../errors.js';
import { isAddress, withoutSecrets } from '../text/url.js';
import { PipedInput } from './piped-input.js';

/** Something that ffmpeg can open as one video: a file, or numbered pictures. */
export interface VideoSource {
  /** As the user gave it. */
  readonly path: string;
  /** For `-i`: always with the `file:` protocol, so that a name like `-i.mp4` or `concat:x` is only a name. */
  readonly url: string;
  /** ffmpeg options that must stand before `-i`. */
  readonly openOptions: readonly string[];
  /** The files it is made of, in order. */
  readonly files: readonly string[];
  /** Sum of the files' sizes in bytes. */
  readonly bytes: number;
  /** Base name for outputs, such as `walk` for `dir/walk.mp4`. */
  readonly stem: string;
  /** What brings its bytes, where it is no file. */
  readonly pipe: PipedInput | undefined;
}

/** How a source is opened. */
export interface SourceOptions {
  /** Frames per second of an image sequence. */
  readonly sequenceFps?: number;
  /** ffmpeg's name of the container, where the bytes do not tell. */
  readonly inputFormat?: string | undefined;
}

/** Whether a path stands for stdin. */
export function isPiped(path: string): boolean {
  return path === '-';
}

/** An image sequence carries no times; ffmpeg's own default rate. */
export const DEFAULT_SEQUENCE_FPS = 25;

/**
 * Containers that hold their own pictures. Playlists and scripts (hls, concat, dash, sdp...) are left out on purpose:
 * dressed up as a video, they would make ffmpeg read other files.
 */
const CONTAINERS = [
  'mov,mp4,m4a,3gp,3g2,mj2',
  'matroska,webm',
  'avi,flv,asf,ogg,nut,mxf,gxf,ivf,dv,rm,wtv,roq,vivo,swf,obu,av1,apng,gif,y4m,yuv4mpegpipe,live_flv,kux',
  'mpeg,mpegts,mpegtsraw,mpegvideo,m4v,h261,h263,h264,hevc,vvc,avs,avs2,avs3,vc1,vc1test,dirac,cavsvideo,evc,mjpeg,mjpeg_2000,ingenient',
  'image2,png_pipe,jpeg_pipe,webp_pipe,bmp_pipe,tiff_pipe,jpegxl_pipe,jpegxl_anim,qoi_pipe,psd_pipe,dpx_pipe,exr_pipe,j2k_pipe',
  'pgm_pipe,ppm_pipe,pam_pipe,pbm_pipe,pgmyuv_pipe,gif_pipe,webp,mlv,bink,smk,smush,4xm,film_cpk,nsv,nuv,pva,lvf,wsvqa,r3d,rpl,mpc,filmstrip',
  'mp3,aac,flac,wav,aiff,ac3,eac3,opus',
].join(',');

/** Keeps ffmpeg and ffprobe to the file they were given. */
export const CONFINEMENT: readonly string[] = ['-protocol_whitelist', 'file,pipe', '-format_whitelist', CONTAINERS];

/**
 * For a stream that is being made: ffmpeg would read on for five seconds to learn what is mostly in the first frames, and guess a rate, which nothing
 * here depends on.
 */
export const HASTY: readonly string[] = ['-fpsprobesize', '0', '-analyzeduration', '500000'];

const SEQUENCE_PATTERN = /%0?(\d*)d/;

/** The file as an ffmpeg URL. */
export function fileUrl(path: string): string {
  return `file:${path}`;
}

/**
 * Looks at a path before ffmpeg does, for errors that name the real cause.
 * @param path `-` for stdin
 * @throws BodyscriptError `INPUT_MISSING`, `INPUT_NOT_A_FILE`, `INPUT_NOT_STREAMABLE`, `INPUT_EMPTY`, `INPUT_UNREADABLE`, `INPUT_DAMAGED`
 */
export async function openSource(path: string, options: SourceOptions = {}): Promise<VideoSource> {
  const { inputFormat } = options;
  const format = inputFormat === undefined ? [] : ['-f', inputFormat];
  if (isPiped(path)) return openStdin(format);
  const source = await openFiles(path, options.sequenceFps ?? DEFAULT_SEQUENCE_FPS);
  return { ...source, openOptions: [...source.openOptions, ...format] };
}

/** @throws BodyscriptError `INPUT_MISSING` on a terminal, `INPUT_EMPTY`, `INPUT_NOT_STREAMABLE` */
async function openStdin(openOptions: readonly string[]): Promise<VideoSource> {
  if (process.stdin.isTTY) {
    throw new BodyscriptError('INPUT_MISSING', '-: stdin is a terminal, and brings no video', {
      remedy: 'Pipe one in: ffmpeg -i camera.mov -c copy -f matroska - | bodyscript analyze -',
    });
  }
  const pipe = new PipedInput(process.stdin);
  await pipe.begin();
  return { path: '-', url: 'pipe:0', openOptions, files: [], bytes: 0, stem: 'stdin', pipe };
}

async function openFiles(path: string, fps: number): Promise<VideoSource> {
  let stats: Stats;
  try {
    stats = await stat(path);
  } catch (cause) {
    const code = systemErrorCode(cause);
    if (isAddress(path)) throw addressError(path, cause);
    if (code === 'ENOENT' && SEQUENCE_PATTERN.test(basename(path))) return openSequence(path, fps);
    if (code === 'EACCES') throw unreadable(path, cause);
    const problem = code === 'ENOENT' || code === 'ENOTDIR' ? 'no such file' : `cannot be opened (${code})`;
    throw new BodyscriptError('INPUT_MISSING', `${path}: ${problem}`, {
      cause,
      remedy: 'Check the spelling of the path; quote names with spaces.',
    });
  }
  checkKind(path, stats);
  await access(path, constants.R_OK).catch(cause => {
    throw unreadable(path, cause);
  });
  return {
    path,
    url: fileUrl(path),
    openOptions: isPicture(path) ? ['-pattern_type', 'none', '-f', 'image2'] : [],
    files: [resolve(path)],
    bytes: stats.size,
    stem: basename(path, extname(path)) || basename(path),
    pipe: undefined,
  };
}

/** Nothing is fetched; and an address may hold a signature or a password, which must not be told. */
function addressError(path: string, cause: unknown): BodyscriptError {
  return new BodyscriptError('INPUT_MISSING', `${withoutSecrets(path)}: is an address, not a file`, {
    cause: new Error(systemErrorCode(cause)), // Its own message has the whole address.
    remedy: 'Download it first, or pipe it in: curl -L ADDRESS | bodyscript analyze -',
  });
}

/** A file called `frame_%04d.png` in earnest must not be taken for a pattern. */
function isPicture(path: string): boolean {
  return SEQUENCE_PATTERN.test(basename(path)) && /\.(png|jpe?g|webp|bmp|tiff?)$/i.test(path);
}

function unreadable(path: string, cause: unknown): BodyscriptError {
  return new BodyscriptError('INPUT_UNREADABLE', `${path}: no permission to read it`, {
    cause,
    remedy: `Change its permissions (chmod +r) or run as a user who may read it.`,
  });
}

function checkKind(path: string, stats: Stats): void {
  if (stats.isDirectory()) {
    throw new BodyscriptError('INPUT_NOT_A_FILE', `${path}: is a folder, not a video`, {
      remedy: 'Name a video in it, or numbered pictures as "folder/frame_%04d.png".',
    });
  }
  if (!stats.isFile()) {
    throw new BodyscriptError('INPUT_NOT_A_FILE', `${path}: is a device or a pipe, not a file`, {
      remedy: 'Pipe it in: bodyscript analyze - < PIPE, or record it to a file first.',
    });
  }
  if (stats.size === 0) {
    throw new BodyscriptError('INPUT_EMPTY', `${path}: the file is empty (0 bytes)`, {
      remedy: 'Copy or record it again.',
    });
  }
}

/**
 * What the outputs of a video are called: `walk` for `walk.mp4`, `frame` for `frame_%04d.png`.
 * @param folder absolute path of the folder that it lies in, which names pictures that are numbers only
 */
export function stemOf(name: string, folder: string): string {
  const [before, , after] = splitPattern(name);
  if (after === undefined) return basename(name, extname(name)) || name;
  return basename(`${before}${after}`, extname(`x${after}`)).replace(/[_\-. ]+$/, '') || basename(folder);
}

/** `dir/frame_%04d.png`: all numbers from the lowest on; a gap is an error, since ffmpeg would stop there and say nothing. */
async function openSequence(pattern: string, fps: number): Promise<VideoSource> {
  const folder = dirname(pattern);
  const [before = '', width = '', after = ''] = splitPattern(basename(pattern));
  const digits = width === '' ? '\\d+' : `\\d{${Number(width)},}`;
  const matcher = new RegExp(`^${escapeRegExp(before)}(${digits})${escapeRegExp(after)}$`);
  const names = await readdir(folder).catch(() => [] as string[]);
  const numbered = names
    .map(name => ({ name, number: Number(matcher.exec(name)?.[1] ?? Number.NaN) }))
    .filter(({ number }) => Number.isInteger(number))
    .sort((a, b) => a.number - b.number);
  const first = numbered[0];
  if (!first) {
    throw new BodyscriptError('INPUT_MISSING', `${pattern}: no picture matches the pattern`, {
      remedy: 'The pattern needs the number of digits of the files, as %04d for frame_0001.png.',
    });
  }
  const gap = numbered.findIndex(({ number }, index) => number !== first.number + index);
  if (gap > 0) {
    const missing = first.number + gap;
    throw new BodyscriptError(
      'INPUT_DAMAGED',
      `${pattern}: picture number ${missing} is missing, later ones are there`,
      {
        remedy: 'Put it back, or renumber the pictures without a gap.',
      },
    );
  }
  const files = numbered.map(({ name }) => resolve(folder, name));
  const sizes = await Promise.all(files.map(async file => (await stat(file)).size));
  return {
    path: pattern,
    url: fileUrl(pattern),
    openOptions: ['-f', 'image2', '-framerate', String(fps), '-start_number', String(first.number)],
    files,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    stem: stemOf(basename(pattern), resolve(folder)),
    pipe: undefined,
  };
}

function splitPattern(name: string): readonly (string | undefined)[] {
  const match = SEQUENCE_PATTERN.exec(name);
  if (!match) return [name];
  return [name.slice(0, match.index), match[1], name.slice(match.index + match[0].length)];
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
