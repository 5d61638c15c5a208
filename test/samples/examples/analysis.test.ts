import { copyFile, mkdir, readFile, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, test } from 'vitest';
import { readCsv } from '../../support/csv.js';
import { EXAMPLES, runProgram, withBodyscriptOnPath } from '../../support/examples.js';
import { fullTest } from '../../support/full-tests.js';
import { pythonWith } from '../../support/readers.js';
import { SAMPLES } from '../../support/reference-clips.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FRAMES = 20;
/** Our own angles have two decimals, as those of the examples, and are computed from coordinates before rounding. */
const ANGLE_TOLERANCE = 0.02;
const PYTHON = pythonWith('pandas', 'matplotlib');
const folder = await temporaryFolder();
const env = await withBodyscriptOnPath(folder);
const run = (file: string, ...args: readonly string[]) => runProgram(file, args, { cwd: folder, env });
const HAS_R = (await run('Rscript', '-e', 'q()')).code === 0;

/** The program's own knee angles in the picture, by frame and side, without their signs, of joints that are sure. */
async function trueKnees(): Promise<Map<string, number>> {
  const rows = await readCsv(join(folder, 'results/walk.angles.csv'));
  return new Map(
    rows
      .filter(({ angle, confidence }) => angle?.endsWith('_knee') && Number(confidence) > 0.5)
      .map(({ frame_id, angle, degrees_2d }) => [
        `${frame_id} ${angle?.replace('_knee', '')}`,
        Math.abs(Number(degrees_2d)),
      ]),
  );
}

/** Holds a table of an example against those. */
async function expectKnees(file: string): Promise<void> {
  const truth = await trueKnees();
  const text = (await readFile(join(folder, file), 'utf8')).replaceAll('"', '').trimEnd().split('\n').slice(1);
  const found = text.map(line => line.split(','));
  expect(truth.size).toBeGreaterThan(FRAMES); // Both knees in most frames, or the clip proves nothing.
  expect(found).toHaveLength(FRAMES);
  for (const [frame, , person, ...sides] of found) {
    expect(person).toMatch(/^0(\.0)?$/);
    for (const [i, side] of ['left', 'right'].entries()) {
      const expected = truth.get(`${frame} ${side}`);
      if (expected !== undefined) expect(Math.abs(Number(sides[i]) - expected)).toBeLessThan(ANGLE_TOLERANCE);
      else expect(['', 'NA']).toContain(sides[i]);
    }
  }
}

describe('the examples that read tables', () => {
  beforeAll(async () => {
    await copyFile(join(SAMPLES, 'walk-across.mp4'), join(folder, 'walk.mp4'));
    const analyze = (...args: readonly string[]) =>
      run('bodyscript', 'analyze', 'walk.mp4', '--no-overlay', '--max-frames', String(FRAMES), '-q', ...args);
    expect(await analyze('-o', 'results', '--angles')).toMatchObject({ code: 0 });
    expect(await analyze('-o', 'wide', '--csv-layout', 'wide')).toMatchObject({ code: 0 });
  });

  test.skipIf(!PYTHON)('pandas computes the same knee angles as --angles, and plots them', async () => {
    const { code, stderr } = await run(PYTHON!, join(EXAMPLES, 'knee-angle.py'), 'results/walk.csv');
    expect([code, stderr]).toEqual([0, '']);
    await expectKnees('walk.knees.csv');
    const plot = await readFile(join(folder, 'walk.knees.png'));
    expect(plot.subarray(1, 4).toString()).toBe('PNG');
  });

  test.skipIf(!HAS_R)('R computes the same knee angles as --angles, and plots them', async () => {
    const { code, stdout, stderr } = await run('Rscript', join(EXAMPLES, 'knee-angle.R'), 'wide/walk.csv');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/Median/);
    await expectKnees('walk.knees.csv');
    expect((await stat(join(folder, 'walk.knees.pdf'))).size).toBeGreaterThan(1000);
  });

  test('DuckDB gives a row for each frame with the pixels of both knees', async () => {
    const sql = (await readFile(join(EXAMPLES, 'knees.sql'), 'utf8')).replace(
      'results/walk.csv',
      join(folder, 'results/walk.csv'),
    );
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const rows = (await connection.runAndReadAll(sql)).getRowObjectsJson();
    connection.closeSync();
    instance.closeSync();
    const wide = await readCsv(join(folder, 'wide/walk.csv'));
    expect(rows).toHaveLength(FRAMES);
    for (const [i, row] of rows.entries()) {
      const pixels = ['left', 'right'].flatMap(side =>
        ['x', 'y'].map(axis => {
          const isSure = Number(wide[i]?.[`${side}_knee_confidence`]) > 0.5;
          return isSure ? Number(wide[i]?.[`${side}_knee_${axis}_px`]) : null;
        }),
      );
      expect([row.left_knee_x_px, row.left_knee_y_px, row.right_knee_x_px, row.right_knee_y_px]).toEqual(pixels);
    }
  });
});

describe('the examples that analyse', () => {
  test('the pipeline prints the times at which the wrist is above the shoulder, as the table has them', async () => {
    const clip = join(SAMPLES, 'wave.mp4');
    const { code, stdout, stderr } = await run('bash', join(EXAMPLES, 'pipeline.sh'), clip);
    expect([code, stderr]).toEqual([0, '']);
    // A pipe is decided frame by frame, so the same of the file.
    const table = ['--csv', '-', '--csv-layout', 'wide', '--look-ahead', '0', '-q'];
    const { stdout: csv } = await run('bodyscript', 'analyze', clip, ...table);
    const [header = '', ...lines] = csv.trimEnd().split('\n');
    const columns = header.split(',');
    const at = (line: string, name: string) => line.split(',')[columns.indexOf(name)] ?? '';
    const raised = lines.filter(
      line => at(line, 'person_id') !== '' && Number(at(line, 'right_wrist_y')) < Number(at(line, 'right_shoulder_y')),
    );
    const seconds = stdout.trimEnd().split('\n').map(Number);
    expect(raised.length).toBeGreaterThan(0);
    expect(raised.length).toBeLessThan(lines.length);
    expect(seconds).toHaveLength(raised.length);
    for (const [i, line] of raised.entries())
      expect(Math.abs(Number(at(line, 'timestamp')) - seconds[i]!)).toBeLessThan(0.001);
  });

  fullTest('the program in JavaScript counts the frames with both hands up, and says why it cannot', async () => {
    await mkdir(join(folder, 'node_modules'));
    await symlink(ROOT, join(folder, 'node_modules/bodyscript'));
    await copyFile(join(EXAMPLES, 'hands-up.mjs'), join(folder, 'hands-up.mjs'));
    const count = async (clip: string) => await run('node', 'hands-up.mjs', join(SAMPLES, clip));
    expect(await count('hands-up.mp4')).toMatchObject({ code: 0, stderr: '' });
    const [, raised, frames] =
      /^(\d+) of (\d+) frames with both hands up$/m.exec((await count('hands-up.mp4')).stdout) ?? [];
    expect(Number(frames)).toBe(24);
    expect(Number(raised)).toBeGreaterThan(0);
    expect((await count('from-behind.mp4')).code).toBe(0);
    const missing = await count('absent.mp4');
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(/^INPUT_MISSING: /);
  });
});
