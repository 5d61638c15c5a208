import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { megabytes } from '../analyze/memory-guard.js';
import { Database } from '../batch/ledger/database.js';
import {
  cleanLeftovers,
  expireEntries,
  findJob,
  listJobs,
  mergeLedgers,
  openLedger,
  retryJobs,
  shardLedgers,
} from '../batch/ledger/housekeeping.js';
import type { JobEntry } from '../batch/ledger/job.js';
import { ledgerPath } from '../batch/ledger/ledger.js';
import { JOB_STATES, type JobState } from '../batch/ledger/row-schema.js';
import { UsageError } from '../errors.js';
import { DEFAULT_KEEP } from '../options/analyze-table.js';
import { parseAge, parseChoice } from '../options/parse-values.js';
import { spelledJson } from '../text/json.js';
import type { CliContext } from './context.js';
import { declareMessages } from './declare-options.js';
import { duration } from './durations.js';
import { say, sayJson } from './say.js';

interface OutOption {
  readonly out: string;
}

const EXAMPLES = `Examples:
  bodyscript jobs -o results                            status of each video
  bodyscript jobs list -o results --state failed --json failed videos with reasons, for scripts
  bodyscript jobs retry -o results                      analyse failed videos again on the next run
  bodyscript jobs clean -o results --older-than 7d      remove *.partial files of failed and interrupted runs
  bodyscript jobs merge -o results                      merge the ledgers of --plan or --shard into one
  bodyscript jobs rebuild -o results                    rebuild the ledger from run records
`;

const AFTER = `
Without a command, jobs lists. Each command takes -o DIR, the results folder
(default: bodyscript-out), and has its own options: bodyscript jobs list --help`;

/** Declares `bodyscript jobs`. */
export function declareJobs(jobs: Command, context: CliContext): void {
  jobs.addHelpText('before', EXAMPLES).addHelpText('after', AFTER);
  const sub = (name: string, description: string) =>
    jobs
      .command(name, name.startsWith('list') ? { isDefault: true } : {})
      .description(description)
      .option('-o, --out <dir>', 'results folder', 'bodyscript-out')
      .exitOverride();
  sub('list', 'list all videos, or those in a state')
    .option('--state <names>', `only videos in these states, separated by commas: ${JOB_STATES.join(', ')}`)
    .option('--json', 'print as JSON')
    .action((options: OutOption & { state?: string; json?: boolean }) => list(options));
  sub('show <video>', 'show one video, by its path, name or number')
    .option('--json', 'print as JSON')
    .action((video: string, options: OutOption & { json?: boolean }) => show(video, options));
  sub('retry [videos...]', 'analyse failed videos, or those given, again on the next run').action(
    (videos: string[], options: OutOption) => retry(videos, options),
  );
  sub('clean', 'remove *.partial files and checkpoints of failed and interrupted runs, never finished files')
    .option('--older-than <age>', 'only of runs that ended at least this long ago, e.g. 7d or 12h', '0d')
    .option('--keep <age>', 'remove older entries of failed and interrupted videos from the ledger', DEFAULT_KEEP)
    .option('--dry-run', 'only list what would be removed')
    .action((options: OutOption & { olderThan: string; keep: string; dryRun?: boolean }) => clean(options));
  sub('merge [ledgers...]', 'merge the ledgers of shards and parts, or those given, and write one batch.json')
    .option('--overwrite', 'replace a batch.json that bodyscript did not write')
    .action((ledgers: string[], options: OutOption & { overwrite?: boolean }) => merge(ledgers, options));
  sub('rebuild', 'rebuild the ledger from run records and NAME.failed.json, after --no-ledger or a lost ledger').action(
    (options: OutOption) => rebuild(options, context),
  );
  for (const command of jobs.commands) declareMessages(command, context);
}

/** A time of the ledger as people and scripts read it. */
const time = (milliseconds: number | null) => (milliseconds === null ? null : new Date(milliseconds).toISOString());

/** An entry for JSON: times as text. */
function plain({ version, leaseUntil, queuedAt, startedAt, endedAt, ...job }: JobEntry): object {
  return {
    ...job,
    queuedAt: time(queuedAt),
    startedAt: time(startedAt),
    endedAt: time(endedAt),
    leaseUntil: time(leaseUntil),
  };
}

function list({ out, state, json }: OutOption & { state?: string; json?: boolean }): void {
  const states = (state?.split(',') ?? []).map(name => parseChoice('--state', name.trim(), JOB_STATES)) as JobState[];
  using db = openLedger(out, true);
  if (json) sayJobsAsJson(listJobs(db, states));
  else sayJobs(listJobs(db, states));
}

