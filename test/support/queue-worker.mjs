// A worker of a queue whose analysis only waits: `node queue-worker.mjs URL LOCK_MS WAIT_MS LANES FILE [gate]`. It
// takes jobs by the program's own docket, writes a run record for each video, as the program does last, and appends a
// line to FILE. On stdout, it says what it does. With "gate", it does one job before it says that it is ready, which
// loads all that a first job loads, and begins when it reads something from stdin.

import { once } from 'node:events';
import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { JobStore } from '../../dist/queue/job-store.js';
import { QueueDocket } from '../../dist/queue/queue-docket.js';

const [url, lockMs, waitMs, lanes, file, gate] = process.argv.slice(2);
const REPORT_EVERY = 250;
const RECORD = JSON.parse(readFileSync(new URL('run-record.json', import.meta.url), 'utf8'));
const store = await JobStore.open(url, message => say('warning', message), Number(lockMs));
const docket = new QueueDocket(store, { untilEmpty: true, within: undefined, machine: {} });
const isStopped = () => false;
const now = () => performance.timeOrigin + performance.now();
let [taken, done] = [0, 0];
let [firstAt, lastAt] = [0, 0];

function say(what, ...about) {
  process.stdout.write(`${what} ${about.join(' ')}\n`);
}

/** Results as the program leaves them: the record appears last, and whole. */
function publish({ given, job, own }, startedAt) {
  const { outDir } = own.options.outputs;
  const path = join(outDir, `${job.name}.run.json`);
  mkdirSync(dirname(path), { recursive: true });
  const table = join(outDir, `${job.name}.csv`);
  writeFileSync(table, 'frame_id\n');
  const input = { ...RECORD.input, path: given, bytes: 0 };
  const record = { ...RECORD, startedAt, input, options: own.options, outputs: [table] };
  const text = JSON.stringify(record, (_, value) => (value === undefined ? null : value));
  writeFileSync(`${path}.${process.pid}`, text);
  renameSync(`${path}.${process.pid}`, path);
  appendFileSync(file, `${job.name}\n`);
}

async function analyse(video) {
  const startedAt = new Date().toISOString();
  if (taken++ === 0) firstAt = now();
  if (Number(waitMs) > 0) say('began', video.job.name);
  await delay(Number(waitMs));
  const isOurs = await docket.confirm(video);
  if (isOurs) publish(video, startedAt);
  else say('lost', video.job.name);
  const interrupted = { kind: 'failed', error: { code: 'INTERRUPTED', message: 'taken over' }, kept: [] };
  await docket.note(video, isOurs ? 'done' : 'interrupted', isOurs ? { kind: 'done' } : interrupted);
  lastAt = now();
  if (++done % REPORT_EVERY === 0) say('at', done, Math.round(now()), process.memoryUsage().rss);
}

async function work() {
  for (let step = await docket.next(isStopped); step; step = await docket.next(isStopped)) {
    if (step.what === 'analyse') await analyse(step.video);
    else say(step.outcome, step.video.given);
  }
}

const renewing = setInterval(() => docket.renew().catch(() => {}), Number(lockMs) / 3);
if (gate) {
  await analyse((await docket.next(isStopped)).video);
  say('ready');
  await once(process.stdin, 'data');
  process.stdin.destroy();
  taken = done = 0;
} else say('ready');
await Promise.all(Array.from({ length: Number(lanes) }, work));
clearInterval(renewing);
await store[Symbol.asyncDispose]();
say('span', done, firstAt, lastAt);
