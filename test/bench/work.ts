/**
 * `npm run bench:work`: `work`, `analyze` of a bucket, and `work` on jobs of a bucket, each against the local batch, on
 * the same short clips and lanes, alternately; and a video alone with and without the packages that only they need.
 * `-- --clips 20 --frames 120 --rounds 5 --only queue,bucket,both,bare`: fewer frames for a machine that has no time.
 * The servers run on this machine and count for nothing. It needs redis-server and moto_server, and leaves out what it
 * cannot measure.
 */
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { packageCopy } from '../support/bare-package.js';
import { MOTO, type MotoServer, motoClient, motoEnvironment, startMoto } from '../support/moto-server.js';
import { HAS_REDIS, TestRedis } from '../support/redis.js';
import { SAMPLES } from '../support/reference-clips.js';
import { benchFolder } from './bench-clips.js';
import { type BenchRow, median, megabytes, reportBench } from './bench-report.js';
import { type Cost, startTimed } from './timed-run.js';

const { values } = parseArgs({
  options: {
    clips: { type: 'string', default: '20' },
    frames: { type: 'string', default: '120' },
    rounds: { type: 'string', default: '5' },
    jobs: { type: 'string', default: '2' },
    only: { type: 'string', default: 'queue,bucket,both,bare' },
  },
});
const BIN = fileURLToPath(new URL('../../bin/bodyscript.js', import.meta.url));
const KINDS = ['wave', 'squat', 'turn', 'sit', 'push-up', 'dark', 'portrait', 'variable-rate', 'fog', 'walk-towards'];
const COUNT = Number(values.clips);
const ROUNDS = Number(values.rounds);
const CPU_BAR_PERCENT = 5;
const WALL_BAR_MS = 300;
const USUAL = ['-q', '--no-overlay', '--max-frames', values.frames];
await using folder = await benchFolder();
const at = (...names: string[]) => join(folder.path, ...names);
const rows: BenchRow[] = [];

const bodyscript = (args: readonly string[], env: NodeJS.ProcessEnv = {}, bin = BIN): Promise<Cost> =>
  startTimed([process.execPath, bin, ...args], env).finished;

/** One way to analyse all clips. @param round names a new place for the results */
type Way = (round: number) => Promise<Cost>;

/** Runs both ways alternately, and adds what the other costs beside the local one. */
async function compare(what: string, local: Way, other: Way): Promise<void> {
  const costs: { readonly local: Cost[]; readonly other: Cost[] } = { local: [], other: [] };
  await local(-1); // Nothing is cached before the first.
  for (let round = 0; round < ROUNDS; round++) {
    costs.local.push(await local(round));
    costs.other.push(await other(round));
    process.stderr.write(`${what}: ${JSON.stringify([costs.local.at(-1), costs.other.at(-1)])}\n`);
  }
  const of = (way: keyof typeof costs, field: keyof Cost) => median(costs[way].map(cost => cost[field]));
  const percent = 100 * (of('other', 'cpuSeconds') / of('local', 'cpuSeconds') - 1);
  const milliseconds = (1000 * (of('other', 'wallSeconds') - of('local', 'wallSeconds'))) / COUNT;
  const both = (field: keyof Cost) => `${of('local', field).toFixed(1)} and ${of('other', field).toFixed(1)} s`;
  rows.push(
    {
      what: `${what}: CPU time, ${COUNT} clips of up to ${values.frames} frames, --jobs ${values.jobs}, ${ROUNDS} rounds`,
      figure: `${both('cpuSeconds')}: ${percent.toFixed(1)} % more`,
      bar: `at most ${CPU_BAR_PERCENT} %`,
      reached: percent <= CPU_BAR_PERCENT,
      data: costs,
    },
    {
      what: `${what}: wall time of each video`,
      figure: `${both('wallSeconds')}: ${milliseconds.toFixed(0)} ms more`,
      bar: `at most ${WALL_BAR_MS} ms`,
      reached: milliseconds <= WALL_BAR_MS,
      data: costs,
    },
  );
}

async function clips(): Promise<string> {
  const input = at('clips');
  await mkdir(input);
  for (let i = 0; i < COUNT; i++) {
    await copyFile(join(SAMPLES, `${KINDS[i % KINDS.length]}.mp4`), join(input, `${String(i).padStart(3, '0')}.mp4`));
  }
  return input;
}

const locally =
  (input: string, name: string): Way =>
  async round => {
    const out = at(`${name}-local-${round}`);
    const cost = await bodyscript(['analyze', input, '-o', out, '--jobs', values.jobs, ...USUAL]);
    await rm(out, { recursive: true });
    return cost;
  };

async function queue(input: string): Promise<void> {
  await using redis = await TestRedis.start('--databases', '100');
  await compare('work against the local batch', locally(input, 'queue'), async round => {
    const [url, out] = [redis.url(round), at(`queue-${round}`)];
    await bodyscript(['submit', input, '-o', out, '--queue', url, ...USUAL]);
    const cost = await bodyscript(['work', '--queue', url, '--until-empty', '--jobs', values.jobs, '-q']);
    await rm(out, { recursive: true });
    return cost;
  });
}

