import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeWithFfmpeg, SYSTEM_FFMPEG } from '../support/ffmpeg.js';
import { firstOf } from '../support/full-tests.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const FRAMES = 3;
const ASSUMED = /warning: the input has no frame times: 25 frames per second are assumed \(.*--fps/;

const analyze = (name: string, ...args: string[]) =>
  runCli(['analyze', name, '-o', at('out'), '--mode', 'still', '--no-overlay', '--force', '--overwrite', ...args]);

beforeAll(async () => {
  const scene = (size: string, rate = 30) => [
    '-f',
    'lavfi',
    '-i',
    `color=c=gray:s=${size}:r=${rate}:d=${FRAMES / rate}`,
  ];
  await makeWithFfmpeg(scene('64x48'), at('p%d.png'));
  await makeWithFfmpeg(
    [...scene('64x48'), '-c:v', 'libx264', '-x264-params', 'force-cfr=0:timebase=0'],
    at('stated.h264'),
  );
  const untimed = ['-c:v', 'libx265', '-x265-params', 'log-level=error:no-vui-timing-info=1'];
  await makeWithFfmpeg([...scene('64x64'), ...untimed], at('untimed.h265'));
  const both = ['-map', '0', '-map', '1', '-c:v', 'mpeg4'];
  await makeWithFfmpeg([...scene('64x48'), ...scene('128x96'), ...both], at('two.mkv'));
});

describe('frames without times', () => {
  test.each(firstOf(['p%d.png', 'untimed.h265'], 1))(
    '%s: only an assumed rate causes a warning, a given one does not',
    async name => {
      const assumed = await analyze(at(name));
      expect([assumed.code, assumed.stderr]).toEqual([0, expect.stringMatching(ASSUMED)]);
      const given = await analyze(at(name), '--fps', '30000/1001');
      expect([given.code, given.stderr]).toEqual([0, expect.not.stringMatching(ASSUMED)]);
    },
  );

  test('a rate without effect brings a warning', async () => {
    const idle = /--fps has no effect: the video has its own frame times/;
    if (SYSTEM_FFMPEG) expect((await analyze(at('stated.h264'), '--fps', '50')).stderr).toMatch(idle);
    expect((await analyze(folder, '--fps', '50')).stderr).toMatch(idle);
    expect((await analyze(at('p%d.png'), '--fps', '50')).stderr).not.toMatch(idle);
  });

  test('a raw stream that states its rate, and a single picture, need none', async () => {
    // The packaged ffmpeg of 2018 does not report the rate that the stream states.
    if (SYSTEM_FFMPEG) expect((await analyze(at('stated.h264'))).stderr).not.toMatch(ASSUMED);
    expect((await analyze(at('p1.png'))).stderr).not.toMatch(ASSUMED);
  });
});

describe('a file with several video streams', () => {
  test('warns of the choice, unless it was the user’s', async () => {
    const several = /the file has 2 video streams; analysing stream \d/;
    expect((await analyze(at('two.mkv'))).stderr).toMatch(several);
    expect(await analyze(at('two.mkv'), '--video-stream', '1')).toMatchObject({
      code: 0,
      stderr: expect.not.stringMatching(several),
    });
  });

  test('has no stream with another number, and the error lists the valid ones', async () => {
    const { code, stderr } = await analyze(at('two.mkv'), '--video-stream', '5');
    expect(code).toBe(1);
    expect(stderr).toMatch(/two\.mkv: stream 5 is not a video stream\. Choose one .*: 0, 1\./);
  });
});

test('a pattern without a match does not count other files', async () => {
  const { code, stderr } = await analyze(join(folder, '*.MKV'));
  expect(code).toBe(1);
  expect(stderr).toMatch(/no videos found\. No name matches the pattern/);
});

test('a file in place of the results folder is named as such', async () => {
  const { code, stderr } = await runCli(['analyze', at('p1.png'), '-o', at('p2.png')]);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/p2\.png: is a file, but a folder is needed/)]);
});

test.each([
  ['https://host/walk.mp4', /curl -L URL \| bodyscript analyze -/],
  ['rtsp://camera/1', /ffmpeg -i URL -c copy -f matroska - \| bodyscript analyze -/],
])('%s is an address, and the error has the command that pipes it in', async (address, remedy) => {
  const { code, stderr } = await analyze(address);
  expect([code, stderr]).toEqual([1, expect.stringMatching(remedy)]);
});
