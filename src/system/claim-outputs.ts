import type { BigIntStats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { BodyscriptError, EXIT_CODES, UsageError } from '../errors.js';
import { systemPath } from './byte-names.js';
import { isDevice } from './device-output.js';
import { looksOwn } from './looks-own.js';
import { OutputLock } from './output-lock.js';
import { checkLeftover, lookAt } from './own-file.js';
import { outputError, partialPath, prepareOutputFolder, STDOUT } from './whole-file.js';
import { windowsNameFault } from './windows-names.js';

/** Settings for how a command writes, apart from its outputs. */
export interface Writing {
  /** Whether to replace existing files that are not the command's own. */
  readonly overwrite?: boolean;
  /**
   * Whether to replace the command's own earlier result: if the user chose no name for it, running the same command
   * again asks for that.
   */
  readonly replaceOwn?: boolean;
  /** Files that the command reads besides its input: a configuration, a list. No output may be one of them. */
  readonly alsoRead?: readonly string[];
  /** Stops it early and removes what was written so far. */
  readonly signal?: AbortSignal;
}

/** The files that a command is about to write. */
export interface ClaimRequest extends Writing {
  /** Final names. A folder of files ends with a slash; `-` is stdout, and is skipped. */
  readonly outputs: readonly string[];
  /** Input files. */
  readonly inputs: readonly string[];
  /** Whether an existing file comes from an earlier run, and may be replaced. */
  readonly isOwn?: (path: string) => boolean | Promise<boolean>;
  /** Message and remedy for an existing file. */
  readonly taken?: (path: string) => Taken;
  /** Remedy for a folder that cannot be written, with the command's own options. */
  readonly unwritable?: string;
  /** Receives each existing file that is not the command's own and may be replaced. */
  readonly onReplace?: (path: string) => void;
}

/** Why a file is not replaced, after its name, and the remedy. */
export interface Taken {
  readonly says: string;
  readonly remedy: string;
}

/** The outputs of one command, reserved until it is disposed. */
export interface OutputClaim extends AsyncDisposable {
  /** Whether an earlier holder was only silent: it may wake up, and write into the files that it has open. */
  readonly mayBeWritten: boolean;
  /** Aborted once another run has taken the outputs over, as happens while this machine sleeps. */
  readonly lost: AbortSignal;
  /**
   * Checks, before files get their names, that no other run has taken them over.
   * @throws BodyscriptError `OUTPUT_BUSY`
   */
  check(): Promise<void>;
  /** Whether the outputs are still reserved for this run. */
  isHeld(): Promise<boolean>;
}

const TAKEN: Taken = {
  says: 'already exists',
  remedy: 'Choose another name, or replace it with --overwrite.',
};

/** For commands that have `-o` for one output: the remedy for a folder that cannot be written. */
export const NAME_ANOTHER = 'Choose a place that you may write to with -o.';

/**
 * Makes sure that a command may write its outputs, and that no other process writes them meanwhile: the only way for
 * all commands. An output that is an input is always rejected, by device and inode, and therefore through links as
 * well. A final name that is a link is rejected like any existing file; with `overwrite`, the link is replaced and its
 * target stays. Devices such as `/dev/null` are written directly.
 * @throws BodyscriptError `OUTPUT_TAKEN`, `OUTPUT_BUSY`, `OUTPUT_NOT_WRITABLE`; UsageError if two outputs are the same
 * file
 */
export async function claimOutputs(request: ClaimRequest): Promise<OutputClaim> {
  const files = [];
  for (const output of request.outputs) if (output !== STDOUT && !(await isDevice(output))) files.push(placeOf(output));
  for (const { path } of files) refuseImpossible(path);
  await refuseInputs(files, [...request.inputs, ...(request.alsoRead ?? [])]);
  for (const folder of new Set(files.map(({ path }) => dirname(path)))) await prepareFolder(folder, request);
  await refuseTwins(files);
  const lost = new AbortController();
  const locks: OutputLock[] = [];
  const release = async () => {
    for (const lock of locks.splice(0)) await lock[Symbol.asyncDispose]();
  };
  try {
    for (const { path } of files) locks.push(await OutputLock.take(path, error => lost.abort(error)));
    for (const [i, file] of files.entries()) await refuseTaken(file, request, locks[i]?.tookOver ?? false);
    const check = async () => {
      for (const lock of locks) await lock.check();
    };
    const isHeld = () =>
      check().then(
        () => true,
        () => false,
      );
    const mayBeWritten = locks.some(({ mayWake }) => mayWake);
    return { mayBeWritten, lost: lost.signal, check, isHeld, [Symbol.asyncDispose]: release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function prepareFolder(folder: string, { unwritable }: ClaimRequest): Promise<void> {
  try {
    await prepareOutputFolder(folder);
  } catch (error) {
    const isUnwritable = error instanceof BodyscriptError && error.code === 'OUTPUT_NOT_WRITABLE';
    if (!isUnwritable || unwritable === undefined) throw error;
    throw new BodyscriptError(error.code, error.message, { cause: error.cause, remedy: unwritable });
  }
}

/** Windows would write into a device, or into a hidden stream of another file. */
function refuseImpossible(path: string): void {
  const fault = process.platform === 'win32' ? windowsNameFault(path) : undefined;
  if (fault === undefined) return;
  throw new BodyscriptError('OUTPUT_NOT_WRITABLE', `${path}: ${fault}`, {
    remedy: 'Choose another name.',
    exitCode: EXIT_CODES.usage,
  });
}

interface Place {
  readonly path: string;
  readonly isFolder: boolean;
}

function placeOf(output: string): Place {
  const slashes = process.platform === 'win32' ? /(?<=.)[/\\]+$/ : /(?<=.)\/+$/;
  return { path: output.replace(slashes, ''), isFolder: slashes.test(output) };
}

const idOf = ({ dev, ino }: BigIntStats) => `${dev}:${ino}`;

async function statOf(path: string | Buffer): Promise<BigIntStats | undefined> {
  return stat(path, { bigint: true }).catch(() => undefined);
}

/** The file or the target of its link, and its unfinished name. */
async function refuseInputs(files: readonly Place[], inputs: readonly string[]): Promise<void> {
  const read = new Map<string, string>();
  for (const input of inputs) {
    read.set(resolve(input), input);
    const stats = await statOf(systemPath(input));
    if (stats) read.set(idOf(stats), input);
  }
  for (const { path } of files) {
    for (const name of [path, partialPath(path)]) {
      const stats = await statOf(name);
      const input = (stats && read.get(idOf(stats))) ?? read.get(resolve(name));
      if (input === undefined) continue;
      const also = resolve(input) === resolve(name) ? '' : ` (${input})`;
      throw new BodyscriptError(
        'OUTPUT_TAKEN',
        `${name}: is an input of this command${also}, so it cannot be an output`,
        {
          remedy: 'Choose another name; --overwrite cannot replace an input.',
          exitCode: EXIT_CODES.usage,
        },
      );
    }
  }
}

/** Compared by their real folder, and by inode if they exist. */
async function refuseTwins(files: readonly Place[]): Promise<void> {
  const known = new Map<string, string>();
  for (const { path } of files) {
    const folder = await realpath(dirname(path));
    const keys = new Set([path, partialPath(path)].map(name => join(folder, basename(name))));
    const stats = await statOf(path);
    if (stats) keys.add(idOf(stats));
    for (const key of keys) {
      const other = known.get(key);
      if (other !== undefined)
        throw new UsageError(`${other} and ${path}: two outputs would be the same file`, 'Give two names.');
      known.set(key, path);
    }
  }
}

/** @param wasLeft whether a run that died was about to write it */
async function refuseTaken(place: Place, request: ClaimRequest, wasLeft: boolean): Promise<void> {
  const { path, isFolder } = place;
  const stats = await lookAt(path);
  if (stats) {
    refuseKind(place, stats);
    if (!holdsNothing(stats) && !(await request.isOwn?.(path))) replaceForeign(path, request);
  }
  try {
    const partial = partialPath(path);
    const leftover = isFolder ? undefined : await checkLeftover(partial);
    const isForeign = leftover && !holdsNothing(leftover) && !wasLeft && !(await isOurs(partial, request));
    if (isForeign && !request.overwrite) {
      throw new BodyscriptError('OUTPUT_TAKEN', `${partial}: already exists, and is not from an earlier run`, {
        remedy: 'Move it away, choose another name, or replace it with --overwrite.',
      });
    }
    if (isFolder) refuseKind({ path: partialPath(path), isFolder }, await lookAt(partialPath(path)));
  } catch (cause) {
    throw outputError(path, cause);
  }
}

/** CI systems and `mktemp` create files for others to fill: an empty one with a single link has no owner. */
async function isOurs(partial: string, { isOwn }: ClaimRequest): Promise<boolean> {
  return (await isOwn?.(partial)) || looksOwn(partial);
}

function holdsNothing(stats: BigIntStats): boolean {
  return stats.isFile() && stats.size === 0n && stats.nlink === 1n;
}

/** @throws BodyscriptError `OUTPUT_TAKEN` if it is not permitted */
function replaceForeign(path: string, { overwrite, taken, onReplace }: ClaimRequest): void {
  if (overwrite) {
    onReplace?.(path);
    return;
  }
  const { says, remedy } = taken?.(path) ?? TAKEN;
  throw new BodyscriptError('OUTPUT_TAKEN', `${path}: ${says}`, { remedy });
}

/** Files that cannot be replaced under any setting. */
function refuseKind({ path, isFolder }: Place, stats: BigIntStats | undefined): void {
  if (!stats) return;
  const fits = isFolder ? stats.isDirectory() : stats.isFile() || stats.isSymbolicLink();
  if (fits) return;
  const isPipe = !isFolder && !stats.isDirectory();
  const expected = isFolder ? 'a folder' : 'a file';
  const is = stats.isDirectory()
    ? 'a folder'
    : stats.isSymbolicLink()
      ? 'a link'
      : stats.isFile()
        ? 'a file'
        : 'a pipe';
  throw new BodyscriptError('OUTPUT_TAKEN', `${path}: is ${is}, not ${expected}`, {
    remedy: isPipe ? 'Write to stdout with - and redirect it: - > PIPE.' : 'Remove it, or choose another name.',
  });
}
