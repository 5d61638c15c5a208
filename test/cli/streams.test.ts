import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/model/run-record.js';
import { FFMPEG_KINDS, listFrames, makeWithFfmpeg } from '../support/ffmpeg.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const KINDS = FFMPEG_KINDS.filter(({ available }) => available);

/** Analyses a video as fast as possible, and reads its record. */
async function analyze(path: string, out: string, flags: readonly string[], env: NodeJS.ProcessEnv) {
  const args = ['analyze', path, '-o', join(folder, out), '--mode', 'track', '--overwrite', ...flags];
  const { code, stderr } = await runCli(args, { env });
  expect(stderr.includes('error'), stderr).toBe(false);
  expect(code).toBe(0);
  const name = (path.split('/').at(-1) ?? '').replace(/\.[^.]+$/, '').replace(/_?%\d*d$/, '');
  const stem = join(folder, out, name);
  const record = JSON.parse(await readFile(`${stem}.run.json`, 'utf8')) as RunRecord;
  return { record, stem, stderr };
}

const INTERLACED = '-vf tinterlace=interleave_top -flags +ilme+ildct -x264-params tff=1 -c:v libx264 -qp 18'.split(' ');

describe.each(KINDS)('with the ffmpeg of kind "$kind"', ({ environment }) => {
  test('an interlaced video is deinterlaced for the table and the overlay, and its record says so', async () => {
    const clip = await makeWithFfmpeg(
      ['-i', join(SAMPLES, 'wave.mp4'), '-frames:v', '8', ...INTERLACED],
      join(folder, 'fields.mp4'),
    );
    const { record, stem } = await analyze(clip, 'fields', [], environment);
    expect(record.input.video).toMatchObject({ fieldOrder: 'tt', deinterlaced: 'flagged' });
    expect(record.options.source).toMatchObject({ deinterlace: null });
    expect([record.frames.decoded, record.frames.missing]).toEqual([8, 0]);
    const [overlay, source] = await Promise.all(
      [`${stem}.overlay.mp4`, clip].map(async path => (await listFrames(path, 'v:0')).map(({ time }) => time)),
    );
    expect(overlay).toEqual(source);
    const off = await analyze(clip, 'off', ['--deinterlace', 'off', '--no-overlay'], environment);
    expect(off.record.input.video).toMatchObject({ fieldOrder: 'tt', deinterlaced: 'no' });
    expect(off.record.options.source).toMatchObject({ deinterlace: 'off' });
    expect(await readFile(`${off.stem}.csv`, 'utf8')).not.toBe(await readFile(`${stem}.csv`, 'utf8'));
  });
});

test('for a folder with only numbered pictures, the remedy is their pattern', async () => {
  const pictures = join(folder, 'pictures');
  await mkdir(pictures);
  await makeWithFfmpeg(['-i', join(SAMPLES, 'wave.mp4'), '-frames:v', '3'], join(pictures, 'f_%03d.png'));
  const { code, stderr } = await runCli(['analyze', pictures, '-o', join(folder, 'none')]);
  expect(code).toBe(1);
  expect(stderr).toContain(`bodyscript analyze ${JSON.stringify(join(pictures, 'f_%03d.png'))} --fps 30`);
});
