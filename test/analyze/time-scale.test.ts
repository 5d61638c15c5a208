import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { analyzeVideo } from '../../src/analyze/analyze-video.js';
import { tableHash } from '../../src/analyze/options-hash.js';
import { timeScaleOf, timeScaleWarning } from '../../src/decode/time-scale.js';
import { framesOf, readCsv } from '../support/csv.js';
import { FakeEngine } from '../support/fake-engine.js';
import { FFMPEG_KINDS, listFrames, makeWithFfmpeg } from '../support/ffmpeg.js';
import { firstOf } from '../support/full-tests.js';
import { type AnyOptions, analyzeOptions } from '../support/options.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const EXACT = 2e-6;
const OVERLAY = { to: 'auto', crf: 23, minVisibility: 0.5, labels: false };
let path = '';

/** A second of 240 frames per second that play at 30, as recorded by an Android camera. */
beforeAll(async () => {
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=30:d=1', '-c:v', 'libx264', '-pix_fmt', 'yuv420p'];
  const tag = ['-movflags', 'use_metadata_tags', '-metadata', 'com.android.capture.fps=240'];
  path = await makeWithFfmpeg([...picture, ...tag], join(folder, 'slow.mp4'));
});

async function analysed(out: string, replaced: Partial<AnyOptions>) {
  const engine = new FakeEngine();
  const options = analyzeOptions(join(folder, out), { overlay: OVERLAY, exports: ['trc'], ...replaced });
  const record = await analyzeVideo(path, options, { engine });
  const [csv = '', overlay = ''] = record.outputs;
  const trc = await readFile(csv.replace(/\.csv$/, '.trc'), 'utf8');
  const times = framesOf(await readCsv(csv)).map(frame => Number(frame.timestamp));
  const film = (await listFrames(overlay, 'v:0')).map(frame => Number(frame.time));
  return { record, engine, csv, trc, times, film };
}

function near(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  for (const [i, time] of expected.entries()) expect(Math.abs((found[i] ?? Number.NaN) - time)).toBeLessThan(EXACT);
}

/** One kind of ffmpeg in `npm test`. */
const KINDS = firstOf(
  FFMPEG_KINDS.filter(({ available }) => available),
  1,
);

