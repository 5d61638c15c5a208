import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { seeded } from '../support/chaos.js';
import { outputsIn } from '../support/csv.js';
import { listFrames, makeWithFfmpeg } from '../support/ffmpeg.js';
import { firstOf, fullTest, IS_FULL } from '../support/full-tests.js';
import { workingOn } from '../support/processes.js';
import { CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const run = promisify(execFile);
const folder = await temporaryFolder();
const clip = join(folder, 'long.mp4');
const ROWS_PER_FRAME = 33;
const onLinux = process.platform === 'linux';
/** How often the run is killed, and the maximum time for one on a busy machine. */
const KILLS = IS_FULL ? 20 : 2;
const KILL_TIMEOUT_MS = 60_000;

beforeAll(async () => {
  // Long enough that no run ends before it is interrupted.
  await makeWithFfmpeg(
    [
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=320x240:r=30:d=60',
      '-f',
      'lavfi',
      '-i',
      'sine=d=60',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-c:a',
      'aac',
    ],
    clip,
  );
});

/** The ffmpegs of a run, by what they write. */
async function childOf(cli: CliRun, role: 'decoder' | 'encoder'): Promise<number> {
  const { stdout } = await run('pgrep', [
    '-P',
    String(cli.pid),
    '-a',
    '-f',
    role === 'decoder' ? 'rawvideo' : 'libx264',
  ]);
  return Number(stdout.trim().split(' ')[0]);
}

async function csvLines(path: string): Promise<string[]> {
  return existsSync(path) ? (await readFile(path, 'utf8')).split('\n') : [];
}

/** Starts a run and waits until it has written some frames. */
async function runUntilWriting(out: string, options: readonly string[] = []): Promise<CliRun> {
  const cli = new CliRun(['analyze', clip, '--out', out, '--model', 'lite', ...options]);
  const csv = join(out, 'long.csv.partial');
  while ((await csvLines(csv)).length < 5 * ROWS_PER_FRAME) {
    if (cli.process.exitCode !== null) throw new Error(`ended early: ${cli.stderr}`);
    await delay(50);
  }
  return cli;
}

async function expectNothingLeftRunning(path: string): Promise<void> {
  const end = Date.now() + 5000;
  while ((await workingOn(path)).length > 0 && Date.now() < end) await delay(100);
  expect(await workingOn(path)).toEqual([]);
}

describe.skipIf(!onLinux)('an interrupted run', () => {
  const signals = [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const;
  test.each(firstOf(signals, 1))('%s: finishes its files as *.partial within five seconds', async (signal, code) => {
    const out = join(folder, signal);
    const cli = await runUntilWriting(out);
    const since = Date.now();
    cli.process.kill(signal);
    const result = await cli.finished;
    expect(Date.now() - since).toBeLessThan(5000);
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(join(out, 'long.csv.partial'));
    expect(result.stderr).toMatch(new RegExp(`error: interrupted by ${signal}`));
    expect(await outputsIn(out)).toEqual(['long.csv.partial', 'long.overlay.mp4.partial', 'long.run.json.partial']);
    const lines = await csvLines(join(out, 'long.csv.partial'));
    expect((lines.length - 2) % ROWS_PER_FRAME).toBe(0);
    const frames = await listFrames(join(out, 'long.overlay.mp4.partial'), 'v:0', ['-f', 'mp4']);
    expect(frames.length).toBeGreaterThan(3);
    expect(JSON.parse(await readFile(join(out, 'long.run.json.partial'), 'utf8'))).toMatchObject({
      status: 'interrupted',
      exitCode: code,
    });
    await expectNothingLeftRunning(out);
  });

  test('a second SIGINT stops at once', async () => {
    const cli = await runUntilWriting(join(folder, 'twice'));
    const encoder = await childOf(cli, 'encoder');
    process.kill(encoder, 'SIGSTOP'); // With a stuck encoder the first one cannot finish.
    cli.process.kill('SIGINT');
    await delay(300);
    const since = Date.now();
    cli.process.kill('SIGINT');
    expect((await cli.finished).code).toBe(130);
    expect(Date.now() - since).toBeLessThan(1000);
    await expectNothingLeftRunning(join(folder, 'twice'));
  });

  test.each(firstOf(['decoder', 'encoder'] as const, 1))(
    'a killed %s is named, and partial results are kept',
    async role => {
      const out = join(folder, `${role}-killed`);
      const cli = await runUntilWriting(out);
      process.kill(await childOf(cli, role), 'SIGKILL');
      const result = await cli.finished;
      expect(result.code).toBe(1);
      expect(result.stderr).toMatch(
        role === 'decoder' ? /ffmpeg was killed \(SIGKILL\) after frame \d+/ : /encoder was killed \(SIGKILL\)/,
      );
      expect(result.stderr).toContain(join(out, 'long.csv.partial'));
      expect((await csvLines(join(out, 'long.csv.partial'))).length).toBeGreaterThan(5 * ROWS_PER_FRAME);
      expect((await outputsIn(out)).filter(name => !name.endsWith('.partial'))).toEqual([]);
      await expectNothingLeftRunning(out);
    },
  );

  test(
    `kill -9 at ${KILLS} different moments: rows older than two seconds are kept, both ffmpegs end by themselves`,
    async () => {
      const random = seeded(KILLS);
      for (let moment = 0; moment < KILLS; moment++) {
        const out = join(folder, `killed-${moment}`);
        const cli = await runUntilWriting(out);
        await delay(random() * 2000);
        const before = (await csvLines(join(out, 'long.csv.partial'))).length - 1;
        cli.process.kill('SIGKILL');
        await cli.finished;
        const lines = await csvLines(join(out, 'long.csv.partial'));
        const whole = lines.slice(1, before);
        expect(lines.length - 1).toBeGreaterThanOrEqual(before);
        expect(whole.every((line, i) => line.startsWith(`${Math.floor(i / ROWS_PER_FRAME)},`))).toBe(true);
        expect(whole.every(line => line.split(',').length === 18)).toBe(true);
        expect((await outputsIn(out)).filter(name => !name.endsWith('.partial'))).toEqual([]);
        await expectNothingLeftRunning(out);
      }
    },
    KILLS * KILL_TIMEOUT_MS,
  );

  fullTest('a reader of stderr that closes does not stop the run', async () => {
    const cli = new CliRun(['analyze', clip, '--out', join(folder, 'deaf'), '--model', 'lite', '--max-frames', '8']);
    cli.process.stderr?.destroy();
    cli.process.stdout?.destroy();
    expect((await cli.finished).code).toBe(0);
  });

  test.skipIf(process.getuid?.() !== 0).each(firstOf([240, 380], 1))(
    'a disk of %i kB that the overlay fills is named',
    async kilobytes => {
      const disk = join(folder, `small-disk-${kilobytes}`);
      await mkdir(disk);
      await run('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', disk]);
      try {
        const args = [
          'analyze',
          clip,
          '--out',
          disk,
          '--model',
          'lite',
          '--no-csv',
          '--max-frames',
          '20',
          '--overlay-crf',
          '1',
        ];
        const result = await runCli(args);
        expect(result.stderr).toMatch(/long\.overlay\.mp4: the disk is full\. Free some space/);
        expect(result.code).toBe(1);
        expect((await outputsIn(disk)).filter(name => !name.endsWith('.partial'))).toEqual([]);
      } finally {
        await run('umount', [disk]);
      }
    },
  );

  test.skipIf(process.getuid?.() !== 0)('a full disk is named, and written results are kept', async () => {
    const disk = join(folder, 'disk');
    await mkdir(disk);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=450k', 'tmpfs', disk]);
    try {
      const result = await runCli(['analyze', clip, '--out', disk, '--model', 'lite', '--no-overlay']);
      expect(result.stderr).toMatch(/long\.csv: the disk is full\. Free some space/);
      expect(result.code).toBe(1);
      expect((await stat(join(disk, 'long.csv.partial'))).size).toBeGreaterThan(50_000);
      expect((await outputsIn(disk)).filter(name => !name.endsWith('.partial'))).toEqual([]);
    } finally {
      await run('umount', [disk]);
    }
  });
});
