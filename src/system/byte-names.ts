import { isUtf8 } from 'node:buffer';
import { lstatSync, readdirSync } from 'node:fs';

/**
 * Names of files are bytes on Linux, and old ones are Latin-1 or Shift JIS, which no string holds. Such a name is
 * written with escapes here, `Fu\xdfball.mp4`, and `systemPath` gives the bytes back for whatever opens it.
 */
const ESCAPED = /\\x([89a-f][0-9a-f])/gi;
/** What stands in a string for bytes that are no UTF-8: Node reads arguments and lists so. */
const LOST = '\ufffd';
const FIRST_BEYOND_ASCII = 0x80;

/** A name as it is shown, and taken back by `systemPath`. */
export function shownName(name: Buffer): string {
  if (isUtf8(name)) return name.toString('utf8');
  return [...name]
    .map(byte => (byte < FIRST_BEYOND_ASCII ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`))
    .join('');
}

/**
 * A path for the system: bytes where a name in it is no UTF-8. What is found as it stands, or means several files, is
 * left so.
 */
export function systemPath(path: string): string | Buffer {
  if (!(path.includes(LOST) || path.search(ESCAPED) >= 0) || exists(path)) return path;
  if (path.includes(LOST)) {
    const [found, ...others] = candidates(path);
    return found === undefined || others.length > 0 ? path : systemPath(found);
  }
  const bytes = Buffer.from(
    path.replace(ESCAPED, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
  return exists(bytes) ? bytes : path;
}

/**
 * The files that a path may mean in which bytes were lost, with escapes; the path itself where there is no such file,
 * or nothing was lost. There are several where names differ in lost bytes alone.
 */
export function pathsOfLost(path: string): readonly string[] {
  if (!path.includes(LOST) || exists(path)) return [path];
  const found = candidates(path);
  return found.length > 0 ? found : [path];
}

function candidates(path: string): string[] {
  let places = [''];
  for (const [depth, part] of path.split('/').entries()) {
    const slash = depth === 0 ? '' : '/';
    places = places.flatMap(place => {
      const names = part.includes(LOST) ? namesLike(part, place || (depth === 0 ? '.' : '/')) : [part];
      return names.map(name => `${place}${slash}${name}`);
    });
  }
  return places.filter(place => exists(systemPath(place)));
}

function namesLike(lost: string, folder: string): string[] {
  try {
    const names = readdirSync(systemPath(folder), { encoding: 'buffer' });
    return names.filter(name => name.toString('utf8') === lost).map(shownName);
  } catch {
    return [];
  }
}

function exists(path: string | Buffer): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
