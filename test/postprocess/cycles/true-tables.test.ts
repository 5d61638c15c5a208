import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pairOf, SIDES } from '../../../src/model/body.js';
import { findCycles } from '../../../src/postprocess/cycles/find-cycles.js';
import type { PersonCycles } from '../../../src/postprocess/cycles/person-cycles.js';
import { compareEvents, expectNear, readGaitTruth } from '../../support/gait-truth.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { trueTable, truthOf } from '../../support/true-table.js';

const folder = await temporaryFolder();
const tableOf = (...clips: string[]) => trueTable(folder, ...clips);
const gait = await readGaitTruth();

const AUTO = { kind: 'auto', angle: 'auto', personHeight: undefined } as const;

const eventsOf = ({ found }: PersonCycles) => (typeof found !== 'string' && found.kind === 'gait' ? found.events : []);

describe('steps in the true landmarks of the samples', () => {
  test.each(['treadmill', 'walk-across', 'walk-towards'])('%s: all are found, and no others', async clip => {
    const { people, times } = await findCycles(await tableOf(clip), AUTO);
    const [walker] = people;
    const comparison = compareEvents(eventsOf(walker!), gait[clip]![0]!, [0.1, times.at(-1)! - 0.1]);
    // The heel turns 0.8 frames before it strikes, and the toe as much after it left: the limit of Zeni's method here.
    expectNear(comparison, 1, 2);
  });

  test('each of two people in one table has separate events', async () => {
    const clips = ['treadmill', 'walk-across'];
    const { people } = await findCycles(await tableOf(...clips), AUTO);
    expect(people.map(({ id }) => id)).toEqual([0, 1]);
    for (const [i, clip] of clips.entries()) {
      expectNear(compareEvents(eventsOf(people[i]!), gait[clip]![0]!, [0.1, 4.86]), 1, 2);
    }
  });

  test('no event of a foot lies where a pillar hides it', async () => {
    const truth = await truthOf('walk-behind-pillar');
    const { people } = await findCycles(await tableOf('walk-behind-pillar'), AUTO);
    const events = eventsOf(people[0]!);
    const comparison = compareEvents(events, gait['walk-behind-pillar']![0]!, [0, 0]);
    expect(comparison.invented).toEqual([]);
    expect(comparison.errors.length).toBeGreaterThanOrEqual(8);
    for (const [i, side] of SIDES.entries()) {
      const ankle = pairOf('ankle')[i]!;
      const isHidden = ({ frame }: { frame: number }) => truth.frames[frame]![0]![ankle]![5] === 0;
      expect(truth.times.filter((_, frame) => isHidden({ frame })).length).toBeGreaterThan(5);
      expect(events.filter(event => event.side === side && isHidden(event))).toEqual([]);
    }
  });

  test('no event and no stride crosses a restart of the clock', async () => {
    const [head = '', ...rows] = (await readFile(await tableOf('treadmill'), 'utf8')).trimEnd().split('\n');
    const restarted = rows.map(row => {
      const [frame, time, ...others] = row.split(',');
      return [frame, Number(frame) < 75 ? time : (Number(time) - 2.5).toFixed(6), ...others].join(',');
    });
    const path = join(folder, 'restarted.csv');
    await writeFile(path, `${[head, ...restarted].join('\n')}\n`);
    const { people, leaps } = await findCycles(path, AUTO);
    expect(leaps).toContain('jump back from 2.467 s to 0 s at frame 75');
    const [walker] = people;
    if (!walker || typeof walker.found === 'string' || walker.found.kind !== 'gait') throw new Error('does not walk');
    const { events, strides } = walker.found;
    for (const { startFrame, endFrame } of strides) expect(startFrame < 75).toBe(endFrame < 75);
    const inVideo = events.map(({ frame, time, ...event }) => ({ ...event, time: frame < 75 ? time : time + 2.5 }));
    const { errors, invented } = compareEvents(inVideo, gait.treadmill![0]!, [0, 0]);
    expect(invented).toEqual([]);
    expect(errors.length).toBeGreaterThanOrEqual(15);
    expect(Math.max(...errors.map(Math.abs))).toBeLessThanOrEqual(2);
  });

  test('a person who talks has none beside one who walks', async () => {
    const { people } = await findCycles(await tableOf('enters-behind'), { ...AUTO, kind: 'gait' });
    expect(people[0]?.found).toBe('not walking');
  });

  test.each(['squat', 'push-up', 'portrait', 'turn', 'sit', 'wave', 'cartwheel'])('%s has none', async clip => {
    const { people } = await findCycles(await tableOf(clip), { ...AUTO, kind: 'gait' });
    expect(typeof people[0]?.found).toBe('string');
  });

  test('lengths are those of the strides, in the metres of the table and for a given height', async () => {
    const walked = async (personHeight: number | undefined) => {
      const { people } = await findCycles(await tableOf('treadmill'), { ...AUTO, personHeight });
      const found = people[0]?.found;
      if (found === undefined || typeof found === 'string' || found.kind !== 'gait') throw new Error('does not walk');
      return found.summary;
    };
    const { strideLength, speed, left, right } = await walked(undefined);
    // A stride of 1.1 m in 1 s, of which 0.59 m are the right step. The rear heel has risen when the other one strikes,
    // and is a few centimetres nearer.
    expect(strideLength.mean).toBeGreaterThan(1);
    expect(strideLength.mean).toBeLessThan(1.1);
    expect(speed.mean).toBeCloseTo(strideLength.mean, 2);
    expect(right.stepLength.mean - left.stepLength.mean).toBeGreaterThan(0.02);
    expect(left.step.mean).toBeCloseTo(0.46, 2);
    expect(right.step.mean).toBeCloseTo(0.54, 2);
    const [small, large] = [await walked(1.5), await walked(3)];
    expect(large.strideLength.mean / small.strideLength.mean).toBeCloseTo(2, 6);
  });
});

