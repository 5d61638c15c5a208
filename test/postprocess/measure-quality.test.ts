import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { measureQuality } from '../../src/postprocess/measure-quality.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const GOLDEN = join(SAMPLES, 'golden', 'wave.csv');
const [head = '', ...lines] = (await readFile(GOLDEN, 'utf8')).trimEnd().split('\n');
const columns = head.split(',');
let count = 0;

/** The quality of the golden table with changed cells; undefined removes the person from the frame. */
async function qualityOf(
  change: (cell: string, column: string, frame: number, row: readonly string[]) => string | undefined,
) {
  const rows = lines.map((line, frame) => {
    const row = line.split(',');
    const changed = row.map((cell, i) => change(cell, columns[i]!, frame, row));
    return changed.includes(undefined) ? row.map((cell, i) => (i < 2 ? cell : i === 3 ? 'missing' : '')) : changed;
  });
  const path = join(folder, `${count++}.csv`);
  await writeFile(path, `${[head, ...rows.map(row => row.join(','))].join('\n')}\n`);
  return measureQuality(path);
}

/** A row of the golden table as another person's. */
function personRow(frame: number, id: number, change: (cell: string, column: string) => string = cell => cell): string {
  const cells = lines[frame]!.split(',');
  return cells.map((cell, i) => (columns[i] === 'person_id' ? String(id) : change(cell, columns[i]!))).join();
}

/** The quality of a table with these rows in each of the golden table's frames. */
async function qualityOfPeople(rowsOf: (frame: number) => readonly (string | undefined)[]) {
  const rows = lines.flatMap((line, frame) => {
    const there = rowsOf(frame).filter(row => row !== undefined);
    const missing = line.split(',').map((cell, i) => (i < 2 ? cell : i === 3 ? 'missing' : ''));
    return there.length > 0 ? there : [missing.join()];
  });
  const path = join(folder, `${count++}.csv`);
  await writeFile(path, `${[head, ...rows].join('\n')}\n`);
  return measureQuality(path);
}

const moved = (cell: string, by: number) => String(Number(cell) + by);

