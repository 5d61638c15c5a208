import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { FrameReader } from '../../../src/decode/frame-reader.js';
import { openSource } from '../../../src/decode/input.js';
import { probeVideo } from '../../../src/decode/probe.js';
import { csvFormat } from '../../../src/formats/csv-writer.js';
import { findFfmpeg } from '../../../src/system/ffmpeg-binaries.js';
import { FFMPEG_KINDS, listFrames, makeWithFfmpeg, probeStreams, SYSTEM_FFMPEG } from '../../support/ffmpeg.js';
import { firstOf, fullTest } from '../../support/full-tests.js';
import { SAMPLES } from '../../support/reference-clips.js';
import { runCli } from '../../support/run-cli.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { trueTable } from '../../support/true-table.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);

/** Brightness of frame k in the first clip, and in the second one. */
const FIRST = (k: number) => 60 + 4 * k;
const SECOND = (k: number) => 50 + 3 * k;
/** The first one: 30 frames of 160x120 per second. The second one: 50 of 100x60, 25 per second. */
const SIZES = { first: [160, 120], second: [200, 120] } as const;

async function makeClip(name: string, size: string, rate: number, frames: number, luma: string): Promise<void> {
  const source = `color=c=gray:s=${size}:r=${rate}:d=${frames / rate},format=yuv420p,geq=lum='${luma}':cb=128:cr=128`;
  await makeWithFfmpeg(['-f', 'lavfi', '-i', source, '-c:v', 'libx264', '-crf', '1'], at(name));
}

/** A table without people. */
async function makeTable(name: string, rate: number, frames: number): Promise<void> {
  const { head, lines } = csvFormat('long');
  const rows = Array.from({ length: frames }, (_, frameId) =>
    lines({ frameId, timestamp: frameId / rate, people: [] }),
  );
  await writeFile(at(name), head + rows.join(''));
}

interface Shown {
  readonly time: number;
  /** Luma in the upper right quarter of each half. */
  readonly left: number;
  readonly right: number;
}

/** The content of a film. @param middle start of the right half, in pixels */
async function shownIn(path: string, middle: number): Promise<Shown[]> {
  await using source = await openSource(path);
  const { ffmpeg, ffprobe } = await findFfmpeg();
  const video = await probeVideo(source, ffprobe, { rotate: undefined, streamIndex: undefined });
  const size = { width: video.displayWidth, height: video.displayHeight };
  await using reader = await FrameReader.open({ source, video, size, selection: { every: 1 }, ffmpeg });
  const all: Shown[] = [];
  for await (const { timestamp, image, release } of reader.frames()) {
    const row = (image.height >> 2) * image.width;
    const right = middle + Math.round(0.75 * (image.width - middle));
    all.push({ time: timestamp, left: image.data[row + (middle * 3) / 4]!, right: image.data[row + right]! });
    release();
  }
  return all;
}

const near = (value: number) => expect.closeTo(value, -0.5);

/** How many frames of the second clip the shown picture differs from a moment of it. */
const offBy = (luma: number, seconds: number) => Math.abs((luma - SECOND(0)) / 3 - 25 * seconds);
/** Half a frame, and the encoder's changes. */
const NEAREST = 0.5 + 0.35;

/** Mean difference of luma between both halves of some frames, above the captions. */
async function differences(path: string, frames: readonly number[]): Promise<number[]> {
  await using source = await openSource(path);
  const { ffmpeg, ffprobe } = await findFfmpeg();
  const video = await probeVideo(source, ffprobe, { rotate: undefined, streamIndex: undefined });
  const size = { width: video.displayWidth, height: video.displayHeight };
  await using reader = await FrameReader.open({ source, video, size, selection: { every: 1 }, ffmpeg });
  const found: number[] = [];
  for await (const { frameId, image, release } of reader.frames()) {
    if (frames.includes(frameId)) {
      let [sum, count] = [0, 0];
      for (let y = 0; y < image.height * 0.85; y++) {
        for (let x = 0; x < image.width / 2; x++, count++)
          sum += Math.abs(image.data[y * image.width + x]! - image.data[y * image.width + x + image.width / 2]!);
      }
      found.push(sum / count);
    }
    release();
  }
  return found;
}

beforeAll(async () => {
  await makeClip('first.mp4', '160x120', 30, 30, '60+4*N');
  await makeClip('second.mp4', '100x60', 25, 50, '50+3*N');
  await makeTable('first.csv', 30, 30);
  await makeTable('second.csv', 25, 50);
});

const render = (film: string, ...flags: string[]) =>
  runCli(['render', at('first.csv'), at('first.mp4'), '-o', at(film), '-q', ...flags]);
const BESIDE = ['--beside', at('second.csv'), '--beside-video', at('second.mp4')];

