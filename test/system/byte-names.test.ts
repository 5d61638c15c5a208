import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { pathsOfLost, shownName, systemPath } from '../../src/system/byte-names.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const latin = (name: string) => Buffer.from(`${folder}/${name}`, 'latin1');

test('a name in UTF-8 is shown unchanged, any other with escapes', () => {
  expect(shownName(Buffer.from('größer 日本.mp4'))).toBe('größer 日本.mp4');
  expect(shownName(Buffer.from('Fu\xdfball.mp4', 'latin1'))).toBe('Fu\\xdfball.mp4');
});

// Other systems refuse such names.
describe.runIf(process.platform === 'linux')('a name that is not UTF-8', () => {
  beforeAll(async () => {
    await writeFile(latin('Fu\xdf.mp4'), 'sharp s');
    await writeFile(latin('Fu\xe4.mp4'), 'umlaut');
    await writeFile(latin('Jos\xe9.mp4'), 'acute');
    await mkdir(latin('D\xe9j\xe0'));
    await writeFile(latin('D\xe9j\xe0/vu\xe9.mp4'), 'inside');
    await writeFile(at('plain\\xe9.mp4'), 'backslash');
  });

  test('is found by its escapes, in folders too; a name with a backslash is that name', async () => {
    expect(await readFile(systemPath(at('Fu\\xdf.mp4')), 'utf8')).toBe('sharp s');
    expect(await readFile(systemPath(at('D\\xe9j\\xe0/vu\\xe9.mp4')), 'utf8')).toBe('inside');
    expect(await readFile(systemPath(at('plain\\xe9.mp4')), 'utf8')).toBe('backslash');
    expect(await readFile(systemPath(at('Jos\ufffd.mp4')), 'utf8')).toBe('acute');
    expect(systemPath(at('Fu\ufffd.mp4'))).toBe(at('Fu\ufffd.mp4'));
    expect(systemPath(at('nothing\\xe9.mp4'))).toBe(at('nothing\\xe9.mp4'));
  });

  test('is found again if its bytes were lost; if several match, all are', () => {
    expect(pathsOfLost(at('Jos\ufffd.mp4'))).toEqual([at('Jos\\xe9.mp4')]);
    expect([...pathsOfLost(at('Fu\ufffd.mp4'))].sort()).toEqual([at('Fu\\xdf.mp4'), at('Fu\\xe4.mp4')]);
    expect(pathsOfLost(at('D\ufffdj\ufffd/vu\ufffd.mp4'))).toEqual([at('D\\xe9j\\xe0/vu\\xe9.mp4')]);
    expect(pathsOfLost(at('D\ufffdj\ufffd'))).toEqual([at('D\\xe9j\\xe0')]);
    expect(pathsOfLost(at('none\ufffd.mp4'))).toEqual([at('none\ufffd.mp4')]);
    expect(pathsOfLost(at('Fu.mp4'))).toEqual([at('Fu.mp4')]);
  });
});
