import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compareFiles } from '../../src/compare/compare-files.js';
import { LANDMARK_NAMES } from '../../src/model/blazepose.js';
import { toCompareLimits } from '../../src/options/compare-options.js';
import { COMPARE } from '../../src/options/compare-table.js';
import { resolveOptions } from '../../src/options/resolve.js';
import { seeded } from '../support/chaos.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import {
  asText,
  type Change,
  columns,
  GOLDEN,
  HARMFUL,
  HARMLESS,
  mapCells,
  TABLE,
  type Table,
  TIMESTAMP,
} from './mutated-tables.js';

const folder = await temporaryFolder();
const LIMITS = toCompareLimits(resolveOptions(COMPARE, []).values);

async function compareWith(change: Change, seed: number): Promise<Awaited<ReturnType<typeof compareFiles>>> {
  const changed = change(TABLE, seeded(seed));
  const path = join(folder, `${seed}.csv`);
  await writeFile(path, typeof changed === 'string' ? changed : asText(changed));
  return compareFiles(GOLDEN, path, LIMITS);
}

describe('the comparison at its default tolerances', () => {
  test('there are thirty of each', () => {
    expect(Object.keys(HARMFUL)).toHaveLength(30);
    expect(Object.keys(HARMLESS)).toHaveLength(30);
  });

  test.each(Object.keys(HARMFUL).map((name, seed) => [name, seed] as const))('finds: %s', async (name, seed) => {
    const { passed, failures } = await compareWith(HARMFUL[name]!, seed);
    expect(passed).toBe(false);
    expect(failures.length).toBeGreaterThan(0);
  });

  test.each(Object.keys(HARMLESS).map((name, seed) => [name, seed] as const))('accepts: %s', async (name, seed) => {
    const { failures } = await compareWith(HARMLESS[name]!, 100 + seed);
    expect(failures).toEqual([]);
  });

  test('recognises a lag of one frame', async () => {
    expect((await compareWith(HARMFUL['poses a frame late']!, 200)).hints.join()).toContain('lag by one frame');
  });

  test('reports a drift that lasts, and none for a clip of two seconds', async () => {
    const short = await compareWith(HARMFUL['slow drift']!, 201);
    expect([short.drift, short.hints]).toEqual([null, []]);
    const stretch: Change = table => mapCells(table, [TIMESTAMP], t => t * 10);
    const golden = join(folder, 'stretched.csv');
    await writeFile(golden, asText(stretch(TABLE, seeded(1)) as Table));
    const drifting = stretch(HARMFUL['slow drift']!(TABLE, seeded(201)) as Table, seeded(1)) as Table;
    await writeFile(join(folder, 'drifting.csv'), asText(drifting));
    const long = await compareFiles(golden, join(folder, 'drifting.csv'), LIMITS);
    expect(long.hints.join()).toMatch(/drift by 14\.\d pixels a minute/);
    expect(long.drift!.x).toBeCloseTo(0.08 * 3 * 60, 0);
  });

  test('gives no hint without differences', async () => {
    expect((await compareWith(HARMFUL['one landmark shifted in one frame']!, 203)).hints).toEqual([]);
  });

  test('ignores a column of confidences that the golden table lacks, and reports an absent one that it has', async () => {
    const names = LANDMARK_NAMES.map(name => `${name}_confidence`);
    const bare = columns(name => !name.endsWith('_confidence'));
    const without = (cells: readonly string[]) => bare.map(at => cells[at]!);
    const old: Table = { header: without(TABLE.header), rows: TABLE.rows.map(without) };
    const sure = (value: string): Table => ({
      header: [...old.header, ...names],
      rows: old.rows.map(cells => [...cells, ...names.map(() => value)]),
    });
    const files = { old, new: sure('0.9'), other: sure('0.6') };
    const at = (name: keyof typeof files) => join(folder, `confidence-${name}.csv`);
    for (const name of ['old', 'new', 'other'] as const) await writeFile(at(name), asText(files[name]));
    const compare = async (golden: keyof typeof files, fresh: keyof typeof files, confidence: number) => {
      const { passed, aspects } = await compareFiles(at(golden), at(fresh), { ...LIMITS, confidence });
      return [passed, aspects.confidence > 0];
    };
    expect(await compare('old', 'new', 0)).toEqual([true, false]);
    expect(await compare('new', 'other', LIMITS.confidence)).toEqual([true, false]);
    expect(await compare('new', 'other', 0.2)).toEqual([false, true]);
    expect(await compare('new', 'old', LIMITS.confidence)).toEqual([false, true]);
  });

  test('counts swapped sides, and not their landmarks as well', async () => {
    const { swaps, landmarks } = await compareWith(HARMFUL['left and right swapped in all']!, 202);
    expect(swaps).toBeGreaterThan(50);
    expect(landmarks.different).toBeLessThan(landmarks.compared / 10);
  });
});
