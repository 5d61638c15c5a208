/**
 * `npm run bench:commands`: how soon commands answer, and what a comparison of a million frames takes. `-- --only
 * start,row,live,compare --frames 1000000`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { WIDE_CSV_COLUMNS } from '../../src/formats/csv-writer.js';
import { findFfmpeg } from '../../src/system/ffmpeg-binaries.js';
import { SAMPLES } from '../support/reference-clips.js';
import { benchFolder } from './bench-clips.js';
import { type BenchRow, median, reportBench } from './bench-report.js';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'start,row,live,compare' },
    frames: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '11' },
  },
});
const BIN = fileURLToPath(new URL('../../bin/bodyscript.js', import.meta.url));
const MEBIBYTE = 1024 * 1024;
const LIVE_FRAME_MS = 1000 / 30;
/** Frames until the backlog of the start has been processed. */
const LIVE_SETTLED_AFTER = 60;
const only = values.only.split(',');
await using folder = await benchFolder();
const rows: BenchRow[] = [];

interface Timed {
  readonly milliseconds: number;
  /** Milliseconds to the first line after the header. */
  readonly firstRowAfter: number;
  readonly peakBytes: number;
}

/** Runs Node to its end. */
async function time(args: readonly string[]): Promise<Timed> {
  const start = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let firstRowAfter = Number.NaN;
  let peakBytes = 0;
  let head = '';
  child.stdout.on('data', text => {
    head = (head + text).slice(0, 10_000);
    if (Number.isNaN(firstRowAfter) && head.split('\n').length > 2) firstRowAfter = performance.now() - start;
  });
  const watch = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    peakBytes = Math.max(peakBytes, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024);
  }, 100);
  await new Promise(resolve => child.on('close', resolve));
  clearInterval(watch);
  return { milliseconds: performance.now() - start, firstRowAfter, peakBytes };
}

/** A wide table of a person who stands and sways. @param shift of all pixels */
async function makeTable(path: string, frames: number, shift: number): Promise<void> {
  const file = createWriteStream(path);
  file.write(`${WIDE_CSV_COLUMNS.join(',')}\n`);
  const ends = Array.from({ length: 64 }, (_, phase) => {
    const sway = Math.sin((phase / 64) * 2 * Math.PI) * 5;
    return Array.from({ length: 33 }, (_, id) => {
      const [x, y] = [100 + 10 * id + sway + shift, 50 + 9 * id];
      const numbers = [(x / 640).toFixed(6), (y / 480).toFixed(6), '-0.123456', '0.9987', x.toFixed(3), y.toFixed(3)];
      return [...numbers, '0.123456', '-0.234567', '0.345678', '0.8765'].join(',');
    }).join(',');
  });
  for (let frame = 0; frame < frames; frame++) {
    const line = `${frame},${(frame / 30).toFixed(6)},0,tracked,original,0.9990,${ends[frame % 64]}\n`;
    if (!file.write(line)) await once(file, 'drain');
  }
  file.end();
  await finished(file);
}

if (only.includes('start')) {
  const [a, b] = [join(folder.path, 'a.csv'), join(folder.path, 'b.csv')];
  await makeTable(a, 1000, 0);
  await makeTable(b, 1000, 0.5);
  const commands = {
    'node -e 0': ['-e', '0'],
    '--version': [BIN, '--version'],
    '--help': [BIN, '--help'],
    'compare of 1,000 frames': [BIN, 'compare', a, b],
  };
  const times: Record<string, number[]> = {};
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [name, args] of Object.entries(commands)) {
      times[name] = [...(times[name] ?? []), (await time(args)).milliseconds];
    }
  }
  const node = median(times['node -e 0'] ?? []);
  for (const name of ['--version', '--help']) {
    const taken = median(times[name] ?? []);
    rows.push({
      what: `bodyscript ${name} against node -e 0 (${node.toFixed(0)} ms)`,
      figure: `${(taken / node).toFixed(2)} times (${taken.toFixed(0)} ms)`,
      bar: 'at most 2.5 times',
      reached: taken <= 2.5 * node,
      data: { node, taken },
    });
  }
  const more = median(times['compare of 1,000 frames'] ?? []) - node;
  rows.push({
    what: 'compare of two files of 1,000 frames, beyond node -e 0',
    figure: `${more.toFixed(0)} ms`,
    bar: 'under 500 ms',
    reached: more < 500,
    data: { more },
  });
}

