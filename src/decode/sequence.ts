import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { BodyscriptError } from '../errors.js';
import { linkAround } from './absent-pictures.js';

/** Pictures of one folder with rising numbers, as ffmpeg opens them. */
export interface NumberedPictures extends AsyncDisposable {
  readonly path: string;
  readonly url: string;
  readonly openOptions: readonly string[];
  readonly files: readonly string[];
  readonly bytes: number;
  readonly stem: string;
}

const SEQUENCE_PATTERN = /%0?(\d*)d/;
const SEQUENCE = ['-f', 'image2', '-pattern_type', 'sequence'];

/** Whether a path's last part is a pattern for numbered pictures. */
export function isSequencePattern(path: string): boolean {
  return SEQUENCE_PATTERN.test(basename(path));
}

/**
 * The base name of a video's outputs: `walk` for `walk.mp4`, `frame` for `frame_%04d.png`.
 * @param folder absolute path of its folder, which names pictures that are numbers only
 */
export function stemOf(name: string, folder: string): string {
  const [before, , after] = splitPattern(name);
  if (after === undefined) return basename(name, extname(name)) || name;
  return basename(`${before}${after}`, extname(`x${after}`)).replace(/[_\-. ]+$/, '') || basename(folder);
}

/**
 * `dir/frame_%04d.png`: all numbers from the lowest upwards; a gap is an error, since ffmpeg would silently stop there.
 */
export async function openSequence(pattern: string, fps: number): Promise<NumberedPictures> {
  const folder = dirname(pattern);
  const [before = '', width = '', after = ''] = splitPattern(basename(pattern));
  // Any other `%` is an ordinary character.
  const plain = (text: string) => text.replaceAll('%', '%%');
  const place = basename(pattern) === pattern ? '' : pattern.slice(0, -basename(pattern).length);
  const number = basename(pattern).slice(before.length, basename(pattern).length - after.length);
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
      remedy: 'Check the name and the number of digits: %04d for frame_0001.png.',
    });
  }
  const gap = numbered.findIndex(({ number }, index) => number !== first.number + index);
  if (gap > 0) {
    const missing = first.number + gap;
    throw new BodyscriptError(
      'INPUT_DAMAGED',
      `${pattern}: picture number ${missing} is missing, but later ones exist`,
      {
        remedy: 'Restore it, or renumber the pictures without a gap.',
      },
    );
  }
  const files = numbered.map(({ name }) => resolve(folder, name));
  const sizes = await Promise.all(files.map(async file => (await stat(file)).size));
  // Where links cannot be made, ffmpeg stops at the first empty picture.
  const links = sizes.includes(0) ? await linkAround(files, sizes).catch(() => undefined) : undefined;
  const start = links ? 0 : first.number;
  return {
    path: pattern,
    url: links?.url ?? `file:${plain(place + before)}${number}${plain(after)}`,
    openOptions: [...SEQUENCE, '-framerate', String(fps), '-start_number', String(start)],
    [Symbol.asyncDispose]: async () => links?.[Symbol.asyncDispose](),
    files,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    stem: stemOf(basename(pattern), resolve(folder)),
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
