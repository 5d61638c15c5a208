import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { BodyscriptError, fromSystemError, systemErrorCode } from '../errors.js';
import type { Orientation, PictureTurn } from '../model/frame.js';
import { systemPath } from '../system/byte-names.js';
import { sha256OfFiles, sha256OfHandle } from '../system/file-hash.js';
import { fittingName } from '../system/fitting-name.js';
import { INHERITED_PATH } from '../system/leash.js';
import { isAddress, withoutSecrets } from '../text/url.js';
import { exifOrientation } from './exif.js';
import { likeNamedRemedy } from './like-named.js';
import { DEFAULT_MAX_PIXELS, type Limited, limitOptions } from './limits.js';
import { isKnownByName, mayBePattern, SINGLE_PICTURE } from './named-pictures.js';
import { turnsOf } from './picture-turns.js';
import { PipedInput } from './piped-input.js';
import { rawKind, rawOptions } from './raw-stream.js';
import { isSequencePattern, type NumberedPictures, openSequence } from './sequence.js';

/** A source that ffmpeg can open as one video: a file, or numbered pictures. Dispose of it after reading. */
export interface VideoSource extends Limited, AsyncDisposable {
  /** As the user gave it. */
  readonly path: string;
  /**
   * For `-i`. This process opens a file once and its children inherit it: probing, hashing and decoding read the same
   * video, and no program learns its name. Where that is impossible, a name with the `file:` protocol, so that `-i.mp4`
   * or `concat:x` is only a name.
   */
  readonly url: string;
  /** The open file that children need for `url`. */
  readonly descriptor: number | undefined;
  /** ffmpeg options that must precede `-i`: permitted protocols, limits, format. */
  readonly openOptions: readonly string[];
  /** The files that make up the source, in order. */
  readonly files: readonly string[];
  /** Sum of the files' sizes in bytes. */
  readonly bytes: number;
  /** When its file was last written, in milliseconds since 1970; undefined for several files or a pipe. */
  readonly modified: number | undefined;
  /** Base name for outputs, such as `walk` for `dir/walk.mp4`. */
  readonly stem: string;
  /** The pipe that supplies its bytes, for stdin. */
  readonly pipe: PipedInput | undefined;
  /** How to rotate a photo, which ffprobe does not report; the first one's for numbered photos. */
  readonly orientation: Orientation | undefined;
  /** Numbered photos with another rotation. */
  readonly turns: readonly PictureTurn[];
  /** The first bytes of a file. */
  readonly head: Buffer;
  /** SHA-256 of all its bytes; a pipe computes its own. */
  sha256(signal?: AbortSignal): Promise<string>;
}

/** How a source is opened. */
export interface OpenSourceOptions {
  /** Frames per second of numbered pictures, and of raw streams without times. */
  readonly sequenceFps?: number;
  /** ffmpeg's name of the container, if the bytes do not reveal it. */
  readonly inputFormat?: string | undefined;
  /** Maximum pixels of a picture. */
  readonly maxPixels?: number;
}

/** Whether a path stands for stdin. */
export function isPiped(path: string): boolean {
  return path === '-';
}

/** An image sequence carries no times; ffmpeg's own default rate. */
export const DEFAULT_SEQUENCE_FPS = 25;

/**
 * Containers that hold their own pictures. Playlists and scripts (hls, concat, dash, sdp...) are excluded on purpose:
 * disguised as a video, they would make ffmpeg read other files.
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

/** Restricts ffmpeg and ffprobe to the given file. */
const CONFINEMENT: readonly string[] = ['-protocol_whitelist', 'file,pipe', '-format_whitelist', CONTAINERS];

/**
 * For a stream that is still being written: ffmpeg would read on for five seconds for facts that the first frames
 * mostly hold, and guess a rate, which nothing here depends on.
 */
export const HASTY: readonly string[] = ['-fpsprobesize', '0', '-analyzeduration', '500000'];

/** Fields common to every opened source. */
type Opened = Omit<VideoSource, 'maxPixels'>;

/**
 * Checks a path before ffmpeg does, for errors that name the real cause, and opens it.
 * @param path `-` for stdin
 * @throws BodyscriptError `INPUT_MISSING`, `INPUT_NOT_A_FILE`, `INPUT_NOT_STREAMABLE`, `INPUT_EMPTY`,
 * `INPUT_UNREADABLE`, `INPUT_DAMAGED`
 */
export async function openSource(path: string, options: OpenSourceOptions = {}): Promise<VideoSource> {
  const { inputFormat, sequenceFps = DEFAULT_SEQUENCE_FPS, maxPixels = DEFAULT_MAX_PIXELS } = options;
  const opened = isPiped(path) ? await openStdin() : await openFiles(path, sequenceFps);
  const raw = rawKind(path, opened.head, inputFormat);
  const named = inputFormat === undefined ? [] : ['-f', inputFormat];
  const format = raw === undefined ? named : rawOptions(raw, sequenceFps);
  const openOptions = [...CONFINEMENT, ...limitOptions(maxPixels), ...opened.openOptions, ...format];
  return { ...opened, openOptions, maxPixels };
}

/** The base name of a path's outputs. @throws BodyscriptError as `openSource` does */
export async function stemOfSource(path: string, options: OpenSourceOptions = {}): Promise<string> {
  await using source = await openSource(path, options);
  return source.stem;
}

/** @throws BodyscriptError `INPUT_MISSING` on a terminal, `INPUT_EMPTY`, `INPUT_NOT_STREAMABLE` */
async function openStdin(): Promise<Opened> {
  if (process.stdin.isTTY) {
    throw new BodyscriptError('INPUT_MISSING', '-: stdin is a terminal, not a video', {
      remedy: 'Pipe a video in: ffmpeg -i camera.mov -c copy -f matroska - | bodyscript analyze -',
    });
  }
  const pipe = new PipedInput(process.stdin);
  await pipe.begin();
  const named = { path: '-', url: 'pipe:0', descriptor: undefined, openOptions: [], stem: 'stdin' };
  return { ...named, ...unopened([]), files: [], bytes: 0, modified: undefined, pipe };
}