describe('quality', () => {
  test('of a waving person is research grade', async () => {
    const quality = await measureQuality(GOLDEN);
    expect(quality).toMatchObject({
      frames: 60,
      detectionRate: 1,
      missingRate: 0,
      researchGrade: true,
      reasons: [],
      jumps: { count: 0 },
      swaps: { count: 0 },
    });
    expect(quality.consistency).toBeGreaterThan(0.9);
    expect(quality.jitter).toBeLessThan(0.01);
    expect(quality.visibility.nose).toBeGreaterThan(0.99);
  });

  test('counts frames without people among all frames, and finds the longest gap', async () => {
    const gone = (frame: number) => frame === 5 || (frame >= 30 && frame < 45);
    const quality = await qualityOf((cell, _, frame) => (gone(frame) ? undefined : cell));
    expect(quality.detectionRate).toBeCloseTo(44 / 60, 6);
    expect(quality.longestGap).toEqual({ frames: 15, at: 1 });
    expect(quality.researchGrade).toBe(false);
    expect(quality.reasons).toEqual(['detection rate 0.73, below 0.8', 'missing 0.27, above 0.2']);
    expect(quality.missingFrames).toBe(16);
    expect(quality.people[0]).toMatchObject({ frames: 44, spanFrames: 60, longestGap: { frames: 15, at: 0.966667 } });
  });

  test('is good by its gates alone, each with its value and its limit', async () => {
    const quality = await qualityOf((cell, column, frame) => {
      if (frame >= 30 && frame < 45) return undefined;
      return column === 'score' ? '0.55' : cell;
    });
    expect(quality.gates).toEqual([
      { name: 'detectionRate', value: 0.75, bound: 'least', limit: 0.8, passed: false },
      { name: 'confidence', value: expect.closeTo(0.55, 9), bound: 'least', limit: 0.6, passed: false },
      { name: 'consistency', value: quality.consistency, bound: 'least', limit: 0.7, passed: true },
      { name: 'missingRate', value: 0.25, bound: 'most', limit: 0.2, passed: false },
      { name: 'changes', value: 0, bound: 'most', limit: 0, passed: true },
    ]);
    expect(quality.researchGrade).toBe(quality.gates.every(({ passed }) => passed));
  });

  test('names the poses with the lowest scores, apart in time, the lowest first', async () => {
    const low = new Map([
      [10, '0.31'],
      [11, '0.3'],
      [40, '0.2'],
    ]);
    const { lowestScores } = await qualityOf((cell, column, frame) =>
      column === 'score' ? (low.get(frame) ?? '0.9') : cell,
    );
    expect(lowestScores.slice(0, 3)).toEqual([
      { score: 0.2, at: expect.closeTo(40 / 30, 5), frameId: 40, personId: 0 },
      { score: 0.3, at: expect.closeTo(11 / 30, 5), frameId: 11, personId: 0 },
      expect.objectContaining({ score: 0.9 }),
    ]);
  });

  test('counts the invisible joints of each body part', async () => {
    const { unseen } = await qualityOf((cell, column, frame) =>
      frame < 15 && /^left_(knee|ankle)_(visibility|confidence)$/.test(column) ? '0.2' : cell,
    );
    expect(unseen.knee).toBeCloseTo(15 / 120, 2);
    expect([unseen.face, unseen.shoulder]).toEqual([0, 0]);
  });

  test('reports for which angles the plane is rotated out of the picture, in degrees', async () => {
    // Every second frame as seen by a camera at the person's side: width is depth there.
    const { planes } = await qualityOf((cell, column, frame, row) => {
      const [, joint, axis] = /^(.*)_world_([xz])$/.exec(column) ?? [];
      if (axis === undefined) return cell;
      if (frame % 2 === 0) return axis === 'z' ? '0' : cell;
      return axis === 'x' ? '0' : row[columns.indexOf(`${joint}_world_x`)];
    });
    expect(planes.shoulder_girdle).toEqual({ medianDegrees: 0, beyondLimit: 0.5 });
    expect(planes.pelvis?.beyondLimit).toBe(0.5);
    expect(planes.left_thigh_segment).toBeUndefined();
  });

  test("reports the table's confidences, and null if it has none", async () => {
    const table = async (name: string, confidences: readonly string[]) => {
      const rows = confidences.map(
        (confidence, frame) => `${frame},${frame / 30},0,0,0.5,0.5,1,tracked,0.9,${confidence}`,
      );
      const names = 'frame_id,timestamp,person_id,landmark_id,x,y,visibility,status,score,confidence';
      await writeFile(join(folder, name), `${[names, ...rows].join('\n')}\n`);
      return measureQuality(join(folder, name));
    };
    const { landmarkConfidence, confidence } = await table('sure.csv', ['0.2', '', '0.6']);
    expect([landmarkConfidence?.nose, confidence]).toEqual([expect.closeTo(0.4, 6), expect.closeTo(0.9, 6)]);
    expect((await table('unsure.csv', ['', ''])).landmarkConfidence).toBeNull();
  });

  test('finds jumps of the body, swapped sides, shaking and changing bone lengths', async () => {
    const jump = await qualityOf((cell, column, frame) =>
      frame === 20 && /_x$/.test(column) && !column.includes('world') ? moved(cell, 0.2) : cell,
    );
    expect(jump.jumps).toMatchObject({ count: 2, at: [0.666667, 0.7] });
    const swap = await qualityOf((cell, column, frame, row) => {
      const other = column.startsWith('left_') ? column.replace('left_', 'right_') : column.replace('right_', 'left_');
      return frame >= 20 && frame < 25 ? (row[columns.indexOf(other)] ?? cell) : cell;
    });
    expect(swap.swaps.count).toBe(2);
    const shaking = await qualityOf((cell, column, frame) =>
      /_y$/.test(column) && !column.includes('world') ? moved(cell, frame % 2 === 0 ? 0.01 : -0.01) : cell,
    );
    expect(shaking.jitter).toBeGreaterThan(0.05);
    const rubber = await qualityOf((cell, column, frame) =>
      column.includes('_world_') ? String(Number(cell) * (1 + (frame % 3))) : cell,
    );
    expect(rubber.consistency).toBeLessThan(0.7);
    expect(rubber.reasons.join()).toContain('consistency');
  });

  test('judges each person in their own time, by their own bones', async () => {
    const larger = (cell: string, column: string) => (column.includes('_world_') ? moved(cell, Number(cell)) : cell);
    const both = await qualityOfPeople(frame => [
      frame < 40 ? personRow(frame, 0) : undefined,
      frame >= 10 ? personRow(frame, 1, larger) : undefined,
    ]);
    expect(both).toMatchObject({ detectionRate: 1, personChanges: null, researchGrade: true, reasons: [] });
    expect(both.consistency).toBeGreaterThan(0.9);
    expect(both.people).toMatchObject([
      { personId: 0, frames: 40, from: 0, to: 1.3, detectionRate: 1, researchGrade: true },
      { personId: 1, frames: 50, from: 0.333333, to: 1.966667, detectionRate: 1, researchGrade: true },
    ]);
    const often = await qualityOfPeople(frame => [
      personRow(frame, 0),
      frame % 2 === 0 ? personRow(frame, 1, (cell, column) => (column === 'score' ? '0.5' : cell)) : undefined,
    ]);
    expect(often.people.map(({ researchGrade }) => researchGrade)).toEqual([true, false]);
    expect(often.people[1]?.detectionRate).toBeCloseTo(30 / 59, 6);
    expect(often).toMatchObject({ detectionRate: 1, researchGrade: false });
    expect(often.reasons).toEqual([
      'person 1: detection rate 0.51, below 0.8 and confidence 0.50, below 0.6 and missing 0.49, above 0.2',
    ]);
  });

  test('of one person at a time who changes is not research grade', async () => {
    const { personChanges, people, researchGrade, reasons } = await qualityOfPeople(frame => [
      frame === 29 ? undefined : personRow(frame, frame < 30 ? 0 : 1),
    ]);
    expect(people.map(person => person.researchGrade)).toEqual([true, true]);
    expect([personChanges, researchGrade, reasons]).toEqual([1, false, ['the person changes once']]);
    const back = await qualityOfPeople(frame => [personRow(frame, frame >= 20 && frame < 30 ? 1 : 0)]);
    expect(back.personChanges).toBe(2);
    expect(back.reasons[0]).toBe('the person changes 2 times');
    expect((await qualityOfPeople(() => [undefined])).researchGrade).toBe(false);
  });

  test('is written by analyze, shown in its summary and record, and equal to that of the quality command', async () => {
    const out = join(folder, 'out');
    const args = ['analyze', join(SAMPLES, 'wave.mp4'), '-o', out, '--quality', '--no-overlay', '--max-frames', '5'];
    const { code, stderr } = await runCli(args);
    expect(code).toBe(0);
    expect(stderr).toMatch(/quality +5 of 5 checks passed/);
    expect(stderr).toMatch(/detection rate 1\.00 \(at least 0\.8\)\s+mean score 1\.00 \(at least 0\.6\)/);
    expect(stderr).not.toMatch(/research grade/i);
    const written = JSON.parse(await readFile(join(out, 'wave.quality.json'), 'utf8'));
    expect(JSON.parse(await readFile(join(out, 'wave.run.json'), 'utf8')).quality).toEqual(written);
    expect(JSON.parse((await runCli(['quality', join(out, 'wave.csv')])).stdout)).toEqual(written);
    expect((await runCli(['analyze', 'a.mp4', '--csv', '-', '--quality'])).code).toBe(2);
  });
});