describe.each(KINDS)('slow motion, with the ffmpeg of kind "$kind"', ({ kind, environment }) => {
  beforeAll(() => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  test.each([0.125, 'auto'] as const)(
    '--time-scale %s: table, exports and engine have true seconds, the overlay plays as the video',
    async timeScale => {
      const source = (await listFrames(path, 'v:0')).map(frame => Number(frame.time));
      const { record, engine, trc, times, film } = await analysed(`${kind}/${timeScale}`, { timeScale });
      near(
        times,
        source.map(time => time / 8),
      );
      near(film, source);
      near(engine.timestamps, times);
      expect(trc.split('\n')[2]?.split('\t')[0]).toBe('240.00');
      expect(Number(trc.split('\n').at(-2)?.split('\t')[1])).toBeCloseTo(29 / 240, 5);
      expect(record.input.timeScale).toBe(0.125);
      expect(record.options.source).toMatchObject({ timeScale });
      expect(record.warnings.join()).toMatch(timeScale === 'auto' ? /multiplied by 0\.125/ : /^(?!.*time-scale)/);
    },
  );

  test("without it the times are the file's, and a warning names the option", async () => {
    const source = (await listFrames(path, 'v:0')).map(frame => Number(frame.time));
    const { record, times } = await analysed(`${kind}/none`, {});
    near(times, source);
    expect(record.input.timeScale).toBe(1);
    expect(record.warnings.join()).toMatch(/240 frames per second and plays at 30.*--time-scale 0\.125 or auto/);
  });

  test("--start and --end refer to the video's own playback", async () => {
    const selection = { every: 1, start: 0.5, end: 0.7 };
    const { times } = await analysed(`${kind}/part`, { timeScale: 0.125, selection });
    near(
      times,
      [15, 16, 17, 18, 19, 20].map(frame => frame / 240),
    );
  });
});

describe('a table in true seconds', () => {
  test('is rendered with the scale in its run record, and rejected with another', async () => {
    const { csv } = await analysed('render', { timeScale: 0.125 });
    const film = join(folder, 'film.mp4');
    const rendered = await runCli(['render', csv, path, '-o', film]);
    expect(rendered.stderr).toMatch(/30 frames/);
    expect((await listFrames(film, 'v:0')).map(({ time }) => Number(time)).at(-1)).toBeCloseTo(29 / 30, 4);
    const other = await runCli(['render', csv, path, '-o', film, '--overwrite', '--time-scale', '1']);
    expect(other.stderr).toMatch(/from another video/);
  });

  test('has speeds per true second', async () => {
    const speeds = await Promise.all(
      [undefined, 0.125].map(async timeScale => {
        const { csv } = await analysed(`speeds of ${timeScale}`, { timeScale, mode: 'still' });
        const [head = '', ...rows] = (await readFile(csv, 'utf8')).split('\n');
        const column = head.split(',').indexOf('x');
        const walking = rows.map(row => {
          const cells = row.split(',');
          if (row !== '') cells[column] = String(0.2 + Number(cells[0]) / 100);
          return cells.join(',');
        });
        await writeFile(csv, [head, ...walking].join('\n'));
        const { code, stderr } = await runCli(['filter', csv, '--smooth', 'none', '--motion']);
        expect(code, stderr).toBe(0);
        const motion = await readCsv(csv.replace(/\.csv$/, '.motion.csv'));
        return Number(motion[15 * 33]?.vx_px);
      }),
    );
    const [stored = 0, real = 0] = speeds;
    expect(stored).toBeGreaterThan(1);
    expect(real / stored).toBeCloseTo(8, 1);
  });
});

describe('the scale of a video', () => {
  const thirty = { num: 30, den: 1 };

  test.each([
    ['slow motion', 240, 0.125, /times are multiplied by 0\.125/],
    ['a time lapse of a picture a second', 1, 30, /times are multiplied by 30/],
    ['a camera that dropped some frames', 33, 1, undefined],
    ['a file that says nothing', undefined, 1, /no recording rate/],
  ])('auto, of %s', (_, captureRate, scale, warning) => {
    const video = { averageRate: thirty, captureRate };
    expect(timeScaleOf('auto', video)).toBe(scale);
    const said = timeScaleWarning('auto', video);
    if (warning) expect(said).toMatch(warning);
    else expect(said).toBeUndefined();
  });

  test('a factor applies whatever the file says, silently', () => {
    const video = { averageRate: thirty, captureRate: 240 };
    expect(timeScaleOf(0.5, video)).toBe(0.5);
  });

  test.each([1e-30, 1e30])('a file that states %f frames per second is not trusted', captureRate => {
    const video = { averageRate: thirty, captureRate };
    expect(timeScaleOf('auto', video)).toBe(1);
    expect(timeScaleWarning(undefined, video)).toBeUndefined();
    expect(timeScaleWarning(0.5, video)).toBeUndefined();
  });

  test('a factor above 1 makes slow motion slower, and therefore brings a warning', () => {
    const said = timeScaleWarning(240, { averageRate: thirty, captureRate: undefined });
    expect(said).toMatch(
      /one second of video is 240 s of real time, as in a time lapse; slow motion needs a value below 1/,
    );
  });

  test('changes the hash of a table, but not by default', () => {
    const hash = (timeScale: number | 'auto' | undefined) => tableHash(analyzeOptions('out', { timeScale }));
    const { timeScale: _, ...older } = analyzeOptions('out').source;
    expect(hash(undefined)).toBe(tableHash({ ...analyzeOptions('out'), source: older as never }));
    expect(new Set([hash(undefined), hash(0.125), hash('auto')]).size).toBe(3);
  });
});