/** The clips below `in/` of the bucket `lab`. @returns what makes a client use it */
async function fill(moto: MotoServer, input: string): Promise<NodeJS.ProcessEnv> {
  const client = await motoClient(moto.endpoint);
  const { CreateBucketCommand, PutObjectCommand } = await import('@aws-sdk/client-s3');
  await client.send(new CreateBucketCommand({ Bucket: 'lab' }));
  for (let i = 0; i < COUNT; i++) {
    const name = `${String(i).padStart(3, '0')}.mp4`;
    await client.send(
      new PutObjectCommand({ Bucket: 'lab', Key: `in/${name}`, Body: await readFile(join(input, name)) }),
    );
  }
  client.destroy();
  return motoEnvironment(moto.endpoint);
}

async function bucket(input: string): Promise<void> {
  using moto = await startMoto();
  const env = await fill(moto, input);
  await compare('analyze of a bucket into a bucket against local folders', locally(input, 'bucket'), round => {
    const places = ['s3://lab/in/', '-o', `s3://lab/out-${round}/`, '--scratch', at('scratch')];
    return bodyscript(['analyze', ...places, '--jobs', values.jobs, ...USUAL], env);
  });
}

async function both(input: string): Promise<void> {
  using moto = await startMoto();
  await using redis = await TestRedis.start('--databases', '100');
  const env = await fill(moto, input);
  await compare('work on jobs of a bucket against the local batch', locally(input, 'both'), async round => {
    const queue = ['--queue', redis.url(round)];
    await bodyscript(['submit', 's3://lab/in/', '-o', `s3://lab/both-${round}/`, ...queue, ...USUAL], env);
    const lanes = ['--until-empty', '--jobs', values.jobs, '--scratch', at('scratch-both')];
    return bodyscript(['work', ...queue, ...lanes, '-q'], env);
  });
}

/** A spread of figures around their median: half of them are nearer. */
const spread = (figures: readonly number[]) => median(figures.map(figure => Math.abs(figure - median(figures))));

/** The same short video with a package in which what buckets and queues need is absent. */
async function bare(): Promise<void> {
  const bins = { full: await packageCopy(at('full'), false), bare: await packageCopy(at('bare'), true) };
  const costs: Record<'cpu' | 'wall' | 'memory', Record<keyof typeof bins, number[]>> = {
    cpu: { full: [], bare: [] },
    wall: { full: [], bare: [] },
    memory: { full: [], bare: [] },
  };
  for (let round = -1; round < 2 * ROUNDS; round++) {
    for (const kind of ['full', 'bare'] as const) {
      const out = at(`${kind}-${round}`);
      const cost = await bodyscript(['analyze', join(SAMPLES, 'wave.mp4'), '-o', out, ...USUAL], {}, bins[kind]);
      const { peakMemory } = JSON.parse(await readFile(join(out, 'wave.run.json'), 'utf8'));
      if (round < 0) continue; // Nothing was cached before the first.
      costs.cpu[kind].push(cost.cpuSeconds * 1000);
      costs.wall[kind].push(cost.wallSeconds * 1000);
      costs.memory[kind].push(peakMemory.treeFixed ?? peakMemory.treePss ?? peakMemory.treeRss);
    }
  }
  const texts = { cpu: milliseconds, wall: milliseconds, memory: megabytes };
  const names = { cpu: 'CPU time', wall: 'wall time', memory: 'peak memory' };
  for (const field of ['cpu', 'wall', 'memory'] as const) {
    const { full, bare: without } = costs[field];
    const more = median(full) - median(without);
    const noise = spread(full) + spread(without);
    const text = texts[field];
    rows.push({
      what: `analyze of a video with the packages installed that buckets and queues need, and without: ${names[field]}`,
      figure: `${text(median(full))} and ${text(median(without))}: ${text(more)} more, noise ${text(noise)}`,
      bar: 'no more than the noise',
      reached: more <= noise,
      data: costs[field],
    });
  }
}

const milliseconds = (value: number) => `${value.toFixed(0)} ms`;

const parts = values.only.split(',');
const input = await clips();
const left: string[] = [];
if (parts.includes('queue')) HAS_REDIS ? await queue(input) : left.push('queue (needs redis-server)');
if (parts.includes('bucket')) MOTO ? await bucket(input) : left.push('bucket (needs moto_server)');
if (parts.includes('both')) MOTO && HAS_REDIS ? await both(input) : left.push('both (needs both servers)');
if (parts.includes('bare')) await bare();
for (const part of left) process.stderr.write(`bench:work leaves out ${part}\n`);
reportBench(parts.length === 4 ? 'work' : `work-${parts.join('-')}`, rows);
