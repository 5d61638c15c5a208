import { mkdirSync, statSync } from 'node:fs';
import { mkdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { systemErrorCode } from '../errors.js';

/** The folders above a path, the nearest first, the path itself before them. */
function* upwards(path: string): Generator<string> {
  let current = resolve(path);
  for (;;) {
    yield current;
    const parent = dirname(current);
    if (parent === current) return;
    current = parent;
  }
}

const isMissing = (error: unknown) => systemErrorCode(error) === 'ENOENT';

function notAFolder(path: string): Error {
  return Object.assign(new Error(`${path}: is not a folder`), { code: 'ENOTDIR', path });
}

/**
 * Makes a folder and those above it, where they are missing. Node's own `mkdir` with `recursive` never ends where the
 * system refuses a folder with ENOENT, as in /proc.
 * @param mode of the folders that are made
 * @throws the system's own error
 */
export async function makeFolder(folder: string, mode = 0o777): Promise<void> {
  const missing: string[] = [];
  for (const path of upwards(folder)) {
    const stats = await stat(path).catch(error => {
      if (!isMissing(error)) throw error;
    });
    if (stats && !stats.isDirectory()) throw notAFolder(path);
    if (stats) break;
    missing.unshift(path);
  }
  for (const path of missing) {
    await mkdir(path, { mode }).catch(async error => {
      // Somebody else was faster, or it is a link that leads nowhere.
      if (systemErrorCode(error) !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error;
    });
  }
}

/** The same at once. @throws the system's own error */
export function makeFolderSync(folder: string): void {
  const missing: string[] = [];
  for (const path of upwards(folder)) {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats && !stats.isDirectory()) throw notAFolder(path);
    if (stats) break;
    missing.unshift(path);
  }
  for (const path of missing) {
    try {
      mkdirSync(path);
    } catch (error) {
      if (systemErrorCode(error) !== 'EEXIST' || !statSync(path).isDirectory()) throw error;
    }
  }
}

/** Where a path truly lies, all links followed, also where its last parts do not exist yet. */
export async function realPlace(path: string): Promise<string> {
  const missing: string[] = [];
  for (const part of upwards(path)) {
    const real = await realpath(part).catch(() => undefined);
    if (real !== undefined) return join(real, ...missing);
    missing.unshift(basename(part));
  }
  return resolve(path);
}
