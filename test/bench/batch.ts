/** `npm run bench:batch`: many videos. `-- --only jobs,parent,many,shared,memory` runs a part of it. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { JobEntry } from '../../src/batch/ledger/job.js';
import { SAMPLES } from '../support/reference-clips.js';
import { CliRun, runCli } from '../support/run-cli.js';
import { benchFolder, scaledSample } from './bench-clips.js';
import { type BenchRow, median, megabytes, reportBench } from './bench-report.js';

const MEBIBYTE = 2 ** 20;
/** Clean and degraded clips, as in a typical study. */
const CLIPS = ['wave', 'squat', 'turn', 'sit', 'push-up', 'dark', 'portrait', 'variable-rate', 'fog', 'walk-towards'];
const ROUNDS = 3;

async function folderOfSamples(folder: string, count: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (let i = 0; i < count; i++) {
    await copyFile(join(SAMPLES, `${CLIPS[i % CLIPS.length]}.mp4`), join(folder, `${String(i).padStart(3, '0')}.mp4`));
  }
  return folder;
}

/** Runs a command to its end. @returns seconds */
async function timed(...commands: readonly (readonly string[])[]): Promise<number> {
  const start = performance.now();
  const results = await Promise.all(commands.map(args => runCli(args)));
  for (const { code, stderr } of results) if (code !== 0) throw new Error(stderr);
  return (performance.now() - start) / 1000;
}

async function twoJobs(folder: string): Promise<BenchRow[]> {
  const input = await folderOfSamples(join(folder, 'twenty'), 20);
  const rows: BenchRow[] = [];
  for (const [what, options] of [
    ['no overlay', ['--no-overlay']],
    ['overlay', []],
  ] as const) {
    const seconds: Record<1 | 2, number[]> = { 1: [], 2: [] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const jobs of [1, 2] as const) {
        const out = join(folder, 'jobs-out');
        seconds[jobs].push(await timed(['analyze', input, '-o', out, '-q', '--jobs', String(jobs), ...options]));
        await rm(out, { recursive: true });
      }
    }
    const ratios = seconds[1].map((one, i) => one / seconds[2][i]!);
    rows.push({
      what: `20 clips, ${what}: 2 jobs against 1, on ${ROUNDS} rounds`,
      figure: `${median(seconds[1]).toFixed(1)} and ${median(seconds[2]).toFixed(1)} s: ${median(ratios).toFixed(2)} times`,
      bar: 'at least 1.7 times',
      reached: median(ratios) >= 1.7,
      data: { seconds, ratios },
    });
  }
  return rows;
}

/** The command's own process with a hundred thousand inputs that all fail at once. */
async function parentWithManyInputs(folder: string): Promise<BenchRow[]> {
  const list = join(folder, 'list.txt');
  const paths = Array.from({ length: 100_000 }, (_, i) => join(folder, `none/group-${i % 1000}/clip-${i}.mp4`));
  await writeFile(list, paths.join('\n'));
  const out = join(folder, 'parent-out');
  const start = performance.now();
  const cli = new CliRun(['analyze', '--from-file', list, '-o', out, '--jobs', '2']);
  let [startedAfter, peak] = [Number.NaN, 0];
  const timer = setInterval(async () => {
    const status = await readFile(`/proc/${cli.pid}/status`, 'utf8').catch(() => '');
    peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024);
    if (Number.isNaN(startedAfter) && cli.stderr.includes('error: ')) startedAfter = (performance.now() - start) / 1000;
    cli.stderr = cli.stderr.slice(-200);
  }, 50);
  const { code } = await cli.finished;
  clearInterval(timer);
  const seconds = (performance.now() - start) / 1000;
  return [
    {
      what: `the command's own process, 100,000 inputs (all missing: exit ${code}, ${seconds.toFixed(0)} s in all)`,
      figure: megabytes(peak),
      bar: 'at most 120 MB',
      reached: peak <= 120 * MEBIBYTE,
      data: { peak, seconds, code },
    },
    {
      what: 'the same, until the first of them has been tried',
      figure: `${startedAfter.toFixed(1)} s`,
      bar: 'under 20 s',
      reached: startedAfter < 20,
      data: { startedAfter },
    },
  ];
}

async function manyClips(folder: string): Promise<BenchRow> {
  const input = await folderOfSamples(join(folder, 'many'), 200);
  const out = join(folder, 'many-out');
  const seconds = await timed(['analyze', input, '-o', out, '-q', '--jobs', '2', '--max-frames', '40']);
  const { stdout } = await runCli(['jobs', '-o', out, '--json']);
  const jobs = JSON.parse(stdout) as (Omit<JobEntry, 'endedAt'> & { endedAt: string })[];
  const workers = [...new Set(jobs.map(job => job.worker?.pid))];
  const quarters = workers.map(pid => {
    const done = jobs.filter(job => job.worker?.pid === pid);
    const peaks = done.sort((a, b) => a.endedAt.localeCompare(b.endedAt)).map(({ peakMemory }) => peakMemory ?? 0);
    const quarter = Math.floor(peaks.length / 4);
    return [Math.max(...peaks.slice(quarter, 2 * quarter)), Math.max(...peaks.slice(-quarter))] as const;
  });
  const growth = quarters.map(([second, last]) => last / second - 1);
  return {
    what: `200 clips in one run (${workers.length} workers, ${seconds.toFixed(0)} s): peak in the last quarter against the second`,
    figure: quarters
      .map(([second, last], i) => `${megabytes(second)} to ${megabytes(last)} (${(growth[i]! * 100).toFixed(1)} %)`)
      .join(', '),
    bar: 'within 5 %',
    reached: workers.length === 2 && growth.every(share => share <= 0.05),
    data: { quarters, seconds },
  };
}