describe('repetitions in the true landmarks of the samples', () => {
  test.each([
    ['squat', 'left_knee', [1, 3], 0.05],
    ['push-up', 'left_elbow', [0.8, 2.4], 0.05],
    // A person who holds still at the turning point may have it anywhere in that time.
    ['portrait', 'left_shoulder', [0.58, 1.78, 2.98], 0.18],
    ['sit', 'left_knee', [1.95], 0.5],
  ])('%s: those of %s are counted, each at its time', async (clip, angle, turns, within) => {
    const { people } = await findCycles(await tableOf(clip), { ...AUTO, angle });
    const found = people[0]?.found;
    if (found === undefined || typeof found === 'string' || found.kind !== 'repetitions')
      throw new Error(`found ${String(found)}`);
    expect(found.repetitions).toHaveLength(turns.length);
    for (const [i, { turn }] of found.repetitions.entries()) expect(Math.abs(turn - turns[i]!)).toBeLessThan(within);
    expect(found.curves.find(curve => curve.angle === angle)).toMatchObject({ count: turns.length, side: undefined });
  });

  test('the angle with the largest periodic range is chosen', async () => {
    for (const [clip, angle] of [
      ['squat', /^(left|right)_(knee|shoulder|hip)$/],
      ['push-up', /^(left|right)_elbow$/],
      ['portrait', /^(left|right)_shoulder$/],
    ] as const) {
      const { people } = await findCycles(await tableOf(clip), AUTO);
      expect(people[0]?.found, clip).toMatchObject({ kind: 'repetitions', angle: expect.stringMatching(angle) });
    }
  });

  test('a movement that is not repeated has none', async () => {
    const { people } = await findCycles(await tableOf('with-audio'), AUTO);
    expect(people[0]?.found).toBe('nothing repeats');
    const turned = await findCycles(await tableOf('with-audio'), { ...AUTO, angle: 'left_knee' });
    expect(turned.people[0]?.found).toBe('no repetition');
  });
});
