import { SUBMIT } from '../options/queue-table.js';
import { check } from '../options/resolve.js';
import type { FailedJob } from '../queue/queue-standing.js';
import { withoutSecrets } from '../text/url.js';
import { failureText } from './batch-lines.js';
import type { Log } from './log.js';
import { say, sayJson } from './say.js';
import { paintedState } from './styled.js';

/**
 * Says how many videos of a queue are in which state, and why some failed.
 * @throws UsageError; BodyscriptError `PACKAGE_MISSING`, `QUEUE_UNREACHABLE`
 */
export async function sayQueue(url: string, asJson: boolean, log: Log): Promise<void> {
  check(SUBMIT.queue, url, '--queue');
  const { JobStore } = await import('../queue/job-store.js');
  const { countJobs, failedJobs } = await import('../queue/queue-standing.js');
  await using store = await JobStore.open(url, message => log.warn(message));
  const counts = await countJobs(store);
  if (asJson) {
    const failures = [];
    for await (const { endedAt, ...job } of failedJobs(store)) failures.push({ ...job, endedAt: time(endedAt) });
    sayJson({ queue: withoutSecrets(url), counts, failures }, 2);
    return;
  }
  const color = log.options.colorStdout;
  for await (const job of failedJobs(store)) {
    say([{ spans: [paintedState('failed', 'failed'), `  ${reasonOf(job)}`] }], color);
  }
  const parts = Object.entries(counts).map(([state, count]) => `${count} ${state}`);
  say(`${withoutSecrets(url)}: ${parts.join(', ')}`, color);
}

function reasonOf({ id, path, code, message, remedy }: FailedJob): string {
  return failureText(path ?? `job ${id}`, { code, message, remedy });
}

const time = (milliseconds: number | undefined) =>
  milliseconds === undefined || Math.abs(milliseconds) > 8.64e15 ? null : new Date(milliseconds).toISOString();
