import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { clipNamed, makeClip } from '../support/clips.js';
import { SYSTEM_FFMPEG } from '../support/ffmpeg.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const FAST = ['--model', 'lite', '--mode', 'track', '--no-overlay'];
const WARNING =
  /using the ffmpeg inside the npm package, which gets no security fixes \(N-47683-\S+ of 2018; none on PATH\)\. Install a current one \(apt-get install ffmpeg/;
const NO_FFMPEG = { env: { PATH: '/nonexistent' } };

beforeAll(async () => {
  await makeClip(folder, clipNamed('constant rate, B-frames'));
  await makeClip(folder, clipNamed('variable rate in MP4'));
});

test('the ffmpeg of the npm package is used with a warning about its age, on stderr and in the record', async () => {
  const { code, stderr } = await runCli(['analyze', at('constant.mp4'), '-o', at('one'), ...FAST], NO_FFMPEG);
  expect([code, stderr]).toEqual([0, expect.stringMatching(WARNING)]);
  const { warnings } = JSON.parse(await readFile(at('one/constant.run.json'), 'utf8')) as { warnings: string[] };
  expect(warnings.filter(warning => WARNING.test(warning))).toHaveLength(1);
});

test('with many videos the warning is shown once, and is in each record', async () => {
  const videos = [at('constant.mp4'), at('vfr.mp4')];
  const { code, stderr } = await runCli(['analyze', ...videos, '-o', at('two'), '--jobs', '2', ...FAST], NO_FFMPEG);
  expect(code).toBe(0);
  expect(stderr.match(/inside the npm package/g)).toHaveLength(1);
  for (const name of ['constant', 'vfr']) {
    expect(await readFile(at(`two/${name}.run.json`), 'utf8')).toContain('inside the npm package');
  }
});

test.skipIf(SYSTEM_FFMPEG === undefined)('a current ffmpeg on PATH is used silently', async () => {
  const { stderr } = await runCli(['analyze', at('constant.mp4'), '-o', at('system'), ...FAST]);
  expect(stderr).not.toContain('npm package');
});

test('doctor calls it limited, and says how to get a current one', async () => {
  const { stdout } = await runCli(['doctor', '--json', '-o', at('doctor')], NO_FFMPEG);
  const { fit, checks } = JSON.parse(stdout) as { fit: boolean; checks: { name: string }[] };
  expect(fit).toBe(true);
  expect(checks.find(({ name }) => name === 'ffmpeg')).toMatchObject({
    health: 'limited',
    found: expect.stringMatching(/npm package of 2018, without security fixes/),
    fix: expect.stringContaining('apt-get install ffmpeg'),
  });
});
