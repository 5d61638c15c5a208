// A worker of a queue whose analysis only waits: `node queue-worker.mjs URL LOCK_MS WAIT_MS LANES FILE`. It takes
// jobs by the program's own docket, and appends a line to FILE for each video that it publishes. On stdout, it says
// what it does.

import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { JobStore } from '../../dist/queue/job-store.js';
import { QueueDocket } from '../../dist/queue/queue-docket.js';

const [url, lockMs, waitMs, lanes, file] = process.argv.slice(2);
const REPORT_EVERY = 500;
const store = await JobStore.open(url, message => say('warning', message), Number(lockMs));
const docket = new QueueDocket(store, { untilEmpty: true, within: undefined, machine: {} });
const isStopped = () => false;
let done = 0;

function say(what, about = '') {
  process.stdout.write(`${what} ${about}\n`);
}

async function work() {
  for (let step = await docket.next(isStopped); step; step = await docket.next(isStopped)) {
    if (step.what === 'settle') {
      say(step.outcome, step.video.given);
      continue;
    }
    const { video } = step;
    if (Number(waitMs) > 0) say('began', video.job.name);
    await delay(Number(waitMs));
    const isOurs = await docket.confirm(video);
    if (isOurs) appendFileSync(file, `${video.job.name}\n`);
    else say('lost', video.job.name);
    const interrupted = { kind: 'failed', error: { code: 'INTERRUPTED', message: 'taken over' }, kept: [] };
    await docket.note(video, isOurs ? 'done' : 'interrupted', isOurs ? { kind: 'done' } : interrupted);
    if (++done % REPORT_EVERY === 0) say('memory', process.memoryUsage().rss);
  }
}

const renewing = setInterval(() => docket.renew().catch(() => {}), Number(lockMs) / 3);
say('ready');
await Promise.all(Array.from({ length: Number(lanes) }, work));
clearInterval(renewing);
await store[Symbol.asyncDispose]();
say('ended', done);
