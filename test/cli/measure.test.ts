import { existsSync } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { csvFormat } from '../../src/formats/csv-writer.js';
import { readCsv } from '../support/csv.js';
import { firstOf, fullTest } from '../support/full-tests.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { readTruth, trueHips } from '../support/truth-table.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const ANALYSIS_MS = 300_000;
const COMMAND_MS = 60_000;

/** People who cross the picture, and their heights. */
const WALKS = firstOf(Object.entries({ 'far-walk': 1.6625, 'walk-across': 1.6625, treadmill: 1.75 }), 1);

const measure = (name: string, ...more: string[]) => runCli(['measure', at(`${name}.csv`), ...more]);

async function measuresOf(name: string) {
  const rows = await readCsv(at(`${name}.measures.csv`));
  return Object.fromEntries(
    rows.map(({ measure = '', value, uncertainty }) => [measure, { value: Number(value), sd: Number(uncertainty) }]),
  );
}

beforeAll(async () => {
  const clips = WALKS.map(([name]) => join(SAMPLES, `${name}.mp4`));
  const { code, stderr } = await runCli(['analyze', ...clips, '-o', folder, '--no-overlay', '--jobs', '1', '-q']);
  expect([code, stderr]).toEqual([0, '']);
}, ANALYSIS_MS);

describe('measurements of landmarks from the engine', () => {
  test.each(WALKS)(
    '%s: way and speeds are within two deviations of the truth, and those are sane',
    async (name, metres) => {
      const { code, stdout } = await measure(name, '--person-height', String(metres));
      expect(code).toBe(0);
      const truth = await readTruth(name);
      const { along, up } = trueHips(truth, 0);
      const way = along.at(-1)! - along[0]!;
      const seconds = truth.times.at(-1)! - truth.times[0]!;
      const speeds = along.slice(6).map((x, i) => Math.abs(x - along[i]!) / (truth.times[i + 6]! - truth.times[i]!));
      const truths = {
        distance: Math.abs(way),
        displacement: way,
        mean_speed: Math.abs(way) / seconds,
        peak_speed: Math.max(...speeds),
        vertical_range: Math.max(...up) - Math.min(...up),
      };
      const found = await measuresOf(name);
      for (const [measured, value] of Object.entries(truths)) {
        const { value: reported, sd } = found[measured]!;
        // A few centimetres are no distance for a person who walks on a belt.
        const slack = measured === 'peak_speed' || name !== 'treadmill' ? 0 : 0.02;
        expect([measured, Math.abs(reported - value) <= 2 * sd + slack]).toEqual([measured, true]);
        expect(sd).toBeLessThan(0.2);
      }
      expect(stdout).toContain(`person 0, 0.00 to ${seconds.toFixed(2)} s (each with 1 SD)`);
      expect(stdout).not.toContain('jump');
      expect(stdout).toMatch(/distance +[\d.]+ ± [\d.]+ m/);
    },
    COMMAND_MS,
  );

  test('a walk towards the camera brings a warning, with the figure', async () => {
    const { code, stderr } = await measure('far-walk', '--person-height', '1.6625');
    expect(code).toBe(0);
    expect(stderr).toMatch(/warning: .*far-walk\.csv: person 0 changes size in the picture by 1\d % from 0\.00/);
  });

  test('a filtered table gives the same, and says what its uncertainties omit', async () => {
    expect((await runCli(['filter', at('far-walk.csv'), '-q'])).code).toBe(0);
    await measure('far-walk', '--person-height', '1.6625');
    expect((await measure('far-walk.filtered', '--person-height', '1.6625')).code).toBe(0);
    const [raw, smooth] = [await measuresOf('far-walk'), await measuresOf('far-walk.filtered')];
    for (const name of ['distance', 'displacement', 'mean_speed']) {
      expect(Math.abs(smooth[name]!.value - raw[name]!.value)).toBeLessThan(raw[name]!.sd);
    }
    expect(await readFile(at('far-walk.filtered.measures.csv'), 'utf8')).toContain('lack most of its jitter');
    expect(await readFile(at('far-walk.measures.csv'), 'utf8')).not.toContain('filtered');
  });

  fullTest(
    'a smaller picture that was analysed gives the same pixels, and the same metres',
    async () => {
      const { code } = await runCli([
        ...['analyze', join(SAMPLES, 'far-walk.mp4'), '-o', at('small'), '--max-size', '320'],
        ...['--no-overlay', '-q'],
      ]);
      expect(code).toBe(0);
      await measure('far-walk', '--calibrate', '100,100,209,100,2');
      expect((await measure('small/far-walk', '--calibrate', '100,100,209,100,2')).code).toBe(0);
      const [large, small] = [await measuresOf('far-walk'), await measuresOf('small/far-walk')];
      expect(small.scale!.value).toBe(large.scale!.value);
      expect(Math.abs(small.distance!.value - large.distance!.value)).toBeLessThan(2 * large.distance!.sd);
    },
    ANALYSIS_MS,
  );
});

