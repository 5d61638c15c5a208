import { UsageError } from '../errors.js';
import { parseChoice } from '../options/parse-values.js';
import { SUBMIT } from '../options/queue-table.js';
import { check } from '../options/resolve.js';
import type { JobStore } from '../queue/job-store.js';
import type { ActiveJob, FailedJob } from '../queue/queue-standing.js';
import { counted } from '../text/counted.js';
import { withoutSecrets } from '../text/url.js';
import { failureText } from './batch-lines.js';
import { localMinute } from './local-time.js';
import type { Log } from './log.js';
import { say, sayJson } from './say.js';
import { paintedState } from './styled.js';

/** States whose videos are listed; the others are only counted. */
const LISTED = ['active', 'failed'] as const;

/**
 * The address of a queue, as it was given or else from the environment.
 * @throws UsageError
 */
function addressOf(given: string | true): string {
  const url = given === true ? process.env.BODYSCRIPT_QUEUE : given;
  if (url) return url;
  throw new UsageError(
    '--queue has no URL, and BODYSCRIPT_QUEUE is not set',
    'Name the Redis server: --queue redis://host:6379/0, or BODYSCRIPT_QUEUE.',
  );
}

/**
 * Shows how many videos of a queue are in which state, which are analysed where, and why some failed.
 * @param given address of the queue; true: that in the environment
 * @param state names of states, separated by commas; undefined: all that are listed
 * @throws UsageError; BodyscriptError `PACKAGE_MISSING`, `QUEUE_UNREACHABLE`
 */
export async function sayQueue(
  given: string | true,
  state: string | undefined,
  asJson: boolean,
  log: Log,
): Promise<void> {
  const url = addressOf(given);
  const states = state?.split(',').map(name => parseChoice('--state', name.trim(), LISTED)) ?? LISTED;
  await using store = await openQueue(url, log);
  const { activeJobs, countJobs, failedJobs } = await import('../queue/queue-standing.js');
  const counts = await countJobs(store);
  const active = states.includes('active') ? activeJobs(store) : none<ActiveJob>();
  const failed = states.includes('failed') ? failedJobs(store) : none<FailedJob>();
  if (asJson) {
    const [running, failures] = [[], []] as [object[], object[]];
    for await (const { startedAt, ...job } of active) running.push({ ...job, startedAt: time(startedAt) });
    for await (const { endedAt, ...job } of failed) failures.push({ ...job, endedAt: time(endedAt) });
    sayJson({ queue: withoutSecrets(url), counts, active: running, failures }, 2);
    return;
  }
  const color = log.options.colorStdout;
  for await (const job of active) say([{ spans: [paintedState('running', 'active'), `  ${activeText(job)}`] }], color);
  for await (const job of failed) say([{ spans: [paintedState('failed', 'failed'), `  ${reasonOf(job)}`] }], color);
  const parts = Object.entries(counts).map(([state, count]) => `${count} ${state}`);
  say(`${withoutSecrets(url)}: ${parts.join(', ')}`, color);
}

/**
 * Lets failed videos of a queue wait again.
 * @param given address of the queue; true: that in the environment
 * @param videos paths or names; none: all
 * @throws UsageError where one of them has not failed; BodyscriptError `PACKAGE_MISSING`, `QUEUE_UNREACHABLE`
 */
export async function retryQueue(given: string | true, videos: readonly string[], log: Log): Promise<string> {
  const url = addressOf(given);
  await using store = await openQueue(url, log);
  const { retryFailed } = await import('../queue/queue-standing.js');
  const { retried, unknown } = await retryFailed(store, videos);
  if (unknown.length > 0) {
    throw new UsageError(
      `${unknown.join(', ')}: not among the failed videos of this queue`,
      'See "bodyscript jobs --queue URL --state failed" for their paths.',
    );
  }
  return `${withoutSecrets(url)}: ${counted(retried, 'failed video')} waiting again`;
}

async function openQueue(url: string, log: Log): Promise<JobStore> {
  check(SUBMIT.queue, url, '--queue');
  const { JobStore } = await import('../queue/job-store.js');
  return JobStore.open(url, message => log.warn(message));
}

async function* none<T>(): AsyncGenerator<T> {}

/** `clips/walk.mp4: on node7 (pid 4711) since 2026-11-26 10:11, 120 of 300 frames`. */
function activeText({ id, path, host, pid, startedAt, frames, expected }: ActiveJob): string {
  const where = host === undefined ? 'a worker begins' : `on ${host}${pid === undefined ? '' : ` (pid ${pid})`}`;
  const since = time(startedAt) === null ? '' : ` since ${localMinute(startedAt as number)}`;
  const share = expected === undefined ? '' : ` of ${expected}`;
  const far = frames === undefined ? '' : `, ${frames}${share} frames`;
  return `${path ?? `job ${id}`}: ${where}${since}${far}`;
}

function reasonOf({ id, path, code, message, remedy }: FailedJob): string {
  return failureText(path ?? `job ${id}`, { code, message, remedy });
}

const time = (milliseconds: number | undefined) =>
  milliseconds === undefined || Math.abs(milliseconds) > 8.64e15 ? null : new Date(milliseconds).toISOString();
