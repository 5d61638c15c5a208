import { isUtf8 } from 'node:buffer';
import { lstatSync, readdirSync } from 'node:fs';

/**
 * File names are bytes on Linux, and old ones are Latin-1 or Shift JIS, which strings cannot hold. Here such a name is
 * written with escapes, `Fu\xdfball.mp4`, and `systemPath` returns its bytes for opening.
 */
const ESCAPED = /\\x([89a-f][0-9a-f])/gi;
/** Stands in a string for bytes that are not UTF-8: Node decodes arguments and folder listings this way. */
const LOST = '\ufffd';
const FIRST_BEYOND_ASCII = 0x80;

/** A name in its displayed form, which `systemPath` accepts. */
export function shownName(name: Buffer): string {
  if (isUtf8(name)) return name.toString('utf8');
  return [...name]
    .map(byte => (byte < FIRST_BEYOND_ASCII ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`))
    .join('');
}

/**
 * A path for the system: bytes if a name in it is not UTF-8. A path that exists as written, or matches several files,
 * is unchanged.
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
 * The files that a path with lost bytes may mean, with escapes; the path itself if there is no such file, or no bytes
 * were lost. There are several if names differ only in lost bytes.
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
