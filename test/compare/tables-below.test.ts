import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compareSets } from '../../src/compare/compare-folders.js';
import { tablesBelow } from '../../src/compare/tables-below.js';
import { toCompareLimits } from '../../src/options/compare-options.js';
import { COMPARE } from '../../src/options/compare-table.js';
import { resolveOptions } from '../../src/options/resolve.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { asText, columns, mapCells, TABLE } from './mutated-tables.js';

const folder = await temporaryFolder();
const LIMITS = toCompareLimits(resolveOptions(COMPARE, []).values);
const MOVED = mapCells(
  TABLE,
  columns(name => name.endsWith('_x_px')),
  x => x + 50,
);

/** Writes a table to each of some paths below a new folder. */
async function tables(name: string, paths: readonly string[], table = TABLE): Promise<string> {
  for (const path of paths) {
    await mkdir(dirname(join(folder, name, path)), { recursive: true });
    await writeFile(join(folder, name, path), asText(table));
  }
  return join(folder, name);
}

describe('tables of folders to compare', () => {
  test('a link in place of a table is compared as the table', async () => {
    const stored = await tables('store', ['walk.csv']);
    const fresh = await tables('moved', ['walk.csv'], MOVED);
    const golden = join(folder, 'linked');
    await mkdir(golden);
    await symlink(join(stored, 'walk.csv'), join(golden, 'walk.csv'));
    const { passed, files } = await compareSets(golden, fresh, LIMITS);
    expect(files.map(file => file.golden)).toEqual([join(golden, 'walk.csv')]);
    expect(passed).toBe(false);
  });

  test('a link that leads nowhere fails the comparison', async () => {
    const golden = await tables('broken', ['walk.csv']);
    await symlink(join(folder, 'absent.csv'), join(golden, 'run.csv'));
    const fresh = await tables('whole', ['walk.csv', 'run.csv']);
    await expect(compareSets(golden, fresh, LIMITS)).rejects.toMatchObject({ code: 'INPUT_MISSING' });
  });

  test('a linked folder is read, and a link to a folder above leads in no circle', async () => {
    const below = await tables('below', ['run.csv']);
    const root = await tables('circle', ['walk.csv', 'a/walk.csv']);
    await symlink(root, join(root, 'a', 'back'));
    await symlink(below, join(root, 'b'));
    expect(await tablesBelow(root)).toEqual(['a/walk.csv', 'b/run.csv', 'walk.csv']);
  });

  test('hidden files and folders are skipped at every depth', async () => {
    const root = await tables('hidden', ['.old/walk.csv', 'a/.old/walk.csv', 'a/.walk.csv', 'a/walk.csv']);
    expect(await tablesBelow(root)).toEqual(['a/walk.csv']);
  });

  test('a golden folder inside the new one is not compared with itself, nor added to itself', async () => {
    const fresh = await tables('around', ['walk.csv', 'golden/walk.csv']);
    const { passed, files, lost, added } = await compareSets(join(fresh, 'golden'), fresh, LIMITS);
    expect({ passed, compared: files.length, lost, added }).toEqual({ passed: true, compared: 1, lost: [], added: [] });
  });

  test('a new folder inside the golden one does not count as lost', async () => {
    const golden = await tables('outer', ['walk.csv', 'new/walk.csv']);
    const { passed, lost } = await compareSets(golden, join(golden, 'new'), LIMITS);
    expect({ passed, lost }).toEqual({ passed: true, lost: [] });
  });
});
