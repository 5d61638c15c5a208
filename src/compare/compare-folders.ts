import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BodyscriptError } from '../errors.js';
import { compareFiles } from './compare-files.js';
import type { CompareLimits, Comparison } from './comparison.js';
import { pairNames } from './pair-names.js';
import { tablesBelow } from './tables-below.js';

/** The differences between two folders or files. */
export interface SetComparison {
  readonly passed: boolean;
  readonly files: readonly Comparison[];
  /** Relative to the folders: golden files without a new one, and new files without a golden one. */
  readonly lost: readonly string[];
  readonly added: readonly string[];
}

/**
 * Compares two files, or all landmark files below two folders by name.
 * @param options.mayBeEmpty whether the golden folder may have no table yet, as before the first `--update`
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`
 */
export async function compareSets(
  golden: string,
  fresh: string,
  limits: CompareLimits,
  { mayBeEmpty = false } = {},
): Promise<SetComparison> {
  const [isGoldenFolder, isFreshFolder] = await Promise.all([isFolder(golden), isFolder(fresh)]);
  if (isGoldenFolder !== isFreshFolder) {
    throw new BodyscriptError('INPUT_MISSING', `${golden} and ${fresh}: one is a folder, the other a file`, {
      remedy: 'Give two files or two folders.',
    });
  }
  if (!isGoldenFolder) {
    const comparison = await compareFiles(golden, fresh, limits);
    return { passed: comparison.passed, files: [comparison], lost: [], added: [] };
  }
  const [ours, theirs] = await Promise.all([tablesBelow(golden, fresh), tablesBelow(fresh, golden)]);
  if (ours.length === 0 && !mayBeEmpty) {
    throw new BodyscriptError('INPUT_MISSING', `${golden}: contains no landmark tables`, {
      remedy: 'Accept the new tables as golden ones with --update, or give another folder.',
    });
  }
  const files: Comparison[] = [];
  const { pairs, lost, added } = pairNames(ours, theirs);
  for (const [name, other] of pairs) {
    files.push(await compareFiles(join(golden, name), join(fresh, other), limits));
  }
  // A new clip without a golden table is not a regression.
  return { passed: lost.length === 0 && files.every(({ passed }) => passed), files, lost, added };
}

/**
 * Checks that files or folders exist, before anything is written.
 * @throws BodyscriptError `INPUT_MISSING`
 */
export async function checkPlaces(places: readonly string[]): Promise<void> {
  for (const place of places) await isFolder(place);
}

/** Checks the golden file or folder, which `--update` creates. @throws BodyscriptError `INPUT_MISSING` */
export async function checkGolden(golden: string): Promise<void> {
  await isFolder(golden, 'Check the spelling of the path; --update creates a golden file from the new one.');
}

/** @throws BodyscriptError `INPUT_MISSING` */
export async function isFolder(path: string, remedy = 'Check the spelling of the path.'): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats) throw new BodyscriptError('INPUT_MISSING', `${path}: no such file or folder`, { remedy });
  return stats.isDirectory();
}

/** All tables that a comparison of files or folders reads. */
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
