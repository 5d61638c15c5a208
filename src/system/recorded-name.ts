import { basename, win32 } from 'node:path';

/**
 * The file name of a path in a run record. Results move between machines, and a path of Windows has backslashes, which
 * elsewhere are part of a name.
 * @param platform of the record's `tool`, such as `win32-x64`; undefined: this system's
 */
export function recordedName(path: string, platform: unknown = process.platform): string {
  return typeof platform === 'string' && platform.startsWith('win32') ? win32.basename(path) : basename(path);
}
