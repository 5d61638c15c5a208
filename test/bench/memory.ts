/**
 * `npm run bench:memory [-- OPTIONS]`: what the whole process tree needs, by the operating system's own counters.
 *   --part proofs,runs   only these parts: low limits, cold starts and workers; whole runs
 *   --times 10           runs under the low limit
 *   --frames 400         of each of them
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { analyzeVideo } from '../../src/analyze/analyze-video.js';
import { DEFAULT_ENGINE_OPTIONS } from '../../src/engine/pose-engine.js';
import { WorkerEngine } from '../../src/engine/worker/worker-engine.js';
import type { RunRecord } from '../../src/model/run-record.js';
import { analyzeOptions } from '../support/options.js';
import { CliRun } from '../support/run-cli.js';
import { benchFolder, scaledSample } from './bench-clips.js';
import { type BenchRow, megabytes, reportBench } from './bench-report.js';
import { besideClip } from './beside-clip.js';
import { CAN_LIMIT, lowLimitRow } from './memory/low-limit.js';
import { coldStartRow, workersRow } from './memory/side-by-side.js';

const MEBIBYTE = 2 ** 20;
const CGROUP = `/sys/fs/cgroup/memory/bodyscript-bench-${process.pid}`;
const OVERLAY = { to: 'auto', crf: 23, minVisibility: 0.5, labels: false };
const percent = (ratio: number) => `${((ratio - 1) * 100).toFixed(1)} %`;

async function runCliFor(
  clip: string,
  out: string,
  options: readonly string[] = [],
  onStart?: (pid: number) => Promise<void>,
) {
  const cli = new CliRun(['analyze', clip, '--out', out, '--quiet', ...options]);
  await onStart?.(cli.pid);
  const result = await cli.finished;
  const name = join(out, `${clip.replace(/^.*\//, '').replace(/\.\w+$/, '')}.run.json`);
  const record = result.code === 0 ? (JSON.parse(await readFile(name, 'utf8')) as RunRecord) : undefined;
  return { ...result, record };
}

async function fullHd(folder: string, clip: string): Promise<BenchRow> {
  const { record, stderr } = await runCliFor(clip, join(folder, 'hd'));
  if (!record) throw new Error(stderr);
  const { treeRss, treePss, rssByProcess } = record.peakMemory;
  const parts = Object.entries(rssByProcess).map(([name, bytes]) => `${name} ${megabytes(bytes)}`);
  return {
    what: `1080p60, overlay on, model full, ffmpeg ${record.ffmpeg.version}`,
    figure: `RSS ${megabytes(treeRss)}, PSS ${treePss === null ? '-' : megabytes(treePss)} (${parts.join(', ')})`,
    bar: 'RSS at most 500 MB',
    reached: treeRss <= 500 * MEBIBYTE,
    data: record.peakMemory,
  };
}

async function inCgroup(folder: string, clip: string): Promise<BenchRow | undefined> {
  if (process.getuid?.() !== 0 || !existsSync('/sys/fs/cgroup/memory/memory.limit_in_bytes')) return undefined;
  await mkdir(CGROUP);
  try {
    await writeFile(join(CGROUP, 'memory.limit_in_bytes'), String(512 * MEBIBYTE));
    await writeFile(join(CGROUP, 'memory.swappiness'), '0');
    const { code, stderr } = await runCliFor(clip, join(folder, 'cgroup'), [], pid =>
      writeFile(join(CGROUP, 'cgroup.procs'), String(pid)),
    );
    const used = Number(await readFile(join(CGROUP, 'memory.max_usage_in_bytes'), 'utf8'));
    const killed = Number(/oom_kill (\d+)/.exec(await readFile(join(CGROUP, 'memory.oom_control'), 'utf8'))?.[1] ?? 0);
    return {
      what: 'the same inside a 512 MB cgroup, no swap',
      figure: `exit ${code}, highest use with page cache ${megabytes(used)}, killed by the system ${killed}`,
      bar: 'exit 0',
      reached: code === 0 && killed === 0,
      data: { code, used, killed, stderr },
    };
  } finally {
    await rmdir(CGROUP).catch(() => {});
  }
}

async function tenTimesAsLong(folder: string): Promise<BenchRow> {
  const short = await scaledSample(folder, 'short.mp4', 640, 480, 30);
  const long = await scaledSample(folder, 'long.mp4', 640, 480, 30, 10);
  const peaks: number[] = [];
  for (const clip of [short, long]) {
    const { record, stderr } = await runCliFor(clip, join(folder, 'length'), ['--model', 'lite']);
    if (!record) throw new Error(stderr);
    peaks.push(record.peakMemory.treeRss);
  }
  const [shortPeak = 0, longPeak = 0] = peaks;
  return {
    what: 'the clip looped to ten times its length (120 and 1200 frames, lite)',
    figure: `${megabytes(shortPeak)} and ${megabytes(longPeak)}: ${percent(longPeak / shortPeak)}`,
    bar: 'within 5 %',
    reached: longPeak / shortPeak <= 1.05,
    data: { shortPeak, longPeak },
  };
}

async function thirtyVideos(folder: string): Promise<BenchRow> {
  const clip = await scaledSample(folder, 'many.mp4', 640, 480, 30);
  const peaks: number[] = [];
  await using engine = await WorkerEngine.create('mediapipe', { ...DEFAULT_ENGINE_OPTIONS, model: 'lite' });
  for (let i = 0; i < 30; i++) {
    const options = analyzeOptions(join(folder, `many-${i}`), {
      overlay: OVERLAY,
      selection: { every: 1, maxFrames: 24 },
    });
    peaks.push((await analyzeVideo(clip, options, { engine })).peakMemory.treeRss);
  }
  const [first, last] = [Math.max(...peaks.slice(0, 10)), Math.max(...peaks.slice(-10))];
  return {
    what: '30 videos after one another in one process: first ten and last ten',
    figure: `${megabytes(first)} and ${megabytes(last)}: ${percent(last / first)}`,
    bar: 'within 5 %',
    reached: last / first <= 1.05,
    data: { peaks },
  };
}

const { values } = parseArgs({
  options: {
    part: { type: 'string', default: 'proofs,runs' },
    times: { type: 'string', default: '10' },
    frames: { type: 'string', default: '400' },
  },
});

/** The bars of the memory promise. */
async function proofs(folder: string): Promise<BenchRow[]> {
  const vga = await scaledSample(folder, 'vga.mp4', 640, 480, 30);
  const rows = [await coldStartRow(folder, vga, 3), await workersRow(folder, vga)];
  if (!CAN_LIMIT) return rows;
  const clip = await besideClip(join(tmpdir(), 'bodyscript-bench-python'));
  const limit = { bytes: 256 * MEBIBYTE, times: Number(values.times) };
  return [...rows, await lowLimitRow(folder, clip, ['--max-frames', values.frames], limit)];
}

await using folder = await benchFolder();
const parts = values.part.split(',');
const proven = parts.includes('proofs') ? await proofs(folder.path) : [];
const clip = await scaledSample(folder.path, 'hd.mp4', 1920, 1080, 60);
const runs = parts.includes('runs')
  ? [
      await fullHd(folder.path, clip),
      await inCgroup(folder.path, clip),
      await tenTimesAsLong(folder.path),
      await thirtyVideos(folder.path),
    ]
  : [];
reportBench(
  'memory',
  [...proven, ...runs].filter(row => row !== undefined),
);
