import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { containedPath, isInside } from '../../src/system/contained-path.js';

describe('containedPath', () => {
  test.each(['a.csv', 'deep/er/a.csv', './a.csv', 'a..b', '..a', '...', 'a/...'])('%j stays in its folder', name => {
    expect(containedPath('/out', name)).toBe(join('/out', name));
  });

  test.each(['', '.', './', '..', '../x', 'a/../../x', 'a/../b', '/etc/passwd', 'a\0b', '..\\x', 'a/..'])(
    '%j has no path',
    name => {
      expect(containedPath('/out', name)).toBeUndefined();
    },
  );

  test('a relative folder stays relative', () => {
    expect(containedPath('out', 'a.csv')).toBe(join('out', 'a.csv'));
    expect(containedPath('.', 'a.csv')).toBe('a.csv');
  });
});

describe('isInside', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bodyscript-inside-'));
    await mkdir(join(folder, 'out'));
    await mkdir(join(folder, 'elsewhere'));
    await writeFile(join(folder, 'elsewhere', 'secret'), '');
    await writeFile(join(folder, 'out', 'own'), '');
    await symlink(join(folder, 'elsewhere', 'secret'), join(folder, 'out', 'link'));
    await symlink(join(folder, 'out', 'own'), join(folder, 'out', 'inner'));
    await symlink(join(folder, 'elsewhere'), join(folder, 'out', 'folder'));
    await symlink(join(folder, 'nothing'), join(folder, 'out', 'dangling'));
    await symlink('loop', join(folder, 'out', 'loop'));
    await symlink(join(folder, 'out'), join(folder, 'way'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each([
    ['own', true],
    ['inner', true],
    ['not-there-yet', true],
    ['not/there/yet', true],
    ['link', false],
    ['folder/secret', false],
    ['folder/new', false],
    ['dangling', false],
    ['loop', false],
    ['../elsewhere/secret', false],
    ['.', false],
  ])('%s: %s', async (name, inside) => {
    expect(await isInside(join(folder, 'out'), join(folder, 'out', name))).toBe(inside);
  });

  test('a folder that is itself a link counts by its target', async () => {
    expect(await isInside(join(folder, 'way'), join(folder, 'out', 'own'))).toBe(true);
  });
});
