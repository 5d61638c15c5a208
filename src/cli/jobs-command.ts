import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { MergedCounts } from '../batch/batch-report.js';
import { Database } from '../batch/ledger/database.js';
import {
  cleanLeftovers,
  expireEntries,
  findJob,
  forgetFailures,
  listJobs,
  mergeLedgers,
  openLedger,
  retryJobs,
  shardLedgers,
} from '../batch/ledger/housekeeping.js';
import type { JobEntry } from '../batch/ledger/job.js';
import { ledgerPath } from '../batch/ledger/ledger.js';
import { cleanSegments } from '../batch/ledger/left-segments.js';
import { JOB_STATES, type JobState } from '../batch/ledger/row-schema.js';
import { planPath } from '../batch/plan/plan-file.js';
import { shortMessage, UsageError } from '../errors.js';
import { DEFAULT_KEEP } from '../options/analyze-table.js';
import { parseAge, parseChoice } from '../options/parse-values.js';
import { isBucketAddress } from '../storage/address.js';
import { counted } from '../text/counted.js';
import { spelledJson } from '../text/json.js';
import type { CliContext } from './context.js';
import { completed, declareMessages } from './declare-options.js';
import { examples, wrapped } from './help-text.js';
import { jobDetails } from './job-details.js';
import { JobsTable } from './jobs-table.js';
import { zone } from './local-time.js';
import { say, sayJson } from './say.js';
import { paintedState, type Span } from './styled.js';

/** Reports the work done, except with `--quiet`. */
type Report = (line: string) => void;

interface OutOption {
  readonly out: string;
}

interface ListOptions extends OutOption {
  readonly state?: string;
  readonly json?: boolean;
  readonly queue?: string | true;
}

const EXAMPLES = `Examples:
  bodyscript jobs -o results                            status of each video
  bodyscript jobs list -o results --state failed --json  failed videos with reasons, for scripts
  bodyscript jobs retry -o results                      analyse failed videos again on the next run
  bodyscript jobs clean -o results --older-than 7d      remove *.partial files of failed and interrupted runs
  bodyscript jobs merge -o results                      merge the ledgers and reports of --plan or --shard
  bodyscript jobs rebuild -o results                    rebuild the ledger from run records
  bodyscript jobs --queue redis://host:6379/0           counts, active and failed videos of a queue
  bodyscript jobs retry walk.mp4 --queue                let a failed video wait again, in the queue of BODYSCRIPT_QUEUE
`;

/** Where a queue is; without the address, that of the environment, in which a password may be. */
const QUEUE = 'redis://host:6379/0, or the URL in BODYSCRIPT_QUEUE';

const AFTER = `
Without a command, jobs lists. Each command takes -o DIR, the results folder
(default: bodyscript-out), and has its own options: bodyscript jobs list --help`;

/** Declares `bodyscript jobs`. */
export function declareJobs(jobs: Command, context: CliContext): void {
  jobs.addHelpText('after', wrapped(AFTER)).addHelpText('after', examples(EXAMPLES));
  const report: Report = line => {
    if (!context.log.isSilent) say(line);
  };
  const sub = (name: string, description: string) =>
    jobs
      .command(name, name.startsWith('list') ? { isDefault: true } : {})
      .description(description)
      .option('-o, --out <dir>', 'results folder', 'bodyscript-out')
      .exitOverride();
  sub('list', 'show the status of all videos, or of those in a state')
    .addOption(
      completed(
        new Option(
          '--state <names>',
          `only videos in these states, separated by commas: ${JOB_STATES.join(', ')}; of a queue: active, failed`,
        ),
        JOB_STATES,
      ),
    )
    .option('--json', 'print as JSON')
    .option('--queue [url]', `show a queue instead: its counts, active and failed videos: ${QUEUE}`)
    .action((options: ListOptions, command: Command) =>
      options.queue === undefined ? list(options, context) : listQueue(options.queue, options, command, context),
    );
  sub('show <video>', 'show one video, by its path, name or id')
    .option('--json', 'print as JSON')
    .action((video: string, options: OutOption & { json?: boolean }) =>
      show(video, options, context.log.options.colorStdout),
    );
  sub('retry [videos...]', 'analyse failed videos, or those given, again on the next run')
    .option('--queue [url]', `let failed videos of a queue wait again instead: ${QUEUE}`)
    .action(
      async (videos: string[], { queue, ...options }: OutOption & { queue?: string | true }, command: Command) => {
        if (queue === undefined) return retry(videos, options, report);
        refuseFolder(command);
        const { retryQueue } = await import('./queue-jobs.js');
        report(await retryQueue(queue, videos, context.log));
      },
    );
  sub('clean', 'remove *.partial files, checkpoints and segments of failed and interrupted runs, never finished files')
    .option('--older-than <age>', 'only of runs that ended this long ago, e.g. 7d or 12h', '0d')
    .option('--keep <age>', 'remove older entries of failed and interrupted videos from the ledger', DEFAULT_KEEP)
    .option('--dry-run', 'only list what would be removed')
    .action((options: OutOption & { olderThan: string; keep: string; dryRun?: boolean }) => clean(options, report));
  sub('merge [ledgers...]', 'merge the ledgers of shards and parts, or those given, and write one batch.json')
    .option('--overwrite', 'replace a batch.json that bodyscript did not write')
    .action((ledgers: string[], options: OutOption & { overwrite?: boolean }) =>
      merge(ledgers, options, context, report),
    );
  sub('rebuild', 'rebuild the ledger from run records and NAME.failed.json, after --no-ledger or a lost ledger').action(
    (options: OutOption) => rebuild(options, context, report),
  );
  declareMessages(jobs, context);
  for (const command of jobs.commands) declareMessages(command, context);
}

