import { expect, test } from 'vitest';
import { cyclesSection } from '../../src/report/cycles-section.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { trueTable } from '../support/true-table.js';

const folder = await temporaryFolder();

test('a page about a walking person has their steps, with an embedded picture', async () => {
  const section = await cyclesSection(await trueTable(folder, 'treadmill'), 'a & b', 150);
  expect(section?.text).toContain('person 0: walks, seen from the side: 9 heel strikes');
  expect(section?.text).toMatch(/cadence +120\.\d steps\/min/);
  const [, packed = ''] = /src="data:image\/svg\+xml;base64,([^"]+)"/.exec(section?.text ?? '') ?? [];
  const svg = Buffer.from(packed, 'base64').toString();
  expect(svg).toMatch(/^<svg [\s\S]*<\/svg>\s*$/);
  expect(svg).toContain('a &amp; b');
});

test('three jumping jacks are worth reporting, two squats may be chance', async () => {
  const jacks = await cyclesSection(await trueTable(folder, 'portrait'), 'portrait', 108);
  expect(jacks?.text).toMatch(/person 0: 3 repetitions of (left|right)_shoulder/);
  expect(await cyclesSection(await trueTable(folder, 'squat'), 'squat', 120)).toBeUndefined();
});

test('a table of more than twenty minutes is left to bodyscript cycles', async () => {
  expect(await cyclesSection(await trueTable(folder, 'treadmill'), 'treadmill', 36_001)).toBeUndefined();
});
