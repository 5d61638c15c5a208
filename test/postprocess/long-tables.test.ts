import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filterTable } from '../../src/postprocess/filter-table.js';
import type { Smoothing } from '../../src/signal/process-series.js';
import { sha256 } from '../../src/system/file-hash.js';
import { COMING_AND_GOING, makeLongTable } from '../support/long-table.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const table = await makeLongTable(at('long.csv'), 1600, COMING_AND_GOING);
const FILTERS: Readonly<Record<string, Smoothing>> = {
  none: { kind: 'none' },
  butterworth: { kind: 'butterworth', order: 4, cutoffHz: 6 },
  'savitzky-golay': { kind: 'savitzky-golay', window: 9, polynomial: 3 },
  median: { kind: 'median', window: 5 },
  'one-euro': { kind: 'one-euro', minCutoffHz: 1, beta: 0.5 },
};

describe('a table of many blocks, with people who come and go', () => {
  // The hashes come from the version that kept whole tables in memory.
  test.each([
    ['none', 10, 'linear', false, '00eb83d9b0f79a14', '28fb6ed63046eb98'],
    ['butterworth', 10, 'linear', true, '21d6f66ba4ada76c', undefined],
    ['butterworth', 600, 'cubic', false, '568bc910a93de106', 'e0bffcc4aa2ec492'],
    ['savitzky-golay', 10, 'cubic', true, 'b5d4f47495c37fcf', undefined],
    ['median', 2, 'linear', true, 'cc8a93e64d0e3423', undefined],
    ['one-euro', 600, 'linear', false, 'a23b51d52a2affb5', undefined],
  ] as const)(
    '%s over gaps of up to %i frames, %s, jumps taken out: %s: the same bytes as ever',
    async (name, maxGap, interpolation, rejectOutliers, hash, motionHash) => {
      const options = { smoothing: FILTERS[name]!, maxGap, interpolation, rejectOutliers };
      const hashes = { 'out.csv': hash, ...(motionHash && { 'motion.csv': motionHash }) };
      const { frames } = await filterTable(table, at('out.csv'), options, motionHash && at('motion.csv'), {
        overwrite: true,
      });
      expect(frames).toBe(1600);
      const found = Object.keys(hashes).map(async file => [
        file,
        sha256(await readFile(at(file), 'utf8')).slice(0, hash.length),
      ]);
      expect(Object.fromEntries(await Promise.all(found))).toEqual(hashes);
      // No temporary files remain on disk.
      expect((await readdir(folder)).filter(name => name.endsWith('.tmp') || name.endsWith('.partial'))).toEqual([]);
    },
  );
});

test('times that jump so far that resampling would fill the memory are rejected, with the table and a remedy', async () => {
  const lines = (await readFile(table, 'utf8')).split('\n').slice(0, 1 + 33 * 10);
  // Frames a microsecond apart, and a pause of 50 minutes: a longer one would begin another part.
  const time = (frame: number) => ((frame > 5 ? 3000 : 0) + frame / 1e6).toFixed(6);
  const jumping = lines.map(line => line.replace(/^(\d+),[^,]*/, (_, frame) => `${frame},${time(Number(frame))}`));
  await writeFile(at('jumping.csv'), `${jumping.join('\n')}\n`);
  const butterworth = { smoothing: FILTERS.butterworth!, maxGap: 10, interpolation: 'linear' } as const;
  await expect(
    filterTable(at('jumping.csv'), at('none.csv'), { ...butterworth, rejectOutliers: false }),
  ).rejects.toMatchObject({
    code: 'TABLE_INVALID',
    message: expect.stringContaining(`${at('jumping.csv')}: its times jump`),
    remedy: expect.stringContaining('--smooth'),
  });
  expect(await readdir(folder)).not.toContain('none.csv');
});
