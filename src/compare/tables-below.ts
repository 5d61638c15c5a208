import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BodyscriptError } from '../errors.js';
import { readLandmarks } from '../formats/read-landmarks.js';

const TABLE = /\.(csv|ndjson)$/;
/** Names of this program's other tables. A clip may have such a name too, so the table's content decides. */
const OTHER_TABLE = /\.(attempts\.ndjson|(angles|motion|events|cycles|cycle-curves|measures)\.csv)$/;

/**
 * The landmark tables below a folder, by their paths relative to it, with slashes, sorted. Links are followed: a store
 * of large files (git-annex, DVC) keeps a link in place of each file. A link that leads nowhere counts as a table, so
 * that reading it fails, rather than leave it out of the comparison. Hidden files and folders are skipped.
 * @param except another folder, whose tables do not count where it is inside this one: `golden/` in the results
 */
export async function tablesBelow(folder: string, except?: string): Promise<string[]> {
  const skipped = except === undefined ? undefined : await realpath(except).catch(() => undefined);
  const names: string[] = [];
  for await (const name of filesBelow(folder, '', [await realpath(folder)], skipped)) names.push(name);
  const tables: string[] = [];
  for (const name of names.sort()) {
    if (!OTHER_TABLE.test(name) || (await holdsLandmarks(join(folder, name)))) tables.push(name);
  }
  return tables;
}

/** @param ancestors real paths of the folders above, so that a link to one of them does not lead in a circle */
async function* filesBelow(
  root: string,
  below: string,
  ancestors: readonly string[],
  skipped: string | undefined,
): AsyncGenerator<string> {
  for (const { name } of await readdir(join(root, below), { withFileTypes: true })) {
    if (name.startsWith('.')) continue;
    const relative = below === '' ? name : `${below}/${name}`;
    const stats = await stat(join(root, relative)).catch(() => undefined);
    if (stats?.isDirectory()) {
      const real = await realpath(join(root, relative));
      if (real === skipped || ancestors.includes(real)) continue;
      yield* filesBelow(root, relative, [...ancestors, real], skipped);
    } else if ((!stats || stats.isFile()) && TABLE.test(name)) yield relative;
  }
}

async function holdsLandmarks(path: string): Promise<boolean> {
  try {
    for await (const _ of readLandmarks(path)) return true;
    return true;
  } catch (error) {
    if (error instanceof BodyscriptError && error.code === 'TABLE_INVALID') return false;
    throw error;
  }
}
