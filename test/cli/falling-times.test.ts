import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { analyzeVideo } from '../../src/analyze/analyze-video.js';
import { CLOCK_CLIPS } from '../support/clock-clips.js';
import { readCsv } from '../support/csv.js';
import { FakeEngine } from '../support/fake-engine.js';
import { listFrames } from '../support/ffmpeg.js';
import { analyzeOptions } from '../support/options.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const WARNING = /its times jump back from 2\.367 s to 1\.4 s at frame 30/;
let table = '';

beforeAll(async () => {
  const restart = CLOCK_CLIPS.find(({ name }) => name === 'a restart');
  const overlay = { to: 'auto', crf: 23, minVisibility: 0.5, labels: false };
  const options = analyzeOptions(join(folder, 'out'), { overlay });
  const record = await analyzeVideo((await restart?.make(folder)) ?? '', options, { engine: new FakeEngine() });
  table = record.outputs[0] ?? '';
});

describe('a table with falling times', () => {
  test.each(['butterworth', 'savitzky-golay', 'loess', 'one-euro', 'none'])(
    'is filtered by %s, with a warning',
    async smooth => {
      const output = join(folder, `${smooth}.csv`);
      const { code, stderr } = await runCli([
        'filter',
        table,
        '-o',
        output,
        '--smooth',
        smooth,
        '--motion',
        '--overwrite',
      ]);
      expect(stderr).toMatch(WARNING);
      expect(code).toBe(0);
      const rows = await readCsv(output);
      expect(rows).toHaveLength(60 * 33);
      expect(rows.every(row => row.x !== '' && Number.isFinite(Number(row.x)))).toBe(true);
      const motion = await readFile(table.replace(/\.csv$/, '.motion.csv'), 'utf8');
      expect(motion).not.toMatch(/NaN|Infinity|nan/);
      // The person stands still: the jump causes no velocity.
      const speeds = (await readCsv(table.replace(/\.csv$/, '.motion.csv'))).map(row => Math.abs(Number(row.vx_px)));
      expect(Math.max(...speeds)).toBeLessThan(0.01);
    },
  );

  test('has its quality measured, with a warning', async () => {
    const { code, stdout, stderr } = await runCli(['quality', table]);
    expect(code).toBe(0);
    expect(stderr).toMatch(WARNING);
    expect(JSON.parse(stdout)).toMatchObject({ frames: 60, detectionRate: 1, jumps: { count: 0 } });
    expect(stdout).not.toMatch(/null,\s*"reasons"|NaN/);
  });

  test('is exported with rising times, and has a report whose times rise', async () => {
    expect((await runCli(['export', table, '--format', 'trc'])).code).toBe(0);
    const trc = (await readFile(table.replace(/\.csv$/, '.trc'), 'utf8')).split('\n').slice(6, -1);
    const times = trc.map(row => Number(row.split('\t')[1]));
    expect(times.at(-1)).toBeCloseTo(59 / 30, 4);
    expect(times.every((time, i) => i === 0 || time > (times[i - 1] ?? 0))).toBe(true);
    expect((await runCli(['report', join(folder, 'out')])).code).toBe(0);
    const page = await readFile(table.replace(/\.csv$/, '.report.html'), 'utf8');
    const bytes = Uint8Array.from(Buffer.from(/"times":"([^"]+)"/.exec(page)?.[1] ?? '', 'base64'));
    const shown = new Float64Array(bytes.buffer);
    expect(shown).toHaveLength(60);
    expect(shown.every((time, i) => i === 0 || time > (shown[i - 1] ?? 0))).toBe(true);
  });

  test('is rendered for as long as the video plays', async () => {
    const film = join(folder, 'film.mp4');
    const video = join(folder, 'restart.ts');
    const { code, stderr } = await runCli(['render', table, video, '-o', film]);
    expect(stderr).toMatch(/video's times jump back/);
    expect(code).toBe(0);
    const last = (await listFrames(film, 'v:0')).at(-1);
    expect(Number(last?.time)).toBeCloseTo(59 / 30, 4);
  });
});
