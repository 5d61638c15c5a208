import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { firstOf } from '../support/full-tests.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const GOLDEN = join(SAMPLES, 'golden');
const WAVE = join(GOLDEN, 'wave.csv');

/** The golden table with one frame's landmarks moved, and another frame removed. */
async function makeChanged(path: string): Promise<void> {
  const lines = (await readFile(WAVE, 'utf8')).split('\n');
  const columns = lines[0]!.split(',');
  const moved = lines[13]!
    .split(',')
    .map((cell, i) => (columns[i]?.endsWith('_x_px') ? String(Number(cell) + 9) : cell));
  lines[13] = moved.join(',');
  lines.splice(31, 1);
  await writeFile(path, lines.join('\n'));
}

describe('bodyscript compare', () => {
  test('the same file: exit code 0', async () => {
    const { code, stdout } = await runCli(['compare', WAVE, WAVE]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^same .*60 compared, 0 lost, 0 added/s);
  });

  test('another one: exit code 4, and a report that says what differs, where and by how much, in each format', async () => {
    await makeChanged(at('changed.csv'));
    const forms = [
      '--junit',
      at('report.xml'),
      '--markdown',
      at('report.md'),
      '--picture',
      at('worst'),
      '--video',
      join(SAMPLES, 'wave.mp4'),
    ];
    const { code, stdout } = await runCli(['compare', WAVE, at('changed.csv'), '--worst', '1', ...forms]);
    expect(code).toBe(4);
    expect(stdout).toMatch(/fails +frames: 1 lost, 0 added/);
    expect(stdout).toMatch(
      /worst +frame 12 \(0\.400 s\), person 0, \w+: position differs by 9\.00 px, 4\.5 times the tolerance/,
    );
    expect(stdout).toMatch(/lost at +1\.000 s/);
    expect(await readFile(at('report.xml'), 'utf8')).toMatch(/<testsuites tests="1" failures="1"/);
    expect(await readFile(at('report.md'), 'utf8')).toMatch(/\| :x: \| 1, 0 of 60 \|/);
    expect(await readdir(at('worst'))).toEqual(['worst-1-frame-12.png']);
    const { stdout: json } = await runCli(['compare', WAVE, at('changed.csv'), '--json']);
    expect(JSON.parse(json)).toMatchObject({
      passed: false,
      files: [{ frames: { lost: 1 }, landmarks: { different: 33 } }],
    });
  });

  test('tolerances and limits accept what they allow; a landmark may have its own', async () => {
    await makeChanged(at('allowed.csv'));
    const run = (...options: string[]) =>
      runCli(['compare', WAVE, at('allowed.csv'), '--max-missing', '2%', ...options]);
    expect((await run('--tolerance', '10px')).code).toBe(0);
    expect((await run('--tolerance', '1%')).code).toBe(4);
    expect((await run('--tolerance', '2%')).code).toBe(0);
    expect((await run('--tolerance', '0.1torso')).code).toBe(0);
    expect((await run('--max-different', '33')).code).toBe(0);
    await writeFile(at('one.toml'), '[compare]\ntolerance = "10px"\nlandmarks = { left_wrist = "1px" }\n');
    expect((await run('--config', at('one.toml'))).stdout).toMatch(/left_wrist: position differs by 9/);
    await writeFile(at('typo.toml'), '[compare]\nlandmarks = { left_wirst = "1px" }\n');
    const typo = await run('--config', at('typo.toml'));
    expect([typo.code, typo.stderr]).toEqual([2, expect.stringContaining('Did you mean left_wrist?')]);
  });

  test('folders: a lost table fails, a new one does not; --update makes the new ones golden', async () => {
    await cp(GOLDEN, at('golden'), { recursive: true });
    await cp(GOLDEN, at('fresh'), { recursive: true });
    await cp(at('golden/sit.csv'), at('golden/gone.csv'));
    await cp(at('golden/sit.csv'), at('fresh/new.csv'));
    await makeChanged(at('fresh/wave.csv'));
    const before = await runCli(['compare', at('golden'), at('fresh')]);
    expect(before.code).toBe(4);
    expect(before.stdout).toMatch(/LOST +gone\.csv.*new +new\.csv.*2 of 4 files differ/s);
    const update = await runCli(['compare', at('golden'), at('fresh'), '--update']);
    expect(update.code).toBe(0);
    expect(update.stdout).toMatch(/DIFFERENT/);
    expect(update.stderr).toMatch(/^warning: .*gone\.csv: unchanged, since the new folder has no such table/m);
    expect(await readFile(at('golden/wave.csv'), 'utf8')).toBe(await readFile(at('fresh/wave.csv'), 'utf8'));
    expect((await runCli(['compare', at('golden/new.csv'), at('fresh/new.csv')])).code).toBe(0);
    const first = await runCli(['compare', at('first/golden.csv'), WAVE, '--update']);
    expect([first.code, await readFile(at('first/golden.csv'), 'utf8')]).toEqual([0, await readFile(WAVE, 'utf8')]);
  });

  test.each([
    [
      'no table',
      async () => writeFile(at('text.csv'), 'hello\nworld\n'),
      'text.csv',
      /is not a landmark table: it has no column "frame_id"/,
    ],
    ['an empty file', async () => writeFile(at('empty.csv'), ''), 'empty.csv', /the file is empty/],
    ['a file that is not there', async () => {}, 'none.csv', /no such file/],
    [
      'a line cut off',
      async () => writeFile(at('cut.csv'), (await readFile(WAVE, 'utf8')).slice(0, -900)),
      'cut.csv',
      /do not have 303 cells like the header/,
    ],
    ['no JSON', async () => writeFile(at('text.ndjson'), '{"version":1'), 'text.ndjson', /line 1: not valid JSON/],
  ])('%s: an error, not a difference', async (_, make, name, says) => {
    await make();
    const { code, stdout, stderr } = await runCli(['compare', WAVE, at(name)]);
    expect(stderr).toMatch(says);
    expect([code, stdout]).toEqual([1, '']);
  });

  test('a golden table without pixels is an error: nothing could be compared', async () => {
    const long = ['frame_id,timestamp,landmark_id,x,y,z,visibility', '0,0,0,0.5,0.5,0,1', ''].join('\n');
    await writeFile(at('old.csv'), long);
    await writeFile(at('other.csv'), long.replace('0.5,0.5', '0.1,0.9'));
    const { code, stderr } = await runCli(['compare', at('old.csv'), at('other.csv')]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('no x_px and y_px')]);
  });

  test.each(firstOf(['native', 'mediapipe'], 1))(
    "the samples' landmarks by the %s engine equal the golden ones",
    async engine => {
      const config = ['--config', join(GOLDEN, 'bodyscript.config.toml')];
      const clips = ['wave', 'sit', 'variable-rate'].map(name => join(SAMPLES, `${name}.mp4`));
      const out = at(engine);
      const analysis = await runCli(['analyze', ...clips, '-o', out, '--engine', engine, ...config]);
      expect([analysis.code, analysis.stderr]).toEqual([0, expect.stringContaining('3 done')]);
      const { code, stdout } = await runCli(['compare', GOLDEN, out, ...config]);
      expect(stdout).toContain('all 3 files agree');
      expect(code).toBe(0);
    },
  );
});