function sayJobsAsJson(jobs: Iterable<JobEntry>): void {
  let separator = '[';
  for (const job of jobs) {
    process.stdout.write(`${separator}${spelledJson(plain(job))}\n`);
    separator = ',';
  }
  say(separator === '[' ? '[]' : ']');
}

function sayJobs(jobs: Iterable<JobEntry>): void {
  say(line(['', 'state', 'frames', 'time', 'memory', 'video']));
  const counts = new Map<string, number>();
  for (const job of jobs) {
    counts.set(job.state, (counts.get(job.state) ?? 0) + 1);
    const frames = job.frames ? String(job.frames.decoded) : '';
    const seconds = job.wallSeconds === null ? '' : duration(job.wallSeconds);
    const error = job.error && job.state !== 'done' ? `  ${job.error.code}` : '';
    say(
      line([
        String(job.id),
        job.state,
        frames,
        seconds,
        job.peakMemory === null ? '' : megabytes(job.peakMemory),
        `${job.name}${error}`,
      ]),
    );
  }
  say([...counts].map(([name, count]) => `${count} ${name}`).join(', ') || 'none');
}

const WIDTHS = [5, 12, 8, 14, 8];

function line(cells: readonly string[]): string {
  return cells
    .map((cell, i) => (i === 0 || i === 2 ? cell.padStart(WIDTHS[i] ?? 0) : cell.padEnd(WIDTHS[i] ?? 0)))
    .join(' ')
    .trimEnd();
}

function show(video: string, { out, json }: OutOption & { json?: boolean }): void {
  using db = openLedger(out, true);
  const job = plain(findJob(db, video));
  const lines = Object.entries(job)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key.padEnd(13)} ${spelled(key, value)}`);
  if (json) sayJson(job, 2);
  else say(lines);
}

/** A value for people: with its unit. */
function spelled(key: string, value: unknown): string {
  if (typeof value === 'object') return JSON.stringify(value);
  if (typeof value !== 'number') return String(value);
  if (key === 'modified') return time(value) ?? '';
  if (key === 'wallSeconds') return duration(value);
  if (key === 'peakMemory') return megabytes(value);
  return key === 'bytes' ? `${value} B` : String(value);
}

function retry(videos: readonly string[], { out }: OutOption): void {
  using db = openLedger(out);
  say(`${retryJobs(db, videos)} videos will be tried again by the next "bodyscript analyze"`);
}

async function clean({
  out,
  olderThan,
  keep,
  dryRun = false,
}: OutOption & { olderThan: string; keep: string; dryRun?: boolean }): Promise<void> {
  const before = Date.now() - parseAge('--older-than', olderThan);
  const expired = Date.now() - parseAge('--keep', keep);
  using db = openLedger(out);
  const { jobs, files } = await cleanLeftovers(db, out, before, dryRun);
  for (const file of files) say(`${dryRun ? 'would remove' : 'removed'} ${file}`);
  const forgotten = dryRun ? 0 : await expireEntries(db, out, expired);
  say(`${files.length} files of ${jobs} videos${dryRun ? ' would be' : ''} removed, ${forgotten} entries forgotten`);
}

async function rebuild({ out }: OutOption, { log }: CliContext): Promise<void> {
  const { rebuildLedger } = await import('../batch/ledger/rebuild.js');
  if (!existsSync(out)) throw new UsageError(`${out}: no such folder`, 'Give the results folder with --out.');
  using db = new Database(ledgerPath(out));
  const { done, failed, known, passedOver } = await rebuildLedger(db, out);
  for (const reason of passedOver) log.warn(reason);
  say(
    `${ledgerPath(out)}: ${done} done, ${failed} failed, ${known} already in the ledger, ${passedOver.length} passed over`,
  );
}

async function merge(
  ledgers: readonly string[],
  { out, overwrite = false }: OutOption & { overwrite?: boolean },
): Promise<void> {
  const others = ledgers.length > 0 ? ledgers : shardLedgers(out);
  if (others.length === 0)
    throw new UsageError(`${out}: contains no ledgers of shards`, 'Give them: bodyscript jobs merge LEDGER...');
  using db = new Database(ledgerPath(out));
  const merged = mergeLedgers(db, others);
  const { writeMergedReport } = await import('../batch/batch-report.js');
  const report = await writeMergedReport(out, listJobs(db, []), others.length, overwrite);
  say([`${ledgerPath(out)}: ${merged} videos merged from ${others.length} ledgers`, report]);
}
