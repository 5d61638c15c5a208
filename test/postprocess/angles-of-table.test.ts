import { appendFile, copyFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeAngles } from '../../src/postprocess/angles-of-table.js';
import { SAMPLES } from '../support/reference-clips.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();

test('angles of a truncated table, or of one whose reading is stopped, leave no partial file', async () => {
  const [whole, damaged] = ['whole.csv', 'damaged.csv'].map(name => join(folder, name)) as [string, string];
  for (const table of [whole, damaged]) await copyFile(join(SAMPLES, 'golden', 'wave.csv'), table);
  await appendFile(damaged, '60,2.000000,0,tracked\n');
  await expect(writeAngles(damaged, join(folder, 'damaged.angles.csv'))).rejects.toThrow('damaged.csv');
  const stopped = AbortSignal.abort(new Error('stopped'));
  await expect(writeAngles(whole, join(folder, 'whole.angles.csv'), { signal: stopped })).rejects.toThrow('stopped');
  expect((await readdir(folder)).toSorted()).toEqual(['damaged.csv', 'whole.csv']);
});

test("another run's output stays in place, and so does a user's file", async () => {
  const table = join(folder, 'taken.csv');
  await copyFile(join(SAMPLES, 'golden', 'wave.csv'), table);
  await writeFile(join(folder, 'taken.angles.csv.partial'), 'mine');
  await expect(writeAngles(table, join(folder, 'taken.angles.csv'))).rejects.toThrow();
  expect(await readdir(folder)).toContain('taken.angles.csv.partial');
});