/** The fields of a source whose files are not open. */
function unopened(
  files: readonly string[],
): Pick<VideoSource, 'head' | 'orientation' | 'turns' | 'sha256' | typeof Symbol.asyncDispose> {
  return {
    orientation: undefined,
    turns: [],
    head: Buffer.alloc(0),
    sha256: signal => sha256OfFiles(files, signal),
    [Symbol.asyncDispose]: async () => {},
  };
}

async function openFiles(path: string, fps: number): Promise<Opened> {
  let stats: Stats;
  try {
    stats = await stat(systemPath(path));
  } catch (cause) {
    const code = systemErrorCode(cause);
    if (isAddress(path)) throw addressError(path, cause);
    if (code === 'ENOENT' && isSequencePattern(path)) return openPictures(await openSequence(path, fps));
    throw cannotOpen(path, cause, code === 'ENOENT' ? await likeNamedRemedy(path) : undefined);
  }
  checkKind(path, stats); // Merely opening a device may have effects.
  const handle = await openFile(path);
  try {
    const now = await handle.stat();
    checkKind(path, now);
    const { buffer } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const file = openedFile(path, handle, buffer);
    return { ...file, orientation: await exifOrientation(handle), bytes: now.size, modified: now.mtimeMs };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openPictures({ files, ...pictures }: NumberedPictures): Promise<Opened> {
  const common = { modified: undefined, descriptor: undefined, pipe: undefined, files, ...unopened(files) };
  const dispose = { [Symbol.asyncDispose]: pictures[Symbol.asyncDispose] };
  return { ...pictures, ...common, ...dispose, ...(await turnsOf(files, openFile)) };
}

/** Reads enough to recognise the kind of file. */
const HEAD_BYTES = 64;

function openedFile(
  path: string,
  handle: FileHandle,
  head: Buffer,
): Omit<Opened, 'bytes' | 'modified' | 'orientation'> {
  const isNamed = isKnownByName(path, head);
  const inherited = isNamed ? undefined : INHERITED_PATH;
  const isPattern = inherited === undefined && mayBePattern(path);
  return {
    path,
    url: `file:${inherited ?? path}`,
    descriptor: inherited === undefined ? undefined : handle.fd,
    openOptions: isNamed || isPattern ? SINGLE_PICTURE : [],
    files: [resolve(path)],
    stem: fittingName(basename(path, extname(path)) || basename(path)),
    pipe: undefined,
    turns: [],
    head,
    sha256: signal => sha256OfHandle(handle, signal),
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

/** URLs are never fetched; they may hold a signature or a password, which must not be printed. */
function addressError(path: string, cause: unknown): BodyscriptError {
  return new BodyscriptError('INPUT_MISSING', `${withoutSecrets(path)}: is a URL, not a file`, {
    cause: new Error(systemErrorCode(cause)), // The message of `new URL` contains the whole address.
    remedy: remedyForUrl(path),
  });
}

function remedyForUrl(url: string): string {
  if (/^file:/i.test(url)) return 'Give its path, without file://.';
  if (/^(https?|ftps?):/i.test(url)) return 'Download it first, or pipe it in: curl -L URL | bodyscript analyze -';
  if (/^(smb|cifs|nfs|afp|s3|gs|sftp|scp|ssh):/i.test(url)) return 'Copy it to this machine, or mount it as a folder.';
  return 'Pipe it in: ffmpeg -i URL -c copy -f matroska - | bodyscript analyze -';
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    // If a pipe has replaced the file meanwhile, opening would wait for a writer.
    return await open(systemPath(path), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    throw cannotOpen(path, cause);
  }
}

function cannotOpen(path: string, cause: unknown, likeNamed?: string): BodyscriptError {
  const code = systemErrorCode(cause);
  if (code === 'EACCES' || code === 'EPERM') return unreadable(path, cause);
  const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
  const refusal = isMissing ? undefined : fromSystemError(cause, path);
  if (refusal) return refusal;
  const problem = isMissing ? 'no such file' : `cannot be opened (${code})`;
  return new BodyscriptError('INPUT_MISSING', `${path}: ${problem}`, {
    cause,
    remedy: path.includes('\ufffd')
      ? 'Its name is not valid UTF-8: give the folder that contains it.'
      : (likeNamed ?? 'Check the spelling of the path; quote names with spaces.'),
  });
}

function unreadable(path: string, cause: unknown): BodyscriptError {
  return new BodyscriptError('INPUT_UNREADABLE', `${path}: no permission to read it`, {
    cause,
    remedy: 'Change its permissions (chmod +r FILE), or run as a user who may read it.',
  });
}

function checkKind(path: string, stats: Stats): void {
  if (stats.isDirectory()) {
    throw new BodyscriptError('INPUT_NOT_A_FILE', `${path}: is a folder, not a video`, {
      remedy: 'Give a video in it, or numbered pictures as "folder/frame_%04d.png".',
    });
  }
  if (!stats.isFile()) {
    throw new BodyscriptError('INPUT_NOT_A_FILE', `${path}: is a device or a pipe, not a file`, {
      remedy: 'Pipe it in (bodyscript analyze - < PIPE), or record it to a file first.',
    });
  }
  if (stats.size === 0) {
    throw new BodyscriptError('INPUT_EMPTY', `${path}: the file is empty (0 bytes)`, {
      remedy: 'Copy or record it again.',
    });
  }
}
