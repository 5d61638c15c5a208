import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UsageError } from '../errors.js';
import { outputFile, path } from '../options/kinds.js';
import { check } from '../options/resolve.js';
import { STDOUT } from '../system/whole-file.js';

/** What `-o` takes where a command writes several files. */
export const STEM_HELP =
  'path of the outputs without suffix, or a folder (existing, or ending in /) (default: beside the table)';

/** A table's path without its suffix. */
export function stemOf(table: string): string {
  return table.replace(/\.(csv|ndjson)$/, '');
}

/**
 * Path of the one file that a command makes of a table: the named file, a file in the named folder, or one beside the
 * table.
 * @param suffix such as `.angles.csv`
 * @returns `-` for stdout
 * @throws UsageError for an address
 */
export function outputPath(given: string | undefined, table: string, suffix: string): string {
  if (given === undefined) return `${stemOf(table)}${suffix}`;
  const named = check({ kind: outputFile() }, given, '--output');
  return isFolder(named) ? join(named, `${basename(stemOf(table))}${suffix}`) : named;
}

/**
 * Path without suffix of the files that a command makes of a table.
 * @throws UsageError for stdout, which takes one file, and for an address
 */
export function outputStem(given: string | undefined, table: string): string {
  if (given === undefined) return stemOf(table);
  if (given === STDOUT) {
    throw new UsageError(
      '--output -: this command writes several files, which cannot share stdout',
      'Give a folder, e.g. -o results/.',
    );
  }
  const named = check({ kind: path() }, given, '--output');
  return isFolder(named) ? join(named, basename(stemOf(table))) : named;
}

function isFolder(named: string): boolean {
  return named.endsWith('/') || (existsSync(named) && statSync(named).isDirectory());
}
