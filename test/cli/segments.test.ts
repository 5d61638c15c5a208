import { execFileSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { firstOf, fullTest, IS_FULL } from '../support/full-tests.js';
import { SAMPLES } from '../support/reference-clips.js';
import { type CliResult, CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
/** 70 seconds at 4 frames per second, small: three segments. */
const CLIP = at('walk.mp4');
const USUAL = ['--model', 'lite', '--max-attempts', '1', '--csv-layout', 'wide', '--overwrite'];
const arguments_ = (out: string, ...options: string[]) => ['analyze', CLIP, '-o', at(out), ...USUAL, ...options];
const csv = (out: string) => readFile(at(out, 'walk.csv'), 'utf8');

interface Row {
  readonly time: number;
  readonly cells: Readonly<Record<string, string>>;
}

async function rowsOf(out: string): Promise<Row[]> {
  const [head = '', ...lines] = (await csv(out)).trimEnd().split('\n');
  const names = head.split(',');
  return lines.map(line => {
    const cells = Object.fromEntries(line.split(',').map((cell, i) => [names[i], cell]));
    return { time: Number(cells.timestamp), cells };
  });
}

/** The run in one piece. */
let plain: CliResult | undefined;

beforeAll(async () => {
  const filter = 'fps=4,scale=240:-2';
  const loop = ['-stream_loop', '13', '-i', join(SAMPLES, 'treadmill.mp4'), '-t', '70', '-vf', filter];
  await makeWithFfmpeg([...loop, '-c:v', 'libx264', '-g', '8', '-an'], CLIP);
  plain = await runCli(arguments_('plain', '--segments', 'auto'));
  await runCli(arguments_('segments', '--segments', '2'));
});

describe('analyze --segments', () => {
  test('has the frames, times and people of a run in one piece, and its joints but for what a cut forgets', async () => {
    const [whole, cut] = [await rowsOf('plain'), await rowsOf('segments')];
    const facts = (rows: Row[]) => rows.map(({ cells }) => [cells.frame_id, cells.timestamp, cells.person_id]);
    expect(facts(cut)).toEqual(facts(whole));
    expect(cut.length).toBeGreaterThan(250);
    const offs: number[] = [];
    for (const [i, { time, cells }] of cut.entries()) {
      if (time % 30 > 1 || time < 30) continue; // The first second after each cut.
      for (const [name, cell] of Object.entries(cells)) {
        if (name.endsWith('_px')) offs.push(Math.abs(Number(cell) - Number(whole[i]!.cells[name])));
      }
    }
    offs.sort((a, b) => a - b);
    expect(offs.length).toBeGreaterThan(400);
    expect(offs[Math.floor(offs.length / 2)]).toBeLessThan(1.5);
  });

  test('the first segment has the very numbers of a run in one piece', async () => {
    // The last frames before the cut are smoothed with those behind it.
    const first = async (out: string) => (await csv(out)).split('\n').slice(0, 29 * 4);
    expect(await first('segments')).toEqual(await first('plain'));
  });

  test.runIf(IS_FULL)('the number of segments at a time changes no byte', async () => {
    await runCli(arguments_('three', '--segments', '3', '--no-overlay'));
    expect(await csv('three')).toBe(await csv('segments'));
  });

  test('the record says so, and counts the memory of all processes', async () => {
    const record = JSON.parse(await readFile(at('segments', 'walk.run.json'), 'utf8'));
    expect(record.options.analysis.segments).toBe('on');
    expect(record.options.machine.segmentsAtOnce).toBe(2);
    expect(Object.keys(record.peakMemory.rssByProcess)).toEqual(expect.arrayContaining(['decoder', 'node', 'segment']));
    expect(record.engine.name).toBe('native');
  });

  fullTest.each(['SIGKILL', 'SIGTERM'] as const)(
    'a run that %s ended goes on to the same bytes, and leaves no process',
    async signal => {
      const cli = new CliRun(arguments_(signal, '--segments', '2'));
      const partial = at(signal, 'walk.csv.partial');
      const lines = async () => (await readFile(partial, 'utf8').catch(() => '')).split('\n').length;
      while ((await lines()) < 10) await delay(50);
      await delay(700); // A checkpoint is written now and then.
      const pids = childrenOf(cli.process.pid!);
      const stoppedAt = performance.now();
      cli.process.kill(signal);
      const { code } = await cli.finished;
      if (signal === 'SIGTERM') expect(code).toBe(143);
      expect(performance.now() - stoppedAt).toBeLessThan(5000);
      await expect.poll(() => pids.filter(isRunning), { timeout: 5000 }).toEqual([]);
      expect(pids.length).toBeGreaterThan(2);
      const again = await runCli(arguments_(signal, '--segments', '2'));
      expect(again.code).toBe(0);
      expect(await csv(signal)).toBe(await csv('segments'));
      expect((await readdir(at(signal))).filter(name => name.includes('partial'))).toEqual([]);
    },
  );

  test.runIf(IS_FULL)('a video that is cut off ends as in one piece, with the same frame and rows', async () => {
    const [whole, cut] = [at('whole.mkv'), at('cut.mkv')];
    await makeWithFfmpeg(['-i', CLIP, '-c', 'copy', '-f', 'matroska'], whole);
    const bytes = await readFile(whole);
    await writeFile(cut, bytes.subarray(0, Math.floor(bytes.length * 0.8)));
    const ended = async (out: string, ...options: string[]) => {
      const run = await runCli(['analyze', cut, '-o', at(out), '--no-overlay', ...USUAL, ...options]);
      const rows = (await readFile(at(out, 'cut.csv.partial'), 'utf8'))
        .split('\n')
        .map(row => row.split(',', 2).join());
      return { code: run.code, said: run.stderr.match(/^error: .*/m)?.[0], rows };
    };
    const plain = await ended('cut-plain');
    expect(plain).toMatchObject({ code: 1, said: expect.stringContaining('damaged or cut off after frame') });
    expect(await ended('cut-segments', '--segments', '2')).toEqual(plain);
  });

  test.runIf(IS_FULL)('a video whose times fall is analysed in one piece, and a warning says why', async () => {
    const falling = at('falling.ts');
    const pieces = [at('first.ts'), at('second.ts')];
    for (const piece of pieces) await makeWithFfmpeg(['-i', CLIP, '-t', '35', '-c', 'copy', '-f', 'mpegts'], piece);
    await writeFile(falling, Buffer.concat(await Promise.all(pieces.map(piece => readFile(piece)))));
    const run = (out: string, ...options: string[]) =>
      runCli(['analyze', falling, '-o', at(out), '--no-overlay', ...USUAL, ...options]);
    await run('falling-plain');
    const cut = await run('falling-cut', '--segments', '2');
    expect([cut.code, cut.stderr]).toEqual([0, expect.stringMatching(/cannot be analysed in segments.*in one piece/)]);
    const table = (out: string) => readFile(at(out, 'falling.csv'), 'utf8');
    expect(await table('falling-cut')).toBe(await table('falling-plain'));
  });

  const reasons: readonly (readonly [options: readonly string[], says: RegExp])[] = [
    [['--every', '2'], /one piece: --every counts frames/],
    [['--engine', 'mediapipe'], /one piece: the mediapipe engine/],
  ];
  test.each(firstOf(reasons, 1))('%j: in one piece, with the reason', async (options, says) => {
    const { code, stderr } = await runCli(
      arguments_('reasons', '--segments', '2', '--no-overlay', '--max-frames', '3', ...options),
    );
    expect([code, stderr]).toEqual([0, expect.stringMatching(says)]);
  });

  test('auto leaves a short video in one piece', async () => {
    expect([plain?.code, plain?.stderr]).toEqual([0, expect.not.stringContaining('piece')]);
    const record = JSON.parse(await readFile(at('plain', 'walk.run.json'), 'utf8'));
    expect(Object.keys(record.peakMemory.rssByProcess)).not.toContain('segment');
  });
});

/** All processes below one, by their parents. */
function childrenOf(pid: number): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = rows.map(row => row.trim().split(/\s+/).map(Number) as [number, number]);
  const below = (parent: number): number[] => pairs.filter(([, p]) => p === parent).flatMap(([p]) => [p, ...below(p)]);
  return below(pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
