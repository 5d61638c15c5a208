import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/index.js';
import { framesOf, outputsIn, readCsv } from '../support/csv.js';
import { fullTest } from '../support/full-tests.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const clip = join(SAMPLES, 'wave.mp4');

interface Truth {
  readonly frames: readonly (readonly (readonly [number, number, number, number, number])[])[][];
}

describe('bodyscript analyze', () => {
  test('a sample clip: table, overlay, record and a summary, with landmarks near the truth', async () => {
    const out = join(folder, 'wave');
    const result = await runCli(['analyze', clip, '--out', out, '--max-frames', '40']);
    expect(result).toMatchObject({ code: 0, stdout: '' });
    expect(await outputsIn(out)).toEqual(['wave.csv', 'wave.overlay.mp4', 'wave.run.json']);
    expect(result.stderr).toMatch(
      /frames +40: person in 40 \(100\.0 %\), missing in 0[\s\S]*newly detected in 1 frame, tracked in 39/,
    );
    expect(result.stderr).toMatch(/peak memory +\d+ MB for all processes/);
    const rows = await readCsv(join(out, 'wave.csv'));
    expect(framesOf(rows)).toHaveLength(40);
    const truth = JSON.parse(await readFile(join(SAMPLES, 'wave.truth.json'), 'utf8')) as Truth;
    const limbs = new Set([11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28]);
    const errors = rows
      .filter(row => limbs.has(Number(row.landmark_id)))
      .map(row => {
        const [x = 0, y = 0] = truth.frames[Number(row.frame_id)]?.[0]?.[Number(row.landmark_id)] ?? [];
        return Math.hypot(Number(row.x_px) - x, Number(row.y_px) - y);
      });
    // The torso of the figure is 100 px long.
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(6);
  });

  test('both engines write nearly the same table, and the record names the one in use', async () => {
    const poses = async (engine: string) => {
      const out = join(folder, engine);
      await runCli([
        'analyze',
        clip,
        '--out',
        out,
        '--engine',
        engine,
        '--mode',
        'still',
        '--no-overlay',
        '--max-frames',
        '4',
      ]);
      const record = JSON.parse(await readFile(join(out, 'wave.run.json'), 'utf8')) as { engine: { name: string } };
      expect(record.engine.name).toBe(engine);
      return readCsv(join(out, 'wave.csv'));
    };
    const [native, mediapipe] = [await poses('native'), await poses('mediapipe')];
    expect(native).toHaveLength(4 * 33);
    for (const [i, row] of native.entries()) {
      expect(Math.abs(Number(row.x_px) - Number(mediapipe[i]!.x_px))).toBeLessThan(1);
      expect(Math.abs(Number(row.y_px) - Number(mediapipe[i]!.y_px))).toBeLessThan(1);
    }
  });

  fullTest('the same run twice gives the same bytes', async () => {
    const run = async (name: string) => {
      const out = join(folder, name);
      await runCli(['analyze', clip, '--out', out, '--model', 'lite', '--max-frames', '12', '--quiet']);
      return Promise.all([readFile(join(out, 'wave.csv'), 'utf8'), readFile(join(out, 'wave.overlay.mp4'))]);
    };
    expect(await run('first')).toEqual(await run('second'));
  });

  test('--quiet says nothing; --mode still detects each frame; --no-overlay leaves it out', async () => {
    const out = join(folder, 'still');
    const result = await runCli([
      'analyze',
      clip,
      '--out',
      out,
      '--model',
      'lite',
      '--mode',
      'still',
      '--max-frames',
      '3',
      '--no-overlay',
      '--quiet',
    ]);
    expect(result).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
    expect(await outputsIn(out)).toEqual(['wave.csv', 'wave.run.json']);
    expect(new Set((await readCsv(join(out, 'wave.csv'))).map(row => row.status))).toEqual(new Set(['detected']));
  });

  test.each([
    ['mediapipe', 210],
    ['native', 125],
  ] as const)(
    '%s: a run that outgrows --max-memory stops cleanly with exit code 5 and keeps what it has',
    async (engine, limit) => {
      const out = join(folder, `small-${engine}`);
      const result = await runCli(['analyze', clip, '--out', out, '--engine', engine, '--max-memory', `${limit}M`]);
      expect(result.stderr).toMatch(/stopped at \d+ MB of memory, \d+ % of the limit of \d+ MB \(--max-memory\)/);
      expect(result.stderr).toContain('Use --max-size 640');
      expect(result.code).toBe(5);
      expect((await outputsIn(out)).every(name => name.endsWith('.partial'))).toBe(true);
    },
  );

  test('the smart mode gives the same bytes twice, and --explain explains each doubtful frame', async () => {
    const tables: string[] = [];
    for (const name of ['smart-1', 'smart-2']) {
      const out = join(folder, name);
      const args = ['analyze', join(SAMPLES, 'backlight.mp4'), '--out', out, '--max-frames', '12', '--no-overlay'];
      const result = await runCli([...args, '--explain', '--engine', 'native']);
      expect(result.code).toBe(0);
      expect(result.stderr).toMatch(/found on retry +\d+ poses?: .*crop\+clahe\+heavy \d+/);
      tables.push(await readFile(join(out, 'backlight.csv'), 'utf8'));
      const lines = (await readFile(join(out, 'backlight.attempts.ndjson'), 'utf8')).trim().split('\n');
      const [first] = lines.map(line => JSON.parse(line) as Record<string, unknown>);
      expect(Object.keys(first!)).toEqual(['frame_id', 'timestamp', 'person_id', 'situation', 'tried', 'won', 'why']);
      expect(first).toMatchObject({
        frame_id: 0,
        won: 'crop+clahe+heavy',
        tried: expect.arrayContaining([expect.any(Object)]),
      });
      const record = JSON.parse(await readFile(join(out, 'backlight.run.json'), 'utf8')) as RunRecord;
      expect(record).toMatchObject({
        model: { name: 'full' },
        refinerModel: { name: 'heavy' },
        finderModel: { name: 'nanodet' },
      });
      expect(record.outputs).toContain(join(out, 'backlight.attempts.ndjson'));
    }
    expect(tables[1]).toBe(tables[0]);
  });

  test('--help and --version go to stdout and end with 0', async () => {
    const help = await runCli(['analyze', '--help']);
    expect(help.code).toBe(0);
    expect(help.stdout).toMatch(/--max-memory <size>/);
    expect(help.stdout).toMatch(/Exit codes: 0 done/);
    expect(await runCli(['--version'])).toMatchObject({ code: 0, stdout: '0.1.0\n' });
    expect((await runCli(['analyze'])).code).toBe(2);
  });
});
