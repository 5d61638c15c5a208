/**
 * `npm run bench:queue`: the overhead of a queue, its memory and how it scales, over an analysis that only waits.
 * `-- --jobs 10000 --workers 1,2,4,8,16`. It needs redis-server.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { JobStore } from '../../src/queue/job-store.js';
import { madeJob, WaitingWorker } from '../support/queue-jobs.js';
import { TestRedis } from '../support/redis.js';
import { benchFolder } from './bench-clips.js';
import { type BenchRow, megabytes, reportBench } from './bench-report.js';

const { values } = parseArgs({
  options: { jobs: { type: 'string', default: '10000' }, workers: { type: 'string', default: '1,2,4,8,16' } },
});
const AT_ONCE = 500;
const LOCK_MS = 5000;
const KILL_EVERY_MS = 5000;
const WAIT_MS = 200;
const JOBS_EACH = 25;
const OVERHEAD_BAR_MS = 5;
const LINEAR_BAR = 0.9;
const GROWTH_BAR = 1.25;
await using folder = await benchFolder();
await using redis = await TestRedis.start('--databases', '100');
const rows: BenchRow[] = [];
let databases = 0;

async function filled(count: number): Promise<{ url: string; file: string }> {
  const url = redis.url(databases++);
  await using store = await JobStore.open(url, () => {});
  for (let from = 0; from < count; from += AT_ONCE) {
    const names = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, at) => `clip-${from + at}`);
    await store.add(
      names.map(name => madeJob(folder.path, name)),
      2,
      () => false,
    );
  }
  return { url, file: join(folder.path, `published-${databases}`) };
}

const published = async (file: string) => (await readFile(file, 'utf8')).trimEnd().split('\n');

async function overhead(count: number): Promise<void> {
  const worker = new WaitingWorker({ ...(await filled(count)), lockMs: LOCK_MS, waitMs: 0, lanes: 4 });
  await worker.says('ready');
  const start = performance.now();
  await worker.ended;
  const each = (performance.now() - start) / count;
  const memory = [...worker.said.matchAll(/^memory (\d+)/gm)].map(([, bytes]) => Number(bytes));
  const [early = 0, late = 0] = [memory[1] ?? memory[0], memory.at(-1)];
  rows.push(
    {
      what: `${count} jobs`,
      figure: `${each.toFixed(2)} ms each`,
      bar: `${OVERHEAD_BAR_MS} ms`,
      reached: each <= OVERHEAD_BAR_MS,
      data: { each },
    },
    {
      what: 'memory, early and at the end',
      figure: `${megabytes(early)}, ${megabytes(late)}`,
      bar: `${GROWTH_BAR} times`,
      reached: late <= early * GROWTH_BAR,
      data: { memory },
    },
  );
}

/** Two workers, of which one is killed and replaced every 5 s. */
async function killed(count: number): Promise<void> {
  const place = await filled(count);
  const start = () => new WaitingWorker({ ...place, lockMs: LOCK_MS, waitMs: 5, lanes: 4 });
  const steady = start();
  let victim = start();
  let kills = 0;
  const killing = setInterval(() => {
    kills++;
    victim.kill('SIGKILL');
    victim = start();
  }, KILL_EVERY_MS);
  await steady.ended;
  clearInterval(killing);
  await victim.ended;
  const names = await published(place.file);
  const isOnce = names.length === count && new Set(names).size === count;
  rows.push({
    what: `${count} jobs, ${kills} workers killed`,
    figure: `${names.length} published, ${new Set(names).size} different`,
    bar: 'each once',
    reached: isOnce,
    data: { kills },
  });
}

async function scale(workers: number): Promise<void> {
  const count = workers * JOBS_EACH;
  const place = await filled(count);
  const start = performance.now();
  const all = Array.from(
    { length: workers },
    () => new WaitingWorker({ ...place, lockMs: LOCK_MS * 6, waitMs: WAIT_MS, lanes: 1 }),
  );
  await Promise.all(all.map(worker => worker.says('ready')));
  const readyMs = performance.now();
  await Promise.all(all.map(worker => worker.ended));
  const share = (JOBS_EACH * WAIT_MS) / (performance.now() - readyMs);
  rows.push({
    what: `${workers} workers, ${WAIT_MS} ms a video`,
    figure: `${(100 * share).toFixed(0)} % of linear`,
    bar: `${100 * LINEAR_BAR} %`,
    reached: share >= LINEAR_BAR,
    data: { share, startMs: readyMs - start },
  });
}

await overhead(Number(values.jobs));
await killed(Number(values.jobs));
for (const workers of values.workers.split(',').map(Number)) await scale(workers);
reportBench('queue', rows);
