import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LANDMARK_IDS } from '../../../src/model/body.js';
import { findCycles } from '../../../src/postprocess/cycles/find-cycles.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { trueTable } from '../../support/true-table.js';

const folder = await temporaryFolder();
const AUTO = { kind: 'auto', angle: 'auto', personHeight: undefined } as const;

type Row = Record<string, string>;
type Rows = Row[];

/** The true table of a clip, with its frames changed. */
async function changed(name: string, clip: string, change: (frames: Rows[], times: string[]) => Rows[]) {
  const [head = '', ...lines] = (await readFile(await trueTable(folder, clip), 'utf8')).trimEnd().split('\n');
  const columns = head.split(',');
  const frames: Rows[] = [];
  for (const line of lines) {
    const row: Row = Object.fromEntries(line.split(',').map((cell, i) => [columns[i]!, cell]));
    const frame = Number(row.frame_id);
    frames[frame] = [...(frames[frame] ?? []), row];
  }
  const times = frames.map(([row]) => row!.timestamp!);
  const rows = change(frames, times).flatMap((frame, i) =>
    frame.map((row): Row => ({ ...row, frame_id: String(i), timestamp: times[i]! })),
  );
  const path = join(folder, name);
  await writeFile(path, `${[head, ...rows.map(row => columns.map(column => row[column]).join(','))].join('\n')}\n`);
  return path;
}

describe('steps of a table that is played backwards', () => {
  test.each(['treadmill', 'walk-across'])('%s: are not heel strikes', async clip => {
    const path = await changed(`${clip}-back.csv`, clip, frames => frames.toReversed());
    const { people } = await findCycles(path, { ...AUTO, kind: 'gait' });
    expect(people.map(({ found }) => found)).toEqual(['backwards']);
  });
});

test('a table whose clock stands still has no cycles in unmeasured seconds', async () => {
  const path = await changed('standing.csv', 'treadmill', (frames, times) => {
    times.fill('2.000000');
    return frames;
  });
  await expect(findCycles(path, AUTO)).rejects.toThrow(/standing\.csv: all 150 frames have the same time, 2 s/);
});

/** Both arms, seen from the side, hang and rise over the head to 190 degrees and back, five times. */
function raised(frames: Rows[], times: string[]): Rows[] {
  return frames.map((_, i) => {
    const angle = ((90 - 100 * Math.cos((2 * Math.PI * Number(times[i])) / 1)) * Math.PI) / 180;
    const frame = frames[0]!.map((row): Row => ({ ...row, visibility: '0.9', confidence: '0.9' }));
    for (const side of ['left', 'right'] as const) {
      const [shoulder, elbow] = (['shoulder', 'elbow'] as const).map(part => frame[LANDMARK_IDS[`${side}_${part}`]]!);
      const place = (column: string, reach: number, of: (radians: number) => number) => {
        elbow![column] = (Number(shoulder![column]) + reach * of(angle)).toFixed(6);
      };
      for (const [reach, x, y] of [
        [60, 'x_px', 'y_px'],
        [0.3, 'world_x', 'world_y'],
      ] as const) {
        place(x, reach, Math.sin);
        place(y, reach, Math.cos);
      }
      elbow!.x = (Number(elbow!.x_px) / 480).toFixed(6);
      elbow!.y = (Number(elbow!.y_px) / 360).toFixed(6);
      elbow!.world_z = shoulder!.world_z!;
    }
    return frame;
  });
}

test('an arm that rises past the vertical turns there, not where its angle jumps from 180 to -180', async () => {
  const path = await changed('raised.csv', 'treadmill', raised);
  const [person] = (await findCycles(path, { ...AUTO, kind: 'repetitions' })).people;
  if (!person || typeof person.found === 'string' || person.found.kind !== 'repetitions') throw new Error('none');
  const { angle, repetitions, curves } = person.found;
  expect(angle).toMatch(/shoulder$/);
  expect(repetitions.length).toBeGreaterThanOrEqual(4);
  for (const { start, end, rest, reached } of repetitions) {
    expect(end - start).toBeGreaterThan(0.8);
    expect(end - start).toBeLessThan(1.1);
    expect(Math.abs(reached - rest)).toBeGreaterThan(180);
    expect(Math.abs(reached - rest)).toBeLessThan(205);
  }
  const { mean = [] } = curves.find(curve => curve.angle === angle) ?? {};
  for (const [i, value] of mean.entries()) if (i > 0) expect(Math.abs(value - mean[i - 1]!)).toBeLessThan(20);
});
