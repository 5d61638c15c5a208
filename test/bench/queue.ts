/**
 * `npm run bench:queue`: the overhead of a queue, its memory, what is published when workers are killed, and how it
 * scales, over an analysis that only waits. `-- --jobs 10000 --workers 1,2,4,8,16 --only killed,scale,latency`. Times
 * count from the first job to the last, without the start and the end of processes. It needs redis-server.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { JobStore } from '../../src/queue/job-store.js';
import { QueueDocket } from '../../src/queue/queue-docket.js';
import { madeJob, USUAL, WaitingWorker } from '../support/queue-jobs.js';
import { TestRedis } from '../support/redis.js';
import { benchFolder } from './bench-clips.js';
import { type BenchRow, median, megabytes, reportBench } from './bench-report.js';

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '10000' },
    workers: { type: 'string', default: '1,2,4,8,16' },
    only: { type: 'string', default: 'killed,scale,latency' },
  },
});
const AT_ONCE = 500;
const LOCK_MS = 5000;
const KILL_EVERY_MS = 5000;
const LEAST_KILLS = 5;
/** Long enough for the kills, and one more. */
const KILLED_RUN_MS = KILL_EVERY_MS * (LEAST_KILLS + 2);
const LANES = 4;
const WAIT_MS = 200;
const JOBS_EACH = 25;
const OVERHEAD_BAR_MS = 5;
const LINEAR_BAR = 0.9;
const GROWTH_BAR = 1.25;
const LATENCIES = 20;
const LATENCY_BAR_MS = 50;
await using folder = await benchFolder();
await using redis = await TestRedis.start('--databases', '100');
const rows: BenchRow[] = [];
let databases = 0;

interface Filled {
  readonly url: string;
  readonly outDir: string;
  readonly names: readonly string[];
  /** Gets a line for each published video. */
  readonly file: string;
}

/** A queue with this many jobs, of empty videos. */
async function filled(count: number): Promise<Filled> {
  const url = redis.url(databases++);
  const outDir = join(folder.path, `out-${databases}`);
  await mkdir(outDir);
  await using store = await JobStore.open(url, () => {});
  const names = Array.from({ length: count }, (_, at) => `clip-${at}`);
  for (let from = 0; from < count; from += AT_ONCE) {
    const some = names.slice(from, from + AT_ONCE);
    await Promise.all(some.map(name => writeFile(join(outDir, `${name}.mp4`), '')));
    await store.add(
      some.map(name => madeJob(outDir, name)),
      2,
      () => false,
    );
  }
  return { url, outDir, names, file: join(outDir, 'published') };
}

/** Two workers, of which one is killed and replaced every 5 s. */
async function killed(count: number): Promise<void> {
  const place = await filled(count);
  const waitMs = Math.ceil((KILLED_RUN_MS * 2 * LANES) / count);
  const start = () => new WaitingWorker({ ...place, lockMs: LOCK_MS, waitMs, lanes: LANES });
  const steady = start();
  let victim = start();
  let kills = 0;
  const killing = setInterval(() => {
    if (victim.process.exitCode !== null) return; // The queue is empty.
    if (victim.said.includes('began')) kills++; // Others are killed at their start, and have no job to lose.
    victim.kill('SIGKILL');
    victim = start();
  }, KILL_EVERY_MS);
  await steady.ended;
  clearInterval(killing);
  await victim.ended;
  const what = `${count} jobs, ${kills} workers killed by -9`;
  rows.push(await publishedRow(what, place, kills));
  const { marks } = steady;
  const [first, last] = [marks[0], marks.at(-1)];
  if (!first || !last || first === last) throw new Error(`too few jobs to measure: ${steady.said.slice(-500)}`);
  const middle = marks.length >> 1;
  const [early, late] = [marks.slice(0, middle), marks.slice(middle)].map(half =>
    Math.max(...half.map(({ memory }) => memory)),
  ) as [number, number];
  const each = (last.at - first.at) / (last.videos - first.videos) - waitMs / LANES;
  rows.push(
    {
      what: `the same: overhead of a job in a worker that lived, ${LANES} at a time, ${waitMs} ms each`,
      figure: `${each.toFixed(2)} ms`,
      bar: `${OVERHEAD_BAR_MS} ms`,
      reached: each <= OVERHEAD_BAR_MS,
      data: { each, waitMs },
    },
    {
      what: `its most memory in the first half of ${last.videos} jobs, and in the second`,
      figure: `${megabytes(early)}, ${megabytes(late)}`,
      bar: `${GROWTH_BAR} times`,
      reached: late <= early * GROWTH_BAR,
      data: { marks },
    },
  );
}

