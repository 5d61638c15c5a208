import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BodyscriptError, systemErrorCode, systemMeaning } from '../errors.js';
import { readRunRecord } from '../formats/read-run-record.js';
import type { RunRecord } from '../model/run-record.js';
import { checkRegular } from './regular-file.js';

export const RECORD_SUFFIX = '.run.json';

/**
 * Reads an untrusted run record. Its numbers are then numbers; texts must be escaped for display.
 * @throws Unusable if it is a link or not a file; BodyscriptError `RECORD_INVALID`, which names the field
 */
export async function readRecord(root: string, path: string): Promise<RunRecord> {
  await checkRegular(root, path);
  return readRunRecord(path);
}

/**
 * The names of records below a folder without their suffix, with slashes, in order. Links are not followed; an entry
 * with a record's name that is not a file is reported. Hidden folders are skipped at any depth, such as the ledger's;
 * hidden files are results of hidden videos, except macOS's own beside each file on a foreign disk (`._walk.run.json`).
 * @throws BodyscriptError `INPUT_MISSING` where the folder itself cannot be read
 */
export async function* recordsBelow(
  root: string,
  onWarning: (message: string) => void,
  suffix = RECORD_SUFFIX,
  below = '',
): AsyncGenerator<string> {
  for (const entry of await entriesOf(root, below, onWarning)) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.name.startsWith(entry.isDirectory() ? '.' : '._')) continue;
    if (entry.name.endsWith(suffix)) {
      if (entry.isFile()) yield name.slice(0, -suffix.length);
      else onWarning(`${join(root, name)}: skipped; not a file`);
    }
    if (entry.isDirectory()) yield* recordsBelow(root, onWarning, suffix, name);
  }
}

async function entriesOf(root: string, below: string, onWarning: (message: string) => void): Promise<Dirent[]> {
  try {
    const entries = await readdir(join(root, below), { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    if (below === '') {
      const isFile = systemErrorCode(cause) === 'ENOTDIR';
      const problem = isFile ? 'not a folder, nor a table' : (systemMeaning(cause) ?? 'cannot be read');
      const remedy = isFile ? 'Give the results folder, or one table (.csv or .ndjson).' : 'Give the results folder.';
      throw new BodyscriptError('INPUT_MISSING', `${root}: ${problem}`, { cause, remedy });
    }
    onWarning(`${join(root, below)}: the folder cannot be read (${systemMeaning(cause) ?? systemErrorCode(cause)})`);
    return [];
  }
}
