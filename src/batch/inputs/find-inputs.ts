import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, normalize, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { stemOf } from '../../decode/sequence.js';
import { isBucketAddress, refuseMistyped } from '../../storage/address.js';
import { pathsOfLost, systemPath } from '../../system/byte-names.js';
import { isAddress, withoutSecrets } from '../../text/url.js';
import { findInBucketInputs } from './bucket-inputs.js';
import { isGlob, splitGlob } from './glob.js';
import type { Input } from './input.js';
import { readInputList } from './input-list.js';
import { OwnOutputs } from './own-outputs.js';
import type { PassedOver } from './passed-over.js';
import { type WalkOptions, walk } from './walk.js';
import { wantedFiles } from './wanted.js';

/** Where to find videos. */
export interface InputRequest {
  /** Files, folders, globs, numbered pictures (`frame_%04d.png`). */
  readonly paths: readonly string[];
  /** A file with a path on each line, or `-` for stdin. */
  readonly fromFile: string | undefined;
  /** Whether NUL ends the paths of the list. */
  readonly nullSeparated: boolean;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly hidden: boolean;
  readonly follow: boolean;
  readonly outDir: string;
  /** Where results go, if that is a bucket. */
  readonly destination?: string | undefined;
}

/** All requested videos, in order; one at a time, since there may be a hundred thousand. */
export async function* findInputs(
  request: InputRequest,
  passed: PassedOver,
  signal?: AbortSignal,
): AsyncGenerator<Input> {
  const { include, exclude, hidden, follow, outDir } = request;
  const options: WalkOptions = { ...wantedFiles(include, exclude), hidden, follow, outDir, own: new OwnOutputs() };
  // A user who names one file means it; a shell's `*.mp4` includes those of earlier runs as well.
  const isMany = request.paths.length > 1 || request.fromFile !== undefined;
  const search = { ...options, destination: request.destination, signal };
  for (const path of request.paths) {
    if (isBucketAddress(path)) yield* findInBucketInputs(path, search, passed);
    else yield* expandLost(path, { mayBeGlob: true, isMany }, options, passed);
  }
  if (request.fromFile === undefined) return;
  for await (const path of readInputList(request.fromFile, request.nullSeparated)) {
    if (isBucketAddress(path)) yield* findInBucketInputs(path, search, passed);
    else yield* expandLost(path, { mayBeGlob: false, isMany }, options, passed);
  }
}

/** The form of an input. */
interface Given {
  readonly mayBeGlob: boolean;
  /** Whether it is one of several. */
  readonly isMany: boolean;
}

/**
 * Arguments and lists have lost the bytes of names that are not UTF-8: they are restored from the names in the folder.
 */
async function* expandLost(
  path: string,
  given: Given,
  options: WalkOptions,
  passed: PassedOver,
): AsyncGenerator<Input> {
  const meant = pathsOfLost(path);
  const isClear = given.isMany || meant.length === 1;
  for (const one of isClear ? meant : [path]) yield* expand(one, given, options, passed);
}

async function* expand(
  path: string,
  { mayBeGlob, isMany }: Given,
  options: WalkOptions,
  passed: PassedOver,
): AsyncGenerator<Input> {
  const stats = await stat(systemPath(path)).catch(() => undefined);
  if (!stats) refuseMistyped(path);
  if (!stats && isAddress(path)) {
    // It fails as not found, and is reported, recorded in the ledger and in batch.json without its secrets.
    const bare = withoutSecrets(path);
    yield input(bare, basename(bare), dirname(bare));
  } else if (stats?.isDirectory()) {
    for await (const relative of walk(path, options, passed)) yield input(join(path, relative), relative, path);
  } else if (!stats && mayBeGlob && isGlob(path)) {
    yield* expandGlob(path, options, passed);
  } else if (isMany && (await options.own.has(path))) {
    passed.outputs++;
  } else if (mayBeGlob || isAbsolute(path) || normalize(path).startsWith('..')) {
    yield input(path, basename(path), dirname(path));
  } else {
    // A list from `find` in the folder itself: its subfolders are mirrored.
    yield input(path, normalize(path).split(sep).join('/'), '.');
  }
}

async function* expandGlob(path: string, options: WalkOptions, passed: PassedOver): AsyncGenerator<Input> {
  const { root, pattern } = await splitGlob(path);
  const isAsked = picomatch(pattern, { dot: options.hidden });
  for await (const relative of walk(root, { ...options, isAsked: name => isAsked(name) }, passed))
    yield input(join(root, relative), relative, root);
}

function input(path: string, relative: string, folder: string): Input {
  const parts = relative.split('/');
  const name = parts.pop() ?? relative;
  const stem = [...parts, stemOf(name, dirname(resolve(path)))].join('/');
  return { path, relative, parent: basename(resolve(folder)) || 'root', stem };
}
