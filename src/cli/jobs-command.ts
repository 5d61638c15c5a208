import { type Command, Option } from 'commander';
import {
  cleanLeftovers,
  expireEntries,
  findJob,
  forgetFailures,
  openLedger,
  retryJobs,
  shardLedgers,
} from '../batch/ledger/housekeeping.js';
import { cleanSegments } from '../batch/ledger/left-segments.js';
import { JOB_STATES } from '../batch/ledger/row-schema.js';
import { UsageError } from '../errors.js';
import { DEFAULT_KEEP } from '../options/analyze-table.js';
import { parseAge } from '../options/parse-values.js';
import { counted } from '../text/counted.js';
import type { CliContext } from './context.js';
import { completed, declareMessages } from './declare-options.js';
import { examples, wrapped } from './help-text.js';
import { jobDetails } from './job-details.js';
import { listVideos, plainEntry } from './jobs-list.js';
import { merge, type Report, rebuild } from './jobs-merge.js';
import { say, sayJson } from './say.js';

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
      options.queue === undefined ? listVideos(options, context) : listQueue(options.queue, options, command, context),
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

function show(video: string, { out, json }: OutOption & { json?: boolean }, color: boolean): void {
  using db = openLedger(out, true);
  const job = findJob(db, video);
  if (json) sayJson(plainEntry(job), 2);
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
