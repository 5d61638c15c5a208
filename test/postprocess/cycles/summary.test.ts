import { expect, test } from 'vitest';
import { findCycles } from '../../../src/postprocess/cycles/find-cycles.js';
import type { NoCycles, PersonCycles } from '../../../src/postprocess/cycles/person-cycles.js';
import { summaryJson, summaryText } from '../../../src/postprocess/cycles/summary.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { trueTable } from '../../support/true-table.js';

const folder = await temporaryFolder();
const AUTO = { kind: 'auto', angle: 'auto', personHeight: undefined } as const;
const without = (ids: readonly number[], found: NoCycles): PersonCycles[] => ids.map(id => ({ id, found }));

test('people with cycles come first, then those without, each with the reason', async () => {
  const { people } = await findCycles(await trueTable(folder, 'squat'), AUTO);
  const lines = summaryText([...without([7], 'not walking'), ...people, ...without([9], 'too short')], undefined);
  expect(lines[0]).toMatch(/^person 0: 2 repetitions of /);
  expect(lines.slice(-2)).toEqual([
    'person 7 does not walk: the feet do not swing past each other',
    'person 9 walks too briefly: fewer than three heel strikes in a row',
  ]);
});

test('a person who walks too briefly for steps has repetitions with a doubt, a person who squats without', async () => {
  const squat = (await findCycles(await trueTable(folder, 'squat'), AUTO)).people;
  expect(summaryText(squat, undefined).join('\n')).not.toContain('doubt');
  const walk = (await findCycles(await trueTable(folder, 'crossing'), AUTO)).people;
  const repeating = walk.filter(({ found }) => typeof found !== 'string' && found.kind === 'repetitions');
  expect(repeating.length).toBeGreaterThan(0);
  for (const person of repeating)
    expect(summaryText([person], undefined).at(-1)).toMatch(/doubt +the person walks too/);
});

test('the known errors of stance are stated beside it, only for walks seen from the side', async () => {
  const [side, front] = await Promise.all(
    ['treadmill', 'walk-towards'].map(async name => findCycles(await trueTable(folder, name), AUTO)),
  );
  expect(summaryText(side!.people, undefined).join('\n')).toContain('stance comes out some 5 points too long');
  expect(summaryText(front!.people, undefined).join('\n')).not.toContain('too long');
});

test('a crowd without cycles is one line', () => {
  const ids = Array.from({ length: 40 }, (_, id) => id);
  expect(summaryText(without(ids, 'rarely seen'), undefined)).toEqual([
    'each of 40 others is not visible upright, with hips and feet, for long enough',
  ]);
});

test('a walk without lengths says what they need, and JSON has null for unknown values', async () => {
  const found = await findCycles(await trueTable(folder, 'walk-towards'), AUTO);
  const lines = summaryText(found.people, undefined);
  expect(lines[0]).toMatch(/^person 0: walks, along the camera's axis: \d heel strikes/);
  expect(lines.at(-1)).toMatch(/^ {2}lengths +- \(they need a view from the side\)$/);
  const [person] = JSON.parse(JSON.stringify(summaryJson(found))).people;
  expect(person).toMatchObject({ personId: 0, kind: 'gait', coordinates: 'space', speed: { count: 0, mean: null } });
  expect(person.cadence).toBeGreaterThan(95);
  expect(person.cadence).toBeLessThan(105);
});