/** A worker that dies between a record and its line leaves no line: the record counts. */
async function publishedRow(what: string, { names, outDir, file }: Filled, kills: number): Promise<BenchRow> {
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  const twice = lines.length - new Set(lines).size;
  const records = names.filter(name => existsSync(join(outDir, `${name}.run.json`))).length;
  return {
    what,
    figure: `${records} published, ${twice} of them twice`,
    bar: `each once, at least ${LEAST_KILLS} kills`,
    reached: records === names.length && twice === 0 && kills >= LEAST_KILLS,
    data: { kills, records, lines: lines.length, twice },
  };
}

async function scale(workers: number): Promise<void> {
  // The first job of each loads what all need, which belongs to its start.
  const work = {
    ...(await filled(workers * (JOBS_EACH + 1))),
    lockMs: LOCK_MS * 6,
    waitMs: WAIT_MS,
    lanes: 1,
    gated: true,
  };
  const all = Array.from({ length: workers }, () => new WaitingWorker(work));
  await Promise.all(all.map(worker => worker.says('ready')));
  for (const worker of all) worker.go();
  await Promise.all(all.map(worker => worker.ended));
  const spans = all.flatMap(({ span }) => (span && span.videos > 0 ? [span] : []));
  const videos = spans.reduce((sum, span) => sum + span.videos, 0);
  if (videos !== workers * JOBS_EACH) throw new Error(`${videos} videos were analysed`);
  const ms = Math.max(...spans.map(({ last }) => last)) - Math.min(...spans.map(({ first }) => first));
  const share = (JOBS_EACH * WAIT_MS) / ms;
  rows.push({
    what: `${workers} workers, ${WAIT_MS} ms a video, from the first job to the last`,
    figure: `${(100 * share).toFixed(0)} % of linear`,
    bar: `${100 * LINEAR_BAR} %`,
    reached: share >= LINEAR_BAR,
    data: { share, ms, spans },
  });
}

/** How soon a worker that waits has a job that is added. */
async function latency(): Promise<void> {
  const { url, outDir } = await filled(0);
  await using store = await JobStore.open(url, () => {});
  await using other = await JobStore.open(url, () => {});
  const docket = new QueueDocket(store, { untilEmpty: false, within: undefined, machine: USUAL.machine });
  const all: number[] = [];
  for (let round = 0; round < LATENCIES; round++) {
    const next = docket.next(() => false);
    await delay(600 + 37 * round); // Not in step with how long it waits.
    const start = performance.now();
    await other.add([madeJob(outDir, `late-${round}`)], 1, () => false);
    const step = await next;
    all.push(performance.now() - start);
    if (step?.what !== 'analyse') throw new Error('no job was taken');
    await docket.note(step.video, 'done', { kind: 'done', record: {} as never, outputs: [] });
  }
  rows.push({
    what: `a worker that waits has a new job after (median of ${LATENCIES})`,
    figure: `${median(all).toFixed(1)} ms`,
    bar: `${LATENCY_BAR_MS} ms`,
    reached: median(all) <= LATENCY_BAR_MS,
    data: { all },
  });
}

const parts = values.only.split(',');
if (parts.includes('killed')) await killed(Number(values.jobs));
if (parts.includes('scale')) for (const workers of values.workers.split(',').map(Number)) await scale(workers);
if (parts.includes('latency')) await latency();
reportBench('queue', rows);