if (only.includes('row')) {
  const args = [
    BIN,
    'analyze',
    join(SAMPLES, 'wave.mp4'),
    '--csv',
    '-',
    '--max-frames',
    '5',
    '--engine',
    'native',
    '-q',
  ];
  const times: number[] = [];
  for (let round = 0; round < Number(values.rounds); round++) times.push((await time(args)).firstRowAfter);
  const taken = median(times);
  rows.push({
    what: 'first row on stdout, native, 640x480',
    figure: `${taken.toFixed(0)} ms`,
    bar: 'at most 1500 ms',
    reached: taken <= 1500,
    data: { times },
  });
}

/**
 * A live stream of 30 frames a second: milliseconds from a frame's bytes on our stdin to its first row on our stdout.
 */
async function measureLive(format: string): Promise<number[]> {
  const { ffmpeg } = await findFfmpeg();
  const encode = ['-c:v', 'libx264', '-bf', '0', '-tune', 'zerolatency', '-flush_packets', '1', '-f', format, '-'];
  const source = spawn(ffmpeg.path, ['-v', 'error', '-re', '-i', join(SAMPLES, 'wave.mp4'), ...encode], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const tool = spawn(process.execPath, [BIN, 'analyze', '-', '--csv', '-', '-q', '--engine', 'native'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const sentAt: number[] = [];
  let lastByteAt = Number.NEGATIVE_INFINITY;
  source.stdout.on('data', bytes => {
    const now = performance.now();
    if (now - lastByteAt > LIVE_FRAME_MS / 2) sentAt.push(now);
    lastByteAt = now;
    tool.stdin.write(bytes);
  });
  source.stdout.on('end', () => tool.stdin.end());
  const rowAt: number[] = [];
  let rest = '';
  tool.stdout.on('data', text => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const id = Number(line.split(',')[0]);
      if (!Number.isNaN(id)) rowAt[id] ??= performance.now();
    }
  });
  await once(tool, 'close');
  // The first frames may arrive in one piece; the last ones arrive alone.
  return rowAt
    .map((at, id) => at - (sentAt[sentAt.length - rowAt.length + id] ?? Number.NaN))
    .slice(LIVE_SETTLED_AFTER);
}

if (only.includes('live')) {
  for (const format of ['nut', 'flv', 'mpegts']) {
    const delays = (await measureLive(format)).sort((a, b) => a - b);
    const [middle, high] = [0.5, 0.95].map(share => delays[Math.floor(delays.length * share)]!);
    rows.push({
      what: `a live H.264 stream in ${format}, 30 frames/s, from its bytes to its row, after the first two seconds`,
      figure: `${middle!.toFixed(0)} ms, 95 % within ${high!.toFixed(0)} ms`,
      bar: 'at most 200 ms',
      reached: high! <= 200,
      data: { delays },
    });
  }
}

if (only.includes('compare')) {
  const frames = Number(values.frames);
  const [a, b] = [join(folder.path, 'long-a.csv'), join(folder.path, 'long-b.csv')];
  await makeTable(a, frames, 0);
  await makeTable(b, frames, 0.5);
  const { peakBytes, milliseconds } = await time([BIN, 'compare', a, b]);
  rows.push({
    what: `compare of two CSVs of ${frames} frames`,
    figure: `${(peakBytes / MEBIBYTE).toFixed(0)} MB, ${(milliseconds / 1000).toFixed(0)} s`,
    bar: 'at most 150 MB',
    reached: peakBytes <= 150 * MEBIBYTE,
    data: { peakBytes, milliseconds },
  });
}
reportBench('commands', rows);
