import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Truth } from '../../../samples/render/truth.js';
import { LANDMARK_IDS } from '../../../src/model/body.js';
import type { PersonMeasures } from '../../../src/postprocess/measures/person-measures.js';
import { type MeasuringOptions, writeMeasures } from '../../../src/postprocess/measures/write-measures.js';
import { SAMPLES } from '../../support/reference-clips.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import {
  readTruth,
  type TruthChange,
  trueHips,
  truePixelsPerMetre,
  writeTruthTable,
} from '../../support/truth-table.js';

const folder = await temporaryFolder();
const HEIGHTS: Readonly<Record<string, number>> = { adam: 1.75, bella: 1.6625, chidi: 1.8375, dora: 1.61 };
const WALKS = ['far-walk', 'overtaking', 'crossing', 'walk-across'].filter(name =>
  existsSync(join(SAMPLES, `${name}.truth.json`)),
);

let count = 0;

async function measure(truth: Truth, options: Partial<MeasuringOptions> = {}, change?: TruthChange) {
  const table = join(folder, `${count++}.csv`);
  await writeTruthTable(truth, table, change);
  const usual = { ground: undefined, joints: [], between: undefined, minConfidence: 0.5 } as const;
  const scale = { kind: 'given', pxPerMetre: truePixelsPerMetre(truth, 0) } as const;
  return writeMeasures(table, `${table}.measures.csv`, { scale, ...usual, ...options });
}

const row = ({ measured }: PersonMeasures, name: string) => {
  const found = measured.find(({ measure }) => measure === name);
  if (!found) throw new Error(`${name} is not measured`);
  return found;
};

function expectNear({ value, uncertainty }: { value: number; uncertainty: number }, truth: number, most: number) {
  expect(Math.abs(value - truth)).toBeLessThanOrEqual(2 * uncertainty);
  expect(uncertainty).toBeLessThanOrEqual(most);
}

describe('measurements of the true landmarks of the samples', () => {
  test.each(WALKS)(
    '%s: distances and speeds of everybody are within two deviations, and those are sane',
    async name => {
      const truth = await readTruth(name);
      for (const [person, who] of truth.people.entries()) {
        const metres = HEIGHTS[who];
        if (metres === undefined) continue;
        const { people } = await measure(truth, { scale: { kind: 'stature', metres } });
        const found = people[person]!;
        const { along } = trueHips(truth, person);
        const seconds = truth.times.at(-1)! - truth.times[0]!;
        const way = along.at(-1)! - along[0]!;
        expectNear(row(found, 'displacement'), way, 0.05 * Math.abs(way) + 0.02);
        expectNear(row(found, 'distance'), Math.abs(way), 0.05 * Math.abs(way) + 0.02);
        expectNear(row(found, 'mean_speed'), Math.abs(way) / seconds, 0.07);
        const speeds = along.slice(4).map((x, i) => Math.abs(x - along[i]!) / (truth.times[i + 4]! - truth.times[i]!));
        expectNear(row(found, 'peak_speed'), Math.max(...speeds), 0.15);
        expectNear(row(found, 'scale'), truePixelsPerMetre(truth, person), 0.06 * truePixelsPerMetre(truth, person));
      }
    },
  );

  test('squat: the hips go down and up, without a jump', async () => {
    const truth = await readTruth('squat');
    const { people } = await measure(truth, { scale: { kind: 'stature', metres: 1.6625 } });
    const { up } = trueHips(truth, 0);
    expectNear(row(people[0]!, 'vertical_range'), Math.max(...up) - Math.min(...up), 0.03);
    expect(people[0]!.measured.filter(({ measure }) => measure.startsWith('jump'))).toEqual([]);
    expect(people[0]!.doubts).toEqual([]);
  });

  test.each(WALKS)('%s: a walking person does not fly', async name => {
    const { people } = await measure(await readTruth(name));
    for (const { measured } of people) expect(measured.filter(({ measure }) => measure.startsWith('jump'))).toEqual([]);
  });

  test('walk-towards: a warning states by how much the size changes', async () => {
    const truth = await readTruth('walk-towards');
    const { people } = await measure(truth, { scale: { kind: 'stature', metres: 1.8375 } });
    const depths = truth.frames.map(([person]) => person![LANDMARK_IDS.left_hip]![4]);
    const change = row(people[0]!, 'size_change');
    // Half a second at either end counts as one size.
    const whole = (depths[0]! - depths.at(-1)!) / depths[depths.length >> 1]!;
    expect(change.value / 100 / whole).toBeGreaterThan(0.85);
    expect(change.value / 100 / whole).toBeLessThan(1.05);
    expect(people[0]!.doubts.join()).toMatch(/changes size in the picture by \d+ % from 0\.00 to 3\.97 s/);
    expect(row(people[0]!, 'scale').uncertainty / row(people[0]!, 'scale').value).toBeGreaterThan(0.1);
  });

  test('a line of known length is a scale', async () => {
    const truth = await readTruth('overtaking');
    const k = truePixelsPerMetre(truth, 0);
    const line = { x1: 100, y1: 200, x2: 100 + k, y2: 200 };
    const { people } = await measure(truth, { scale: { kind: 'line', line, metres: 1 } });
    expectNear(row(people[0]!, 'displacement'), trueHips(truth, 0).along.at(-1)! - trueHips(truth, 0).along[0]!, 0.06);
  });

  test('joints and their distance', async () => {
    const truth = await readTruth('far-walk');
    const between = ['left_heel', 'right_heel'] as const;
    const { people } = await measure(truth, { joints: ['right_wrist'], between });
    const place = (frame: number, id: number) => truth.frames[frame]![0]![id]!;
    const steps = truth.times.slice(1).map((_, i) => {
      const [a, b] = [place(i, LANDMARK_IDS.right_wrist), place(i + 1, LANDMARK_IDS.right_wrist)];
      return Math.hypot(a[2] - b[2], a[3] - b[3]);
    });
    expectNear(
      row(people[0]!, 'right_wrist_path'),
      steps.reduce((sum, step) => sum + step, 0),
      0.2,
    );
    expectNear(row(people[0]!, 'right_wrist_peak_speed'), Math.max(...steps) * 30, 0.3);
    const apart = truth.times.map((_, i) => {
      const [a, b] = [place(i, LANDMARK_IDS.left_heel), place(i, LANDMARK_IDS.right_heel)];
      return Math.hypot(a[2] - b[2], a[3] - b[3]);
    });
    expectNear(row(people[0]!, 'left_heel_right_heel_apart_max'), Math.max(...apart), 0.06);
    expectNear(
      row(people[0]!, 'left_heel_right_heel_apart_mean'),
      apart.reduce((sum, value) => sum + value, 0) / apart.length,
      0.06,
    );
  });
});

