import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filterTable } from '../../src/process/filter-table.js';
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

describe('a table of many blocks, of people who come and go', () => {
  // The hashes are those of the version that kept whole tables in memory.
  test.each([
    ['none', 10, 'linear', false, '00eb83d9b0f79a14', '28fb6ed63046eb98'],
    ['butterworth', 10, 'linear', true, '21d6f66ba4ada76c', '55778fff619500a1'],
    ['butterworth', 600, 'cubic', false, '568bc910a93de106', 'e0bffcc4aa2ec492'],
    ['savitzky-golay', 10, 'cubic', true, 'b5d4f47495c37fcf', '012576ec61e68144'],
    ['median', 2, 'linear', true, 'cc8a93e64d0e3423', '2645dcc8bbf5df6c'],
    ['one-euro', 600, 'linear', false, 'a23b51d52a2affb5', '06dcc57109bf2942'],
  ] as const)(
    '%s over gaps of up to %i frames, %s, leaps taken out: %s: the same bytes as ever',
    async (name, maxGap, interpolation, rejectOutliers, hash, motionHash) => {
      const options = { smoothing: FILTERS[name] as Smoothing, maxGap, interpolation, rejectOutliers };
      const { frames } = await filterTable(table, at('out.csv'), options, at('motion.csv'));
      expect(frames).toBe(1600);
      const found = await Promise.all(
        ['out.csv', 'motion.csv'].map(async file => sha256(await readFile(at(file), 'utf8'))),
      );
      expect(found.map(text => text.slice(0, 16))).toEqual([hash, motionHash]);
      // Nothing is left of what was kept on disk meanwhile.
      expect((await readdir(folder)).sort()).toEqual(['long.csv', 'motion.csv', 'out.csv']);
    },
  );
});
