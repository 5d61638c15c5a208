import { existsSync } from 'node:fs';
import { listJobs, openLedger } from '../batch/ledger/housekeeping.js';
import type { JobEntry } from '../batch/ledger/job.js';
import { ledgerPath } from '../batch/ledger/ledger.js';
import { JOB_STATES, type JobState } from '../batch/ledger/row-schema.js';
import { shortMessage } from '../errors.js';
import { parseChoice } from '../options/parse-values.js';
import { spelledJson } from '../text/json.js';
import type { CliContext } from './context.js';
import { JobsTable } from './jobs-table.js';
import { zone } from './local-time.js';
import { say } from './say.js';
import { paintedState, type Span } from './styled.js';

/** What `bodyscript jobs list` shows. */
interface Listing {
  readonly out: string;
  /** Names of states, separated by commas; undefined: all. */
  readonly state?: string;
  readonly json?: boolean;
}

/** Shows the videos of a ledger, and those that parts of a plan analyse now. @throws UsageError */
export async function listVideos({ out, state, json }: Listing, context: CliContext): Promise<void> {
  const states = (state?.split(',') ?? []).map(name => parseChoice('--state', name.trim(), JOB_STATES)) as JobState[];
  const { claimedVideos } = await import('../batch/plan/claimed-videos.js');
  const claimed = await claimedVideos(out).catch(error => {
    context.log.warn(shortMessage(error)); // A plan that cannot be read is no reason to hide the ledger.
    return new Map<string, JobEntry>();
  });
  const hasLedger = claimed.size === 0 || existsSync(ledgerPath(out));
  using db = hasLedger ? openLedger(out, true) : undefined;
  const jobs =
    db && claimed.size === 0 ? listJobs(db, states) : withClaimed(db ? listJobs(db, []) : [], claimed, states);
  if (json) sayJobsAsJson(jobs);
  else sayJobs(jobs, states.length === 0 ? 'no videos' : 'no videos in this state', context.log.options.colorStdout);
  if (!db)
    context.log.info(`only running videos are shown; the others, once all parts have ended: ${mergeCommand(out)}`);
}

const mergeCommand = (out: string) => `bodyscript jobs merge -o ${JSON.stringify(out)}`;

/** The entries of a ledger, and videos that commands without one analyse now. */
function* withClaimed(
  jobs: Iterable<JobEntry>,
  claimed: ReadonlyMap<string, JobEntry>,
  states: readonly JobState[],
): Generator<JobEntry> {
  const left = new Map(claimed);
  const isWanted = ({ state }: JobEntry) => states.length === 0 || states.includes(state);
  for (const job of jobs) {
    const claim = left.get(job.path);
    left.delete(job.path);
    const { runner, startedAt } = claim ?? job;
    const isNews = claim && job.state !== 'running';
    const now: JobEntry = isNews ? { ...job, state: 'running', runner, startedAt, endedAt: null, error: null } : job;
    if (isWanted(now)) yield now;
  }
  for (const job of left.values()) if (isWanted(job)) yield job;
}

function sayJobsAsJson(jobs: Iterable<JobEntry>): void {
  let separator = '[';
  for (const job of jobs) {
    process.stdout.write(`${separator}${spelledJson(plainEntry(job))}\n`);
    separator = ',';
  }
  say(separator === '[' ? '[]' : ']');
}

function sayJobs(jobs: Iterable<JobEntry>, ifNone: string, color: boolean): void {
  const table = new JobsTable(process.stdout.isTTY ? process.stdout.columns || undefined : undefined);
  const counts = new Map<string, number>();
  for (const job of jobs) {
    if (counts.size === 0) say(table.head);
    counts.set(job.state, (counts.get(job.state) ?? 0) + 1);
    say([table.row(job), ...table.reason(job)], color);
  }
  if (counts.size === 0) say(ifNone);
  else say([{ spans: stateCounts(counts) }], color);
}

/** `9 done, 1 failed; times are local (UTC+01:00)`. */
function stateCounts(counts: ReadonlyMap<string, number>): (string | Span)[] {
  const parts = [...counts].flatMap(([state, count], place) => [
    place === 0 ? '' : ', ',
    paintedState(state, `${count} ${state}`),
  ]);
  return [...parts, `; times are local (${zone(new Date())})`];
}

/** A time of the ledger as people and scripts read it. */
const time = (milliseconds: number | null) => (milliseconds === null ? null : new Date(milliseconds).toISOString());

/** An entry for JSON, with times as text. */
export function plainEntry({ version, leaseUntil, queuedAt, startedAt, endedAt, ...job }: JobEntry): object {
  return {
    ...job,
    queuedAt: time(queuedAt),
    startedAt: time(startedAt),
    endedAt: time(endedAt),
    leaseUntil: time(leaseUntil),
  };
}
