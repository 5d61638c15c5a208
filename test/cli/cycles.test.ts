import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readCsv } from '../support/csv.js';
import { firstOf } from '../support/full-tests.js';
import { compareEvents, expectNear, readGaitTruth } from '../support/gait-truth.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const WALKS = firstOf(['treadmill', 'walk-across', 'walk-towards'], 2);
const EXERCISES = firstOf(['squat', 'push-up'], 1);
const ANALYSIS_MS = 300_000;
const COMMAND_MS = 60_000;

const cycles = (name: string, ...more: string[]) => runCli(['cycles', at(`${name}.csv`), ...more]);

beforeAll(async () => {
  const clips = [...WALKS, ...EXERCISES].map(name => join(SAMPLES, `${name}.mp4`));
  const { code, stderr } = await runCli(['analyze', ...clips, '-o', folder, '--no-overlay', '--jobs', '1', '-q']);
  expect([code, stderr]).toEqual([0, '']);
}, ANALYSIS_MS);

describe('steps of the rendered walks, from landmarks of the engine', () => {
  test.each(WALKS)(
    '%s: all are found, none is invented; the median is off by a frame at most, the worst by two',
    async name => {
      const { code } = await cycles(name);
      expect(code).toBe(0);
      const rows = await readCsv(at(`${name}.events.csv`));
      const found = rows.map(({ event = '', side = '', timestamp }) => ({
        kind: event,
        side,
        time: Number(timestamp),
      }));
      const truth = (await readGaitTruth())[name]?.[0];
      if (!truth) throw new Error(`nobody walks in ${name}`);
      const seconds = name === 'walk-towards' ? 4 : 5;
      expectNear(compareEvents(found, truth, [0.1, seconds - 0.1 - 1 / 30]), 1, 2);
      for (const { timestamp, frame_id: frame } of rows) {
        expect(Math.abs(Number(frame) / 30 - Number(timestamp))).toBeLessThanOrEqual(0.5 / 30 + 1e-6);
      }
    },
    COMMAND_MS,
  );

  test('a smoothed table has the same steps', async () => {
    expect((await runCli(['filter', at('treadmill.csv'), '-q'])).code).toBe(0);
    expect((await cycles('treadmill.filtered')).code).toBe(0);
    const [raw, smooth] = [
      await readCsv(at('treadmill.events.csv')),
      await readCsv(at('treadmill.filtered.events.csv')),
    ];
    const named = (rows: typeof raw) => rows.map(({ event, side }) => `${event} ${side}`);
    expect(named(smooth)).toEqual(named(raw));
    for (const [i, { timestamp }] of smooth.entries()) {
      expect(Math.abs(Number(timestamp) - Number(raw[i]?.timestamp))).toBeLessThan(1 / 30);
    }
  });

  test('strides have the times of the motion, and its limp', async () => {
    const strides = await readCsv(at('treadmill.cycles.csv'));
    expect(strides.length).toBeGreaterThanOrEqual(7);
    for (const { kind, side, seconds, step_seconds: step, stance_share: stance, swing_share: swing } of strides) {
      expect(kind).toBe('gait');
      expect(Number(seconds)).toBeCloseTo(1, 1);
      expect(Number(step)).toBeCloseTo(side === 'left' ? 0.46 : 0.54, 1);
      // 0.62 by the motion; the turning points lie outside the stance.
      expect(Number(stance)).toBeGreaterThan(0.62);
      expect(Number(stance)).toBeLessThan(0.7);
      expect(Number(stance) + Number(swing)).toBeCloseTo(1, 3);
    }
    const { stdout } = await cycles('treadmill', '--json', '--no-plots');
    const [person] = JSON.parse(stdout).people;
    expect(person).toMatchObject({ kind: 'gait', coordinates: 'picture', heelStrikes: 9, toeOffs: 10 });
    expect(person.cadence).toBeCloseTo(120, 0);
    expect(person.asymmetry.step).toBeGreaterThan(12);
    expect(person.asymmetry.step).toBeLessThan(20);
  });

  test('mean curves have 101 points, over all cycles, each foot those of its own side', async () => {
    const curves = await readCsv(at('treadmill.cycle-curves.csv'));
    const strides = await readCsv(at('treadmill.cycles.csv'));
    for (const side of ['left', 'right']) {
      const knee = curves.filter(row => row.side === side && row.angle === `${side}_knee`);
      expect(knee.map(({ percent }) => Number(percent))).toEqual(Array.from({ length: 101 }, (_, i) => i));
      const own = strides.filter(row => row.side === side);
      for (const { n, sd } of knee) {
        expect(Number(n)).toBe(own.length);
        expect(Number(sd)).toBeLessThan(10);
      }
      const other = side === 'left' ? 'right' : 'left';
      expect(curves.filter(row => row.side === side && row.angle?.startsWith(other))).toEqual([]);
    }
  });

  test("a person's height scales lengths and speed, and the summary says whose metres they are", async () => {
    const short = await cycles('walk-across', '--person-height', '1.4', '--no-plots', '-o', at('short'));
    const tall = await cycles('walk-across', '--person-height', '1.8', '--no-plots', '-o', at('tall'));
    const usual = await cycles('walk-across', '--no-plots', '-o', at('usual'));
    const length = (text: string) => Number(/stride length +([\d.]+)/.exec(text)?.[1]);
    expect(length(tall.stdout) / length(short.stdout)).toBeCloseTo(1.8 / 1.4, 1);
    expect(usual.stdout).toContain("networks' metres");
    expect(tall.stdout).not.toContain("networks' metres");
    expect(existsSync(at('short.cycles.csv'))).toBe(true);
    expect(existsSync(at('short.cycles.svg'))).toBe(false);
  });
});

