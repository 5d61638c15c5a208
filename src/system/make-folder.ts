import { mkdirSync, statSync } from 'node:fs';
import { mkdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { systemErrorCode } from '../errors.js';

/** The folders above a path, the nearest first, preceded by the path itself. */
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
 * Creates a folder and its absent parents. Node's own `mkdir` with `recursive` never ends if the system rejects a
 * folder with ENOENT, as in /proc.
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
      // Another process was faster, or it is a broken link.
      if (systemErrorCode(error) !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error;
    });
  }
}

/** The same, synchronously. @throws the system's own error */
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

/** The real location of a path, all links followed, even if its last parts do not exist yet. */
export async function realPlace(path: string): Promise<string> {
  const missing: string[] = [];
  for (const part of upwards(path)) {
    const real = await realpath(part).catch(() => undefined);
    if (real !== undefined) return join(real, ...missing);
    missing.unshift(basename(part));
  }
  return resolve(path);
}