describe('difficult cases', () => {
  test('a sideways tilted camera, with and without the ground', async () => {
    const truth = await readTruth('overtaking');
    const [cos, sin] = [Math.cos(0.3), Math.sin(0.3)];
    const { width, height } = truth;
    const placeOf = (x: number, y: number) =>
      [
        width / 2 + cos * (x - width / 2) - sin * (y - height / 2),
        height / 2 + sin * (x - width / 2) + cos * (y - height / 2),
      ] as const;
    const [x1, y1] = placeOf(100, 200);
    const [x2, y2] = placeOf(300, 200);
    const straight = await measure(truth);
    const righted = await measure(truth, { ground: { x1, y1, x2, y2 } }, { placeOf });
    const tilted = await measure(truth, {}, { placeOf });
    for (const name of ['displacement', 'vertical_range', 'peak_speed']) {
      expect(row(righted.people[0]!, name).value).toBeCloseTo(row(straight.people[0]!, name).value, 2);
    }
    expect(row(tilted.people[0]!, 'vertical_range').value).toBeGreaterThan(0.3);
  });

  test('no measurement crosses a jump of the clock: each part has its own rows', async () => {
    const truth = await readTruth('far-walk');
    const leaps = await measure(truth, {}, { timeOf: (seconds, frame) => (frame < 30 ? seconds + 100 : seconds - 1) });
    expect(leaps.leaps).toContain('jump back from 100.967 s to 0 s at frame 30');
    const ways = leaps.people[0]!.measured.filter(({ measure }) => measure === 'displacement');
    const { along } = trueHips(truth, 0);
    expect(ways.map(({ from }) => from)).toEqual([100, 0]);
    // She comes nearer: one scale is off by some per cent in both halves.
    expect(Math.abs(ways[0]!.value / (along[29]! - along[0]!) - 1)).toBeLessThan(0.1);
    expect(Math.abs(ways[1]!.value / (along[59]! - along[30]!) - 1)).toBeLessThan(0.1);
  });

  test('uncertain joints are not used', async () => {
    const truth = await readTruth('overtaking');
    const hip = LANDMARK_IDS.left_hip;
    const confidenceOf = (id: number, frame: number) => (id === hip && frame >= 20 && frame < 40 ? 0.2 : 0.9);
    const { people } = await measure(truth, {}, { confidenceOf });
    expect(row(people[0]!, 'distance').note).toContain('not seen for 0.70 s');
    const all = await measure(truth, { minConfidence: 0 }, { confidenceOf });
    expect(row(all.people[0]!, 'distance').note).not.toContain('not seen');
    const none = await measure(truth, {}, { confidenceOf: id => (id === hip ? 0.2 : 0.9) });
    expect(none.people[0]!.measured).toEqual([]);
    expect(none.people[0]!.doubts).toEqual(['is visible too briefly, or with uncertain hips']);
  });

  test('a person who was never seen whole has no scale by height', async () => {
    const truth = await readTruth('overtaking');
    const ankles: readonly number[] = [LANDMARK_IDS.left_ankle, LANDMARK_IDS.right_ankle];
    const confidenceOf = (id: number) => (ankles.includes(id) ? 0.2 : 0.9);
    const { people } = await measure(truth, { scale: { kind: 'stature', metres: 1.75 } }, { confidenceOf });
    expect(people[0]!.doubts).toEqual(['is never fully visible: the scale cannot be computed from the height']);
  });

  test('points outside the picture are rejected, and no file is written', async () => {
    const truth = await readTruth('overtaking');
    const line = { x1: 10, y1: 10, x2: 1200, y2: 20 };
    await expect(measure(truth, { ground: line })).rejects.toThrow(
      '--ground: a point is outside the frame of 480x360 pixels',
    );
    await expect(measure(truth, { scale: { kind: 'line', line, metres: 3 } })).rejects.toThrow('--calibrate: a point');
    expect(existsSync(join(folder, `${count - 1}.csv.measures.csv`))).toBe(false);
  });

  test('several people have separate rows', async () => {
    const { people } = await measure(await readTruth('overtaking'));
    const [header, ...lines] = (await readFile(join(folder, `${count - 1}.csv.measures.csv`), 'utf8'))
      .trimEnd()
      .split('\n');
    expect(header).toBe('person_id,measure,value,unit,uncertainty,from,to,note');
    expect(lines).toHaveLength(people.flatMap(({ measured }) => measured).length);
    expect(new Set(lines.map(line => line.split(',')[0]))).toEqual(new Set(['0', '1']));
    expect(lines.every(line => line.split(',').length === 8)).toBe(true);
  });
});