describe('repetitions of the rendered exercises', () => {
  const counts: [name: string, options: string[], turns: number[]][] = [
    ['squat', [], [1, 3]],
    ['squat', ['--angle', 'left_knee'], [1, 3]],
    ['squat', ['--angle', 'right_hip'], [1, 3]],
    ['push-up', [], [0.8, 2.4]],
    ['push-up', ['--angle', 'left_elbow'], [0.8, 2.4]],
  ];
  test.each(firstOf(counts, 2))(
    '%s %j: the count is exact, the turns are off by three frames at most',
    async (name, options, turns) => {
      const { code, stdout } = await cycles(name, ...options, '--overwrite');
      expect(code).toBe(0);
      expect(stdout).toContain(`person 0: ${turns.length} repetitions of ${options[1] ?? ''}`);
      const rows = await readCsv(at(`${name}.cycles.csv`));
      expect(rows).toHaveLength(turns.length);
      for (const [i, { turn }] of rows.entries()) expect(Math.abs(Number(turn) - (turns[i] ?? 0))).toBeLessThan(0.1);
      const events = await readCsv(at(`${name}.events.csv`));
      expect(events.map(({ event }) => event)).toEqual(turns.flatMap(() => ['start', 'turn', 'end']));
    },
    COMMAND_MS,
  );
});

describe('the files of bodyscript cycles', () => {
  test('are three tables and a plot, and no unfinished ones', async () => {
    const names = (await readdir(folder)).filter(name => name.startsWith('walk-across.'));
    expect(names).toEqual(
      expect.arrayContaining(
        ['events.csv', 'cycles.csv', 'cycle-curves.csv', 'cycles.svg', 'cycles.png'].map(name => `walk-across.${name}`),
      ),
    );
    expect(names.filter(name => name.endsWith('.partial'))).toEqual([]);
    const svg = await readFile(at('walk-across.cycles.svg'), 'utf8');
    for (const title of ['feet on the floor', 'knee, degrees (2D, image plane) over a stride'])
      expect(svg).toContain(title);
    expect((await readFile(at('walk-across.cycles.png'))).subarray(1, 4).toString()).toBe('PNG');
  });

  test('its own are replaced, no others', async () => {
    expect((await cycles('walk-across')).code).toBe(0);
    await writeFile(at('walk-across.events.csv'), 'mine\n');
    const { code, stderr } = await cycles('walk-across');
    expect(code).toBe(1);
    expect(stderr).toContain('walk-across.events.csv: already exists');
    expect(await readFile(at('walk-across.events.csv'), 'utf8')).toBe('mine\n');
    expect((await cycles('walk-across', '--overwrite')).code).toBe(0);
    await mkdir(at('elsewhere'));
    expect((await cycles('walk-across', '-o', `${at('elsewhere')}/`)).code).toBe(0);
    expect(await readdir(at('elsewhere'))).toContain('walk-across.events.csv');
    expect((await cycles('walk-across', '-o', `${at('elsewhere')}/`)).code).toBe(1);
  });

  test('a person who does not walk gets a line with a remedy, and no file', async () => {
    const { code, stdout, stderr } = await cycles('squat', '--kind', 'gait', '-o', at('none'));
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^error: .*squat\.csv: person 0 does not walk: the feet do not swing past each other\. For exercises use .*\n$/,
    );
    expect((await readdir(folder)).filter(name => name.startsWith('none'))).toEqual([]);
  });

  test('an unknown angle is rejected, with the valid ones', async () => {
    const { code, stderr } = await cycles('squat', '--angle', 'left_toe');
    expect(code).toBe(2);
    expect(stderr).toContain('left_knee');
  });
});

test('reports include the steps of walking people', async () => {
  expect((await runCli(['report', folder])).code).toBe(0);
  const page = (name: string) => readFile(at(`${name}.report.html`), 'utf8');
  expect(await page('treadmill')).toContain('person 0: walks, seen from the side: 9 heel strikes, 10 toe-offs');
  expect(await page('squat')).not.toContain('Steps and repetitions');
});
