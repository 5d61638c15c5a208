import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BodyscriptError, systemErrorCode } from '../errors.js';
import type { RunRecord } from '../sinks/run-record.js';
import { readRegular, Unusable } from './regular-file.js';

export const RECORD_SUFFIX = '.run.json';
/** A record of an hour has 100 KB. */
const MOST_BYTES = 8 * 2 ** 20;

/**
 * Reads a run record that may hold anything. Whoever shows it has to check each number (`figures.ts`) and escape each text.
 * @throws Unusable
 */
export async function readRecord(root: string, path: string): Promise<RunRecord> {
  const content = await readRegular(root, path, MOST_BYTES);
  let record: unknown;
  try {
    record = JSON.parse(content.toString('utf8'));
  } catch {
    throw new Unusable('is not JSON');
  }
  if (typeof record !== 'object' || record === null || Array.isArray(record)) throw new Unusable('is no run record');
  return record as RunRecord;
}

/**
 * The names of records below a folder without their suffix, with slashes, in order. Links are not followed; what has a record's name and is no file is told.
 * @throws BodyscriptError `INPUT_MISSING` where the folder itself cannot be read
 */
export async function* recordsBelow(
  root: string,
  onWarning: (message: string) => void,
  below = '',
): AsyncGenerator<string> {
  for (const entry of await entriesOf(root, below, onWarning)) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (name.startsWith('.')) continue; // The ledger's folder.
    if (entry.name.endsWith(RECORD_SUFFIX)) {
      if (entry.isFile()) yield name.slice(0, -RECORD_SUFFIX.length);
      else onWarning(`${join(root, name)}: is passed over; it is no file`);
    }
    if (entry.isDirectory()) yield* recordsBelow(root, onWarning, name);
  }
}

async function entriesOf(root: string, below: string, onWarning: (message: string) => void): Promise<Dirent[]> {
  try {
    const entries = await readdir(join(root, below), { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    if (below === '') {
      throw new BodyscriptError('INPUT_MISSING', `${root}: cannot be read`, {
        cause,
        remedy: 'Name the folder of results.',
      });
    }
    onWarning(`${join(root, below)}: the folder cannot be read (${systemErrorCode(cause)})`);
    return [];
  }
}