async function twoCommands(folder: string): Promise<BenchRow> {
  const input = await folderOfSamples(join(folder, 'forty'), 40);
  const out = join(folder, 'shared-out');
  const common = ['analyze', input, '-o', out, '-q', '--no-overlay'];
  const one: number[] = [];
  const two: number[] = [];
  let videos = 0;
  for (let round = 0; round < ROUNDS; round++) {
    one.push(await timed([...common, '--jobs', '2']));
    await rm(out, { recursive: true });
    two.push(await timed([...common, '--jobs', '1'], [...common, '--jobs', '1']));
    const jobs = JSON.parse((await runCli(['jobs', '-o', out, '--json'])).stdout) as JobEntry[];
    videos += jobs.filter(({ state, attempts }) => state === 'done' && attempts === 1).length;
    await rm(out, { recursive: true });
  }
  const ratio = median(two.map((seconds, i) => seconds / one[i]!));
  return {
    what: `two commands at once on 40 clips: each analysed once ${videos === 40 * ROUNDS ? 'yes' : 'NO'}; time against one with 2 jobs`,
    figure: `${median(two).toFixed(1)} and ${median(one).toFixed(1)} s: ${ratio.toFixed(2)} times`,
    bar: 'at most 1.15 times',
    reached: videos === 40 * ROUNDS && ratio <= 1.15,
    data: { one, two },
  };
}

const CGROUP = `/sys/fs/cgroup/memory/bodyscript-batch-${process.pid}`;

/** A 512 MB control group and clips of mixed sizes: the finished videos, and whether the system had to kill. */
async function smallMachine(folder: string): Promise<BenchRow | undefined> {
  if (process.getuid?.() !== 0 || !existsSync('/sys/fs/cgroup/memory/memory.limit_in_bytes')) return undefined;
  const input = await folderOfSamples(join(folder, 'mixed'), 6);
  await scaledSample(input, 'hd-60.mp4', 1920, 1080, 60);
  await scaledSample(input, 'hd-720.mp4', 1280, 720, 30);
  await scaledSample(input, 'uhd.mp4', 3840, 2160, 30);
  await scaledSample(input, 'tiny.mp4', 320, 240, 30);
  await mkdir(CGROUP);
  try {
    await writeFile(join(CGROUP, 'memory.limit_in_bytes'), String(512 * MEBIBYTE));
    await writeFile(join(CGROUP, 'memory.swappiness'), '0');
    const out = join(folder, 'mixed-out');
    // The group's first member starts the command, so that all of it is inside from the start.
    const cli = new CliRun(['analyze', input, '-o', out, '--jobs', '2']);
    await writeFile(join(CGROUP, 'cgroup.procs'), String(cli.pid));
    const { code, stderr } = await cli.finished;
    const killed = Number(/oom_kill (\d+)/.exec(await readFile(join(CGROUP, 'memory.oom_control'), 'utf8'))?.[1] ?? 0);
    const report = JSON.parse(await readFile(join(out, 'batch.json'), 'utf8')) as {
      counts: Record<string, number>;
      peakMemory: number;
    };
    return {
      what: 'a 512 MB control group, 10 clips from 320x240 to 3840x2160, --jobs 2',
      figure: `exit ${code}, ${JSON.stringify(report.counts)}, peak ${megabytes(report.peakMemory)}, killed by the system ${killed}`,
      bar: 'none killed by the system, each done or failed with NOT_ENOUGH_MEMORY',
      reached: killed === 0 && (code === 0 || code === 3),
      data: { code, killed, report, stderr },
    };
  } finally {
    await rmdir(CGROUP).catch(() => {});
  }
}

const { values } = parseArgs({ options: { only: { type: 'string', default: 'jobs,parent,many,shared,memory' } } });
const parts = values.only.split(',');
await using folder = await benchFolder();
const rows: (BenchRow | undefined)[] = [];
if (parts.includes('jobs')) rows.push(...(await twoJobs(folder.path)));
if (parts.includes('shared')) rows.push(await twoCommands(folder.path));
if (parts.includes('parent')) rows.push(...(await parentWithManyInputs(folder.path)));
if (parts.includes('many')) rows.push(await manyClips(folder.path));
if (parts.includes('memory')) rows.push(await smallMachine(folder.path));
reportBench(
  parts.length === 5 ? 'batch' : `batch-${parts.join('-')}`,
  rows.filter(row => row !== undefined),
);