describe('the file of bodyscript measure', () => {
  test('goes to stdout with -o -, without other output', async () => {
    await measure('far-walk', '--scale', '54.5');
    const { code, stdout } = await measure('far-walk', '--scale', '54.5', '-o', '-');
    expect(code).toBe(0);
    expect(stdout).toBe(await readFile(at('far-walk.measures.csv'), 'utf8'));
    expect(stdout.split('\n')[0]).toBe('person_id,measure,value,unit,uncertainty,from,to,note');
  });

  test('its own is replaced, no others', async () => {
    await copyFile(at('far-walk.csv'), at('own.csv'));
    expect((await measure('own', '--scale', '54')).code).toBe(0);
    expect((await measure('own', '--scale', '55')).code).toBe(0);
    await writeFile(at('own.measures.csv'), 'mine\n');
    const { code, stderr } = await measure('own', '--scale', '54');
    expect(code).toBe(1);
    expect(stderr).toContain('own.measures.csv: already exists');
    expect(await readFile(at('own.measures.csv'), 'utf8')).toBe('mine\n');
    expect((await measure('own', '--scale', '54', '--overwrite')).code).toBe(0);
  });

  test('joints and their distance are rows as well', async () => {
    const { code } = await measure(
      ...([
        'far-walk',
        '--scale',
        '54',
        '--joints',
        'nose,left_wrist,nose',
        '--between',
        'left_heel,right_heel',
      ] as const),
    );
    expect(code).toBe(0);
    expect(Object.keys(await measuresOf('far-walk'))).toEqual([
      ...['scale', 'size_change', 'distance', 'displacement', 'mean_speed', 'peak_speed', 'vertical_range'],
      ...['nose_path', 'nose_peak_speed', 'left_wrist_path', 'left_wrist_peak_speed'],
      ...['left_heel_right_heel_apart_max', 'left_heel_right_heel_apart_mean'],
    ]);
  });

  test('a table without people has a header, and a warning says why', async () => {
    const { head, lines } = csvFormat('long');
    await writeFile(at('nobody.csv'), head + lines({ frameId: 0, timestamp: 0, people: [] }));
    const { code, stdout, stderr } = await measure('nobody', '--person-height', '1.8');
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('nobody.csv: contains no person');
    expect((await readFile(at('nobody.measures.csv'), 'utf8')).trimEnd().split('\n')).toHaveLength(1);
  });

  test('a table without pixels is rejected; one without a clock has no measurable values', async () => {
    const rows = (await readFile(at('far-walk.csv'), 'utf8')).trimEnd().split('\n');
    const cells = rows.map(line => line.split(','));
    const keep = cells[0]!.map(name => !/_px$/.test(name));
    await writeFile(at('no-pixels.csv'), cells.map(line => line.filter((_, i) => keep[i]).join(',')).join('\n'));
    const refused = await measure('no-pixels', '--scale', '54');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('has no pixel coordinates')]);
    const clock = cells[0]!.indexOf('timestamp');
    const stopped = cells.map((line, row) => line.map((cell, i) => (i === clock && row > 0 ? '1.000000' : cell)));
    await writeFile(at('no-clock.csv'), stopped.map(line => line.join(',')).join('\n'));
    const { code, stdout, stderr } = await measure('no-clock', '--scale', '54');
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('person 0 is visible too briefly');
  });

  test.each<[string[], RegExp]>([
    [[], /no scale given: the length of a metre in pixels is unknown/],
    [['--scale', '200', '--person-height', '1.8'], /both set the scale/],
    [['--scale', '0'], /--scale must be 5-20000 pixels per metre/],
    [['--person-height', '178'], /--person-height must be 0\.3-3 metres, e\.g\. 1\.75/],
    [['--calibrate', '5,5,5,5,1'], /--calibrate must be x1,y1,x2,y2,metres with points at least 10 px apart/],
    [['--calibrate', '5,5,900,5,3'], /--calibrate: a point is outside the frame of 480x360/],
    [['--scale', '200', '--ground', '5,5,5,300'], /--ground must be .* at most 45 degrees/],
    [['--scale', '200', '--joints', 'left_hand'], /--joints must be one or more of nose/],
  ])('%j is refused with exit code 2, in a line and its remedy', async (options, says) => {
    await copyFile(at('far-walk.csv'), at('refused.csv'));
    const { code, stdout, stderr } = await measure('refused', ...options);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(says);
    expect(existsSync(at('refused.measures.csv'))).toBe(false);
  });
});
