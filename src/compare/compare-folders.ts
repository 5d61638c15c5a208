import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { BodyscriptError } from '../errors.js';
import { compareFiles } from './compare-files.js';
import type { CompareLimits, Comparison } from './comparison.js';
import { pairNames } from './pair-names.js';

const TABLE = /\.(csv|ndjson)$/;
/** Tables of the program that hold no landmarks. */
const NO_LANDMARKS = /\.(attempts\.ndjson|angles\.csv)$/;

/** How two folders, or two files, differ. */
export interface SetComparison {
  readonly passed: boolean;
  readonly files: readonly Comparison[];
  /** Relative to the folders: golden files without a new one, and the other way round. */
  readonly lost: readonly string[];
  readonly added: readonly string[];
}

/**
 * Compares two files, or all landmark files below two folders by their names.
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`
 */
export async function compareSets(golden: string, fresh: string, limits: CompareLimits): Promise<SetComparison> {
  const [isGoldenFolder, isFreshFolder] = await Promise.all([isFolder(golden), isFolder(fresh)]);
  if (isGoldenFolder !== isFreshFolder) {
    throw new BodyscriptError('INPUT_MISSING', `${golden} and ${fresh}: one is a folder, the other a file`, {
      remedy: 'Name two files or two folders.',
    });
  }
  if (!isGoldenFolder) {
    const comparison = await compareFiles(golden, fresh, limits);
    return { passed: comparison.passed, files: [comparison], lost: [], added: [] };
  }
  const [ours, theirs] = await Promise.all([tablesBelow(golden), tablesBelow(fresh)]);
  if (ours.length === 0) {
    throw new BodyscriptError('INPUT_MISSING', `${golden}: holds no landmark tables`, {
      remedy: 'Make some: bodyscript analyze CLIPS -o FOLDER --no-overlay.',
    });
  }
  const files: Comparison[] = [];
  const { pairs, lost, added } = pairNames(ours, theirs);
  for (const [name, other] of pairs) {
    files.push(await compareFiles(join(golden, name), join(fresh, other), limits));
  }
  // A new clip has no golden table yet: that is no regression.
  return { passed: lost.length === 0 && files.every(({ passed }) => passed), files, lost, added };
}

/**
 * Looks whether files or folders are there, before anything is made for what comes of them.
 * @throws BodyscriptError `INPUT_MISSING`
 */
export async function checkPlaces(places: readonly string[]): Promise<void> {
  for (const place of places) await isFolder(place);
}

async function isFolder(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats)
    throw new BodyscriptError('INPUT_MISSING', `${path}: no such file or folder`, { remedy: 'Check the path.' });
  return stats.isDirectory();
}

/** The tables that a comparison of two files or folders reads. */
export async function tablesOf(places: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const place of places) {
    const isDirectory = await stat(place).then(
      stats => stats.isDirectory(),
      () => false,
    );
    if (!isDirectory) found.push(place);
    else found.push(...(await tablesBelow(place)).map(name => join(place, name)));
  }
  return found;
}

async function tablesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter(entry => entry.isFile() && TABLE.test(entry.name) && !NO_LANDMARKS.test(entry.name))
    .map(entry => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter(name => !name.startsWith('.'))
    .sort();
}
