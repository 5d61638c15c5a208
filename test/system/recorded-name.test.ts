import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OwnOutputs } from '../../src/batch/inputs/own-outputs.js';
import { recordedName } from '../../src/system/recorded-name.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();

test.each([
  ['D:\\results\\walk.csv', 'win32-x64', 'walk.csv'],
  ['results/walk.csv', 'win32-arm64', 'walk.csv'],
  ['walk.csv', 'win32-x64', 'walk.csv'],
  ['/results/walk.csv', 'linux-x64', 'walk.csv'],
  ['Fu\\xdf.csv', 'linux-x64', 'Fu\\xdf.csv'],
  ['/results/walk.csv', undefined, 'walk.csv'],
  ['/results/walk.csv', 42, 'walk.csv'],
])('the file name of %s, recorded by %s, is %s', (path, platform, name) => {
  expect(recordedName(path, platform)).toBe(name);
});

test('films made on Windows are not analysed as videos on another system', async () => {
  await mkdir(join(folder, 'moved'));
  const record = (platform: string) =>
    JSON.stringify({
      tool: { name: 'bodyscript', platform },
      input: { path: 'D:\\clips\\walk.mp4' },
      outputs: ['D:\\results\\walk.overlay.mp4'],
      files: [{ path: 'D:\\results\\drawn.mp4', bytes: 4 }],
    });
  const at = (name: string) => join(folder, 'moved', name);
  for (const name of ['walk.mp4', 'walk.overlay.mp4', 'drawn.mp4', 'other.mp4']) await writeFile(at(name), 'film');
  await writeFile(at('walk.run.json'), record('win32-x64'));
  const known = new OwnOutputs();
  const names = ['walk.mp4', 'walk.overlay.mp4', 'drawn.mp4', 'other.mp4'];
  expect(await Promise.all(names.map(name => known.has(at(name))))).toEqual([false, true, true, false]);
});
