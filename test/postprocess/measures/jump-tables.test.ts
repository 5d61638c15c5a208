import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TrueLandmark, Truth } from '../../../samples/render/truth.js';
import { LANDMARK_IDS, pairOf } from '../../../src/model/body.js';
import { writeMeasures } from '../../../src/postprocess/measures/write-measures.js';
import { flightSeconds, type Jump, jumperAt, normal, STANDS, STRETCH } from '../../signal/measures/jumper.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { readTruth, truePixelsPerMetre, writeTruthTable } from '../../support/truth-table.js';

const folder = await temporaryFolder();
const FEET: readonly number[] = ['heel', 'foot_index', 'ankle'].flatMap(part => pairOf(part as 'heel'));
const KNEES: readonly number[] = pairOf('knee');

/** The woman of `squat`, standing as in her first frame, jumps on the spot. */
async function jumping(jumps: readonly Jump[], rate: number, jitterPixels: number): Promise<Truth> {
  const truth = await readTruth('squat');
  const standing = truth.frames[0]![0]!;
  const noise = normal(2);
  const depth = standing[LANDMARK_IDS.left_hip]![4];
  const focal = truth.height / 2 / Math.tan((truth.verticalFieldOfViewDegrees * Math.PI) / 360);
  const times = Array.from({ length: 6 * rate }, (_, i) => i / rate);
  const frames = times.map(time => {
    const { hips, feet } = jumperAt(time, jumps);
    const body = hips - STANDS;
    return [
      standing.map((mark, id): TrueLandmark => {
        const [x, y, cx, cy, cz, sight] = mark;
        const up = FEET.includes(id) ? feet : KNEES.includes(id) ? (feet + body) / 2 : body;
        return [x + jitterPixels * noise(), y - (up * focal) / depth + jitterPixels * noise(), cx, cy - up, cz, sight];
      }),
    ];
  });
  return { ...truth, times, frames };
}

describe('jumps in a table', () => {
  test.each([
    [30, 0],
    [60, 0.5],
    [120, 1],
  ])('%d frames in a second, landmarks that jitter by %d px: within two deviations', async (rate, jitter) => {
    const jumps = [
      { at: 1.507, height: 0.24 },
      { at: 3.811, height: 0.41 },
    ];
    const truth = await jumping(jumps, rate, jitter);
    const table = join(folder, `${rate}.csv`);
    await writeTruthTable(truth, table);
    const { people } = await writeMeasures(table, `${table}.measures.csv`, {
      scale: { kind: 'given', pxPerMetre: truePixelsPerMetre(truth, 0) },
      ground: undefined,
      joints: [],
      between: undefined,
      minConfidence: 0.5,
    });
    const rows = people[0]!.measured.filter(({ measure }) => measure.startsWith('jump_'));
    const truths = jumps.flatMap(jump => [flightSeconds(jump), jump.height, jump.height + STRETCH]);
    expect(rows).toHaveLength(truths.length);
    for (const [i, { value, uncertainty, from, to }] of rows.entries()) {
      const jump = jumps[Math.floor(i / 3)]!;
      expect(Math.abs(value - truths[i]!)).toBeLessThan(2 * uncertainty);
      expect(uncertainty).toBeLessThan(0.03);
      expect(Math.abs(from - jump.at)).toBeLessThan(1.5 / rate + 0.01);
      expect(Math.abs(to - jump.at - flightSeconds(jump))).toBeLessThan(1.5 / rate + 0.01);
    }
    expect(people[0]!.doubts).toEqual([]);
  });
});
