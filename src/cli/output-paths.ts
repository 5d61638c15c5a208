import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UsageError } from '../errors.js';
import { outputFile, path } from '../options/kinds.js';
import { check } from '../options/resolve.js';
import { STDOUT } from '../system/whole-file.js';
import type { TableInput } from './piped-table.js';

/** Help of `-o` for commands that write several files. */
export const STEM_HELP =
  'path of the outputs without suffix, or a folder (existing, or ending in /) (default: beside the table)';

type NamedTable = Pick<TableInput, 'named' | 'isPiped'>;

/** A table's path without its suffix. */
export function stemOf(table: string): string {
  return table.replace(/\.(csv|ndjson)$/, '');
}

/**
 * Path of the one file that a command creates from a table: the named file, a file in the named folder, or one beside
 * the table; stdout for a table from a pipe.
 * @param suffix such as `.angles.csv`
 * @returns `-` for stdout
 * @throws UsageError for an address
 */
export function outputPath(given: string | undefined, { named: table, isPiped }: NamedTable, suffix: string): string {
  if (given === undefined) return isPiped ? STDOUT : `${stemOf(table)}${suffix}`;
  const path = check({ kind: outputFile() }, given, '--output');
  return isFolder(path) ? join(path, `${basename(stemOf(table))}${suffix}`) : path;
}

/**
 * Path, without suffix, of the files that a command creates from a table. @throws UsageError for stdout, which takes
 * one file, and for an address
 */
export function outputStem(given: string | undefined, { named: table }: NamedTable): string {
  if (given === undefined) return stemOf(table);
  if (given === STDOUT) {
    throw new UsageError(
      '--output -: only one output may use stdout, and this command writes several files',
      'Give a folder, e.g. -o results/.',
    );
  }
  const stem = check({ kind: path() }, given, '--output');
  return isFolder(stem) ? join(stem, basename(stemOf(table))) : stem;
}

function isFolder(path: string): boolean {
  const endsAsFolder = process.platform === 'win32' ? /[/\\]$/ : /\/$/;
  return endsAsFolder.test(path) || (existsSync(path) && statSync(path).isDirectory());
}

/**
 * Refuses to write a film to a terminal, which would show its bytes as text and act on some. @param option that sends
 * it to stdout @throws UsageError
 */
export function refuseTerminal(option: string): void {
  if (!process.stdout.isTTY) return;
  throw new UsageError(
    `${option} writes a film, and stdout is a terminal`,
    'Redirect it (> film.mp4), or pipe it (| ffplay -).',
  );
}