describe('bodyscript render --beside', () => {
  test('from the start: each frame of the first at its time, beside the nearest of the second; then the rest of that', async () => {
    const { code, stderr } = await render('start.mp4', ...BESIDE);
    expect([code, stderr]).toEqual([0, '']);
    const [video] = await probeStreams(at('start.mp4'));
    expect([video?.width, video?.height]).toEqual([SIZES.first[0] + SIZES.second[0], SIZES.first[1]]);
    const shown = await shownIn(at('start.mp4'), SIZES.first[0]);
    const [both, rest] = [shown.slice(0, 30), shown.slice(30)];
    for (const [k, { time, left, right }] of both.entries()) {
      expect(time).toBeCloseTo(k / 30, 4);
      expect(left).toEqual(near(FIRST(k)));
      expect(offBy(right, k / 30)).toBeLessThan(NEAREST);
    }
    expect(rest.map(({ time }) => time)).toEqual(Array.from({ length: 25 }, (_, k) => expect.closeTo(1 + k / 25, 3)));
    for (const [k, { left, right }] of rest.entries()) {
      expect(right).toEqual(near(SECOND(25 + k)));
      expect(left).toBeLessThan(FIRST(29) / 2 + 10); // Dimmed.
      expect(left).toBeGreaterThan(40);
    }
    expect(Number(video?.duration)).toBeCloseTo(2, 2);
  });

  test('at two moments: the second one waits dimmed until it begins, and is dimmed after its end', async () => {
    const { code } = await render('wait.mp4', ...BESIDE, '--align', '0.5,0');
    expect(code).toBe(0);
    const shown = await shownIn(at('wait.mp4'), SIZES.first[0]);
    expect(shown).toHaveLength(30 + 50 - 13); // From 0.48 s on the first one has ended.
    for (const { right } of shown.slice(0, 14)) expect(right).toBeLessThan(SECOND(0) - 10);
    for (const [k, { right }] of shown.slice(15, 30).entries()) expect(offBy(right, k / 30)).toBeLessThan(NEAREST);

    expect((await render('late.mp4', ...BESIDE, '--align', '0,0:01.52')).code).toBe(0);
    const late = await shownIn(at('late.mp4'), SIZES.first[0]);
    expect(late).toHaveLength(30);
    expect(late[0]?.right).toEqual(near(SECOND(38)));
    expect(late[14]?.right).toEqual(near(SECOND(49)));
    for (const { left, right } of late.slice(15)) {
      expect(right).toBeLessThan(SECOND(49) / 2 + 20);
      expect(left).toBeGreaterThan(FIRST(14));
    }
  });

  fullTest('at the first heel strike: a walk and the same walk with a later start show the same pictures', async () => {
    const CUT = 5;
    const walk = await trueTable(folder, 'treadmill');
    const [head, ...rows] = (await readFile(walk, 'utf8')).trimEnd().split('\n');
    const later = rows.flatMap(row => {
      const [frame, time, ...cells] = row.split(',');
      const before = Number(frame) - CUT;
      return before < 0 ? [] : [[before, (Number(time) - CUT / 30).toFixed(6), ...cells].join(',')];
    });
    await writeFile(at('later.csv'), [head, ...later, ''].join('\n'));
    const clip = join(SAMPLES, 'treadmill.mp4');
    const cut = [
      '-vf',
      `select='gte(n,${CUT})',setpts=PTS-STARTPTS`,
      '-frames:v',
      '60',
      '-c:v',
      'libx264',
      '-crf',
      '10',
    ];
    await makeWithFfmpeg(['-i', clip, ...cut], at('later.mp4'));
    const film = async (name: string, align: string) => {
      const flags = ['--beside', at('later.csv'), '--beside-video', at('later.mp4'), '--align', align];
      const { code, stderr } = await runCli(['render', walk, clip, '-o', at(name), '-q', ...flags]);
      expect([code, stderr]).toEqual([0, '']);
      return differences(at(name), [CUT + 3, 30, 50]);
    };
    expect(Math.max(...(await film('event.mp4', 'event')))).toBeLessThan(2);
    expect(Math.min(...(await film('begin.mp4', 'start')))).toBeGreaterThan(3);
  });

  test('a person who does not walk shares no event with one who does', async () => {
    const [walk, squat] = [await trueTable(folder, 'treadmill'), await trueTable(folder, 'squat')];
    const [first, second] = ['treadmill.mp4', 'squat.mp4'].map(name => join(SAMPLES, name)) as [string, string];
    const flags = ['--beside', squat, '--beside-video', second, '--align', 'event', '-o', at('none.mp4')];
    const { code, stderr } = await runCli(['render', walk, first, ...flags]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('squat.csv: person 0 does not walk')]);
    expect(stderr).toContain('--align 1.2,3.4');
    expect(existsSync(at('none.mp4'))).toBe(false);
  });

  fullTest(
    "the other run's video is the one named in its record; another one, or a record without one, is rejected",
    async () => {
      const runs = at('runs');
      await mkdir(runs);
      const analysis = ['analyze', at('second.mp4'), '-o', runs, '--no-overlay', '-q', '--max-frames', '2'];
      await makeWithFfmpeg(['-i', at('second.mp4'), '-c', 'copy', '-frames:v', '3'], join(runs, 'moved.mp4'));
      expect((await runCli(['analyze', join(runs, 'moved.mp4'), '-o', runs, '--no-overlay', '-q'])).code).toBe(0);
      expect((await runCli(analysis)).code).toBe(0);
      const beside = (...flags: string[]) =>
        render('named.mp4', '--overwrite', '--beside', join(runs, 'moved.csv'), ...flags);
      expect((await beside()).code).toBe(0);
      const other = await beside('--beside-video', at('second.mp4'));
      expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('was made from another video than')]);
      await rename(join(runs, 'moved.mp4'), at('elsewhere.mp4'));
      const lost = await beside();
      expect([lost.code, lost.stderr]).toEqual([
        1,
        expect.stringMatching(/moved\.mp4, which does not exist.*--beside-video/s),
      ]);
      await writeFile(join(runs, 'moved.mp4'), await readFile(at('first.mp4')));
      expect([(await beside()).code, (await beside('--any-video')).code]).toEqual([1, 1]);
      expect((await render('none.mp4', '--beside', at('second.csv'))).stderr).toContain('no run record beside it');
    },
  );

  test.each(['', 'middle', '1', '1,2,3', '1,x'])('--align %j is a usage error', async align => {
    const { code, stderr } = await render('wrong.mp4', ...BESIDE, `--align=${align}`);
    expect([code, stderr]).toEqual([2, expect.stringContaining('start, event, or two times separated by a comma')]);
    expect(existsSync(at('wrong.mp4'))).toBe(false);
  });

  test('slow motion is shown at the true speed of the first video', async () => {
    await makeTable('slow-first.csv', 30 / 0.5, 30);
    const slow = ['render', at('slow-first.csv'), at('first.mp4'), ...BESIDE, '--time-scale', '0.5'];
    expect((await runCli([...slow, '-o', at('slow-first.mp4'), '-q'])).code).toBe(0);
    const first = await shownIn(at('slow-first.mp4'), SIZES.first[0]);
    for (const [k, { time, right }] of first.slice(0, 30).entries()) {
      expect(time).toBeCloseTo(k / 30, 4);
      expect(offBy(right, (0.5 * k) / 30)).toBeLessThan(NEAREST);
    }
    expect(first.slice(30).map(({ time }) => time)).toEqual(
      Array.from({ length: 37 }, (_, k) => expect.closeTo((13 + k) / 25 / 0.5, 3)),
    );

    const record = JSON.parse(await readFile(new URL('../../support/run-record.json', import.meta.url), 'utf8'));
    await makeTable('slow.csv', 25 / 0.5, 50);
    const input = { ...record.input, sha256: null, timeScale: 0.5 };
    await writeFile(at('slow.run.json'), JSON.stringify({ ...record, input }));
    const flags = ['--beside', at('slow.csv'), '--beside-video', at('second.mp4')];
    expect((await render('slow-second.mp4', ...flags)).code).toBe(0);
    const second = await shownIn(at('slow-second.mp4'), SIZES.first[0]);
    expect(second).toHaveLength(30);
    for (const [k, { right }] of second.entries()) expect(offBy(right, k / 30 / 0.5)).toBeLessThan(NEAREST);
  });

  test('only one video may come from stdin', async () => {
    const { code, stderr } = await runCli(['render', at('first.csv'), '-', ...BESIDE.slice(0, 3), '-']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('only one input may come from stdin')]);
  });

  // A named one must be newer than the package's.
  test.skipIf(process.platform === 'win32' || SYSTEM_FFMPEG === undefined)(
    "where the other video's decoder hangs, it ends after --stall, and no film is left",
    async () => {
      const { ffmpeg, ffprobe } = await findFfmpeg();
      const hanging = at('second-ffmpeg-hangs');
      const text = `#!/bin/sh
case "$*" in *rawvideo*) mkdir "$0-first" 2>/dev/null || exec sleep 60;; esac
exec "${ffmpeg.path}" "$@"
`;
      await writeFile(hanging, text, { mode: 0o755 });
      const programs = ['--ffmpeg', hanging, '--ffprobe', ffprobe.path];
      const { code, stderr } = await render('hangs.mp4', ...BESIDE, '--stall', '1', ...programs);
      expect([code, stderr]).toEqual([1, expect.stringContaining('no new frame for 1 s')]);
      expect(stderr).not.toContain('Warning'); // From Node, about files left open.
      expect((await readdir(folder)).filter(name => name.startsWith('hangs'))).toEqual([]);
    },
    20_000,
  );

  test.each(
    firstOf(
      FFMPEG_KINDS.filter(({ available }) => available),
      1,
    ),
  )('its times hold with the ffmpeg of kind $kind', async ({ kind, environment }) => {
    const film = at(`${kind}.mp4`);
    const args = ['render', at('first.csv'), at('first.mp4'), ...BESIDE, '-o', film, '-q'];
    expect((await runCli(args, { env: environment })).code).toBe(0);
    const times = (await listFrames(film, 'v:0')).map(({ time }) => Number(time));
    const wanted = [
      ...Array.from({ length: 30 }, (_, k) => k / 30),
      ...Array.from({ length: 25 }, (_, k) => 1 + k / 25),
    ];
    expect(times).toEqual(wanted.map(time => expect.closeTo(time, 3)));
  });
});
