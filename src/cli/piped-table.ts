import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BodyscriptError, UsageError } from '../errors.js';
import { isAnotherProgram } from '../formats/text-pieces.js';
import { makeTemporaryFolder } from '../system/temporary-folder.js';

const FOLDER_PREFIX = 'bodyscript-table-';
/** Base name for the results of a table from stdin. */
const STDIN_STEM = 'stdin';

/** A table that a command reads. */
export interface TableInput {
  /** A file that can be read several times. */
  readonly path: string;
  /** As people read it. */
  readonly shown: string;
  /** The path from which default output names are derived. */
  readonly named: string;
  readonly isPiped: boolean;
}

/**
 * Runs a command on a table. A table from a pipe (`-`, or `<(command)` of a shell) is copied to a temporary file first,
 * since commands read a table more than once. @throws BodyscriptError `USAGE` if stdin is a terminal; errors of the
 * command
 */
export async function withTable<T>(
  given: string,
  signal: AbortSignal,
  command: (table: TableInput) => Promise<T>,
): Promise<T> {
  if (!isPipe(given)) return command({ path: given, shown: given, named: given, isPiped: false });
  await using folder = await makeTemporaryFolder(FOLDER_PREFIX);
  const path = await copied(given, folder.path, signal);
  const shown = given === '-' ? STDIN_STEM : given;
  try {
    return await command({ path, shown, named: `${STDIN_STEM}.csv`, isPiped: true });
  } catch (error) {
    throw renamed(error, path, shown);
  }
}

/**
 * Refuses stdin for commands that need files.
 * @throws UsageError
 */
export function refuseStdin(command: string, paths: readonly string[], remedy: string): void {
  if (paths.includes('-')) throw new UsageError(`${command} cannot read stdin: it needs a file`, remedy);
}

function isPipe(given: string): boolean {
  if (given === '-') return true;
  try {
    return isAnotherProgram(given) && !statSync(given).isFile();
  } catch {
    return false; // The command reports the error.
  }
}

/** @returns the copy's path, with the suffix of its format */
async function copied(given: string, folder: string, signal: AbortSignal): Promise<string> {
  const isStdin = given === '-';
  if (isStdin && process.stdin.isTTY) {
    throw new UsageError('-: stdin is a terminal', 'Pipe a table into the command, or give a file.');
  }
  const stream = isStdin ? process.stdin : createReadStream(given);
  const raw = join(folder, STDIN_STEM);
  await pipeline(stream, createWriteStream(raw), { signal });
  const suffix = (await firstCharacter(raw)) === '{' ? '.ndjson' : '.csv';
  await rename(raw, raw + suffix);
  return raw + suffix;
}

const LOOK_AT_BYTES = 1024;

async function firstCharacter(path: string): Promise<string> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(LOOK_AT_BYTES), 0, LOOK_AT_BYTES, 0);
  if (bytesRead === 0)
    throw new BodyscriptError('INPUT_EMPTY', 'stdin was empty', { remedy: 'Check the command before the pipe.' });
  return buffer
    .toString('utf8', 0, bytesRead)
    .replace(/^\uFEFF/, '')
    .trimStart()
    .charAt(0);
}

/** An error that names what was given, not its copy. */
function renamed(error: unknown, path: string, shown: string): unknown {
  if (!(error instanceof BodyscriptError) || !error.message.includes(path)) return error;
  const { code, exitCode, remedy } = error;
  return new BodyscriptError(code, error.message.replaceAll(path, shown), {
    cause: error,
    exitCode,
    ...(remedy === undefined ? {} : { remedy: remedy.replaceAll(path, shown) }),
  });
}
