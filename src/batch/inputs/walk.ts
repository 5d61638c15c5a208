import { realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { patternOf } from '../../decode/picture-pattern.js';
import { systemErrorCode } from '../../errors.js';
import { systemPath } from '../../system/byte-names.js';
import type { OwnOutputs } from './own-outputs.js';
import type { PassedOver } from './passed-over.js';
import { proxiesAmong } from './proxies.js';
import { type FolderEntry, readFolder } from './read-folder.js';
import { kindOfFile } from './video-files.js';
import type { Wanted } from './wanted.js';

export interface WalkOptions extends Wanted {
  /** The files that a pattern selects; others are not even counted. Undefined: all. */
  readonly isAsked?: (relative: string) => boolean;
  /** Whether to include files and folders whose name begins with a dot. */
  readonly hidden: boolean;
  /** Whether to follow symbolic links. */
  readonly follow: boolean;
  /** A folder to skip: the one for results. */
  readonly outDir: string;
  /** Files that earlier runs wrote are not videos to analyse. */
  readonly own: OwnOutputs;
}

const NONE: ReadonlySet<string> = new Set();
const UNREADABLE_KEPT = 100;

/**
 * The selected files below a folder, in the order of their names, as relative paths with slashes. Only one folder per
 * level is in memory; with `follow`, a link to a folder that contains it is skipped.
 */
export async function* walk(root: string, options: WalkOptions, passed: PassedOver): AsyncGenerator<string> {
  yield* walkFolder(root, '', options, passed, [await realpath(systemPath(root)).catch(() => root)]);
}

async function* walkFolder(
  root: string,
  folder: string,
  options: WalkOptions,
  passed: PassedOver,
  ancestors: readonly string[],
): AsyncGenerator<string> {
  const entries = await entriesOf(join(root, folder), passed);
  const proxies = proxiesOf(entries, options);
  for (const entry of entries) {
    const relative = folder === '' ? entry.name : `${folder}/${entry.name}`;
    const path = join(root, relative);
    const reason = reasonToPass(entry, relative, options);
    if (reason) {
      passed[reason]++;
      continue;
    }
    if (await isFolder(entry, path)) {
      if (await isSameFolder(path, options.outDir)) continue;
      const real = await realPathOf(entry, path, ancestors);
      yield* walkUnlessAround(root, relative, options, passed, ancestors, real);
    } else if (proxies.has(entry.name)) passed.proxies++;
    else if (await isToAnalyze(relative, path, options, passed)) yield relative;
  }
}

/** By inode as well: `Results` and `results` are one folder on Windows and macOS. */
async function isSameFolder(a: string, b: string): Promise<boolean> {
  if (resolve(a) === resolve(b)) return true;
  try {
    const [one, other] = await Promise.all([a, b].map(path => stat(systemPath(path), { bigint: true })));
    return one?.ino === other?.ino && one?.dev === other?.dev;
  } catch {
    return false; // The folder for results is still to be made.
  }
}

/** Walks a folder unless it is one of its own ancestors, which links can cause. */
async function* walkUnlessAround(
  root: string,
  folder: string,
  options: WalkOptions,
  passed: PassedOver,
  ancestors: readonly string[],
  real: string,
): AsyncGenerator<string> {
  if (ancestors.includes(real)) passed.links++;
  else yield* walkFolder(root, folder, options, passed, [...ancestors, real]);
}

/** Why an entry, folder or not, is skipped by name or type; undefined if it is not. */
function reasonToPass(
  entry: FolderEntry,
  relative: string,
  options: WalkOptions,
): 'hidden' | 'excluded' | 'links' | undefined {
  if (entry.name.startsWith('.') && !options.hidden) return 'hidden';
  if (options.isExcluded(relative)) return 'excluded';
  return entry.isSymbolicLink() && !options.follow ? 'links' : undefined;
}

/** The real path of a folder: below the last of its ancestors, or the target of its link. */
async function realPathOf(entry: FolderEntry, path: string, ancestors: readonly string[]): Promise<string> {
  if (!entry.isSymbolicLink()) return join(ancestors.at(-1) ?? '', entry.name);
  return realpath(systemPath(path)).catch(() => path);
}

function passOver(path: string, passed: PassedOver): void {
  passed.notVideo++;
  passed.numbered ??= patternOf(path);
}

async function entriesOf(path: string, passed: PassedOver): Promise<FolderEntry[]> {
  try {
    return await readFolder(path);
  } catch (error) {
    if (passed.unreadable.length < UNREADABLE_KEPT) passed.unreadable.push(`${path} (${systemErrorCode(error)})`);
    return [];
  }
}

function proxiesOf(entries: readonly FolderEntry[], { byContent }: WalkOptions): ReadonlySet<string> {
  return byContent ? proxiesAmong(entries.map(({ name }) => name)) : NONE;
}

async function isToAnalyze(relative: string, path: string, options: WalkOptions, passed: PassedOver): Promise<boolean> {
  if (options.isAsked?.(relative) === false) return false;
  if (!options.isWanted(relative)) {
    passOver(path, passed);
    return false;
  }
  if (await options.own.has(path)) {
    passed.outputs++;
    return false;
  }
  if (!options.byContent) return true;
  const kind = await kindOfFile(path);
  if (kind === 'text') passed.text++;
  else if (kind === 'other') passOver(path, passed);
  return kind === 'video';
}

async function isFolder(entry: FolderEntry, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return stat(systemPath(path)).then(
    stats => stats.isDirectory(),
    () => false,
  );
}
