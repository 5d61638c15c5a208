import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const made = await runCli([
  'analyze',
  join(SAMPLES, 'squat.mp4'),
  '-o',
  folder,
  ...['--max-frames', '8', '--no-overlay', '--angles', '--plots', '-q'],
]);

test('angles of a table equal those of the analysis', async () => {
  expect(made.code).toBe(0);
  await copyFile(at('squat.csv'), at('again.csv'));
  await copyFile(at('squat.run.json'), at('again.run.json'));
  const { code, stderr } = await runCli(['angles', at('again.csv')]);
  expect([code, stderr]).toEqual([0, `${at('again.angles.csv')}\n`]);
  expect(await readFile(at('again.angles.csv'), 'utf8')).toBe(await readFile(at('squat.angles.csv'), 'utf8'));
});

test('a row of angles states its plane, and flags it beyond 30 degrees', async () => {
  const [head, ...rows] = (await readFile(at('squat.angles.csv'), 'utf8')).trimEnd().split('\n');
  expect(head).toBe('frame_id,timestamp,person_id,angle,degrees_2d,degrees_3d,confidence,plane_degrees,out_of_plane');
  const planes = rows.map(row => row.split(',').slice(-2).map(Number));
  expect(planes.length).toBe(8 * 28);
  for (const [plane, flag] of planes) expect(flag).toBe(Number(plane! > 30));
  expect(new Set(planes.map(([, flag]) => flag)).size).toBe(2);
});

test('smoothed angles come from a filtered table, also through stdout', async () => {
  await runCli(['filter', at('squat.csv'), '-q']);
  const { code, stdout } = await runCli(['angles', at('squat.filtered.csv'), '-o', '-']);
  expect(code).toBe(0);
  const raw = await readFile(at('squat.angles.csv'), 'utf8');
  expect(stdout.split('\n').length).toBe(raw.split('\n').length);
  expect(stdout).not.toBe(raw);
});

test('plots of a table equal those of the analysis, except for the name', async () => {
  const { code } = await runCli(['plots', at('again.csv')]);
  expect(code).toBe(0);
  const drawn = await readFile(at('again.plots.svg'), 'utf8');
  expect(drawn.replaceAll('again', 'squat')).toBe(await readFile(at('squat.plots.svg'), 'utf8'));
  expect((await readFile(at('again.plots.png'))).subarray(1, 4).toString()).toBe('PNG');
});

test('both replace their own results, and no other file', async () => {
  expect((await runCli(['angles', at('again.csv')])).code).toBe(0);
  expect((await runCli(['plots', at('again.csv')])).code).toBe(0);
  await writeFile(at('again.angles.csv'), 'mine');
  await writeFile(at('again.plots.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  const angles = await runCli(['angles', at('again.csv')]);
  const plots = await runCli(['plots', at('again.csv')]);
  expect([angles.code, plots.code]).toEqual([1, 1]);
  expect(angles.stderr).toContain('already exists');
  expect(await readFile(at('again.angles.csv'), 'utf8')).toBe('mine');
  expect((await readdir(folder)).filter(name => name.endsWith('.partial'))).toEqual([]);
});

test('a folder with a slash receives plots named after the table', async () => {
  const { code } = await runCli(['plots', at('squat.csv'), '-o', at('figures/')]);
  expect(code).toBe(0);
  expect((await readdir(at('figures'))).sort()).toEqual(['squat.plots.png', 'squat.plots.svg']);
});

test('a file that is not a table is rejected in one line', async () => {
  for (const command of ['angles', 'plots']) {
    const { code, stderr } = await runCli([command, join(SAMPLES, 'squat.mp4')]);
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  }
});