/** A time of the ledger as people and scripts read it. */
const time = (milliseconds: number | null) => (milliseconds === null ? null : new Date(milliseconds).toISOString());

/** An entry for JSON, with times as text. */
function plain({ version, leaseUntil, queuedAt, startedAt, endedAt, ...job }: JobEntry): object {
  return {
    ...job,
    queuedAt: time(queuedAt),
    startedAt: time(startedAt),
    endedAt: time(endedAt),
    leaseUntil: time(leaseUntil),
  };
}

async function listQueue(
  url: string | true,
  { json, state }: ListOptions,
  command: Command,
  { log }: CliContext,
): Promise<void> {
  refuseFolder(command);
  const { sayQueue } = await import('./queue-jobs.js');
  await sayQueue(url, state, json === true, log);
}

/** @throws UsageError where a folder is given beside a queue */
function refuseFolder(command: Command): void {
  if (command.getOptionValueSource('out') === 'default') return;
  throw new UsageError('--out does nothing here: --queue is about the jobs of a queue', 'Leave out one of the two.');
}

async function list({ out, state, json }: ListOptions, context: CliContext): Promise<void> {
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
    process.stdout.write(`${separator}${spelledJson(plain(job))}\n`);
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

function show(video: string, { out, json }: OutOption & { json?: boolean }, color: boolean): void {
  using db = openLedger(out, true);
  const job = findJob(db, video);
  if (json) sayJson(plain(job), 2);
  else say(jobDetails(job), color);
}

async function retry(videos: readonly string[], { out }: OutOption, report: Report): Promise<void> {
  using db = openLedger(out);
  const names = retryJobs(db, videos, shardLedgers(out));
  await forgetFailures(out, names);
  report(`the next "bodyscript analyze" retries ${counted(names.length, 'video')}`);
}

async function clean(
  { out, olderThan, keep, dryRun = false }: OutOption & { olderThan: string; keep: string; dryRun?: boolean },
  reportWork: Report,
): Promise<void> {
  // With --dry-run the list is the requested result.
  const report = dryRun ? say : reportWork;
  const before = Date.now() - parseAge('--older-than', olderThan);
  const expired = Date.now() - parseAge('--keep', keep);
  using db = openLedger(out);
  const { jobs, files: partials } = await cleanLeftovers(db, out, before, dryRun);
  const segments = await cleanSegments(db, out, before, dryRun);
  const files = [...partials, ...segments];
  for (const file of files) report(`${dryRun ? 'would remove' : 'removed'} ${file}`);
  const forgotten = dryRun ? 0 : await expireEntries(db, out, expired);
  const removed = `${counted(partials.length, 'file')} of ${counted(jobs, 'video')}${foldersText(segments)}`;
  report(
    dryRun
      ? `would remove ${removed}`
      : `removed ${removed}, and ${counted(forgotten, 'entry', 'entries')} of the ledger`,
  );
}

function foldersText({ length }: readonly string[]): string {
  return length === 0 ? '' : `, segments of ${counted(length, 'video')}`;
}

async function rebuild({ out }: OutOption, { log }: CliContext, report: Report): Promise<void> {
  const { rebuildLedger } = await import('../batch/ledger/rebuild.js');
  if (!existsSync(out)) throw new UsageError(`${out}: no such folder`, 'Give the results folder with --out.');
  using db = new Database(ledgerPath(out));
  const { done, failed, known, passedOver } = await rebuildLedger(db, out);
  for (const reason of passedOver) log.warn(reason);
  report(
    `${ledgerPath(out)}: ${done} done, ${failed} failed, ${known} already in the ledger, ${passedOver.length} not readable`,
  );
}

async function merge(
  ledgers: readonly string[],
  { out, overwrite = false }: OutOption & { overwrite?: boolean },
  { log }: CliContext,
  report: Report,
): Promise<void> {
  const others = ledgers.length > 0 ? ledgers : shardLedgers(out);
  const { partReports, writeMergedReport } = await import('../batch/batch-report.js');
  const parts = existsSync(out) ? await partReports(out) : [];
  if (others.length === 0 && parts.length === 0 && !existsSync(planPath(out)))
    throw new UsageError(`${out} contains no plan, and no ledger of a part`, remedyForNothingToMerge(out));
  const { rebuildLedger } = await import('../batch/ledger/rebuild.js');
  const { addPlanned } = await import('../batch/plan/add-planned.js');
  using db = new Database(ledgerPath(out));
  const videos = mergeLedgers(db, others);
  // Of parts that ran with --no-ledger.
  const { done, failed, passedOver } = await rebuildLedger(db, out);
  for (const reason of passedOver) log.warn(reason);
  const planned = await addPlanned(db, out);
  const { path, counts } = await writeMergedReport(
    out,
    listJobs(db, []),
    planned ?? (others.length || parts.length),
    overwrite,
  );
  const fromRecords = counted(done + failed, 'video');
  if (others.length > 0)
    report(`${ledgerPath(out)}: ${counted(videos, 'video')} merged from ${counted(others.length, 'ledger')}`);
  if (others.length === 0 || done + failed > 0)
    report(`${ledgerPath(out)}: ${fromRecords} added from run records (${done} done, ${failed} failed)`);
  report(`${path}: ${countsText(counts)}${partsText(parts)}`);
  if (planned !== undefined) await reportUnjoined(db, out, log);
}

/** What to run for the videos in segments that no part has joined. */
async function reportUnjoined(db: Database, out: string, log: CliContext['log']): Promise<void> {
  const { unjoinedVideos } = await import('../batch/plan/unjoined.js');
  const command = (part: number) => `bodyscript analyze --plan ${JSON.stringify(out)} --part ${part}`;
  for (const { path, segments, stored, openParts, firstPart } of await unjoinedVideos(db, out)) {
    const [open] = openParts;
    log.warn(
      open === undefined
        ? `${path}: no part has joined its ${counted(segments, 'segment')}; run: ${command(firstPart)}`
        : `${path}: ${segments - stored} of ${counted(segments, 'segment')} are missing, of ${partList(openParts)}; run: ${command(open)}`,
    );
  }
}

function partList(parts: readonly number[]): string {
  return `${parts.length === 1 ? 'part' : 'parts'} ${parts.join(', ')}`;
}

function remedyForNothingToMerge(out: string): string {
  return isBucketAddress(out)
    ? `Copy the results to a folder first: aws s3 sync ${out} results`
    : 'Give the results folder with --out, or the ledgers: bodyscript jobs merge LEDGER...';
}

/** `83 videos: 27 done, 1 failed, 55 not run`. */
function countsText({ videos, done, failed, interrupted, waiting, notRun }: MergedCounts): string {
  const parts = [
    `${done} done`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(interrupted > 0 ? [`${interrupted} interrupted`] : []),
    ...(waiting > 0 ? [`${waiting} waiting`] : []),
    ...(notRun > 0 ? [`${notRun} not run`] : []),
  ];
  return `${counted(videos, 'video')}: ${parts.join(', ')}`;
}

/** Which reports of parts stay beside a merged one. */
function partsText(parts: readonly string[]): string {
  const [first, last] = [parts[0], parts.at(-1)];
  if (first === undefined) return '';
  if (parts.length === 1) return ` (${first} stays)`;
  return ` (${first} to ${last} stay: ${counted(parts.length, 'report')})`;
}
