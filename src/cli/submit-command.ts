import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { passedOverParts } from '../batch/inputs/passed-over.js';
import { EXIT_CODES, UsageError } from '../errors.js';
import { toAnalyzeOptions } from '../options/analyze-options.js';
import { ANALYZE } from '../options/analyze-table.js';
import { refuseIdle } from '../options/idle.js';
import { idleInputRules } from '../options/idle-inputs.js';
import { SUBMIT } from '../options/queue-table.js';
import { isBucketAddress, parseAddress, refuseMistyped } from '../storage/address.js';
import { counted } from '../text/counted.js';
import { withoutSecrets } from '../text/url.js';
import { checkPlaces, inputKinds } from './batch-options.js';
import type { CliContext } from './context.js';
import { declareOptions } from './declare-options.js';
import { examples, wrapped } from './help-text.js';
import { type Flags, loadOptions } from './load-options.js';
import { sayJson } from './say.js';

const EXAMPLES = `Examples:
  bodyscript submit clips/ -o /shared/results --queue redis://host:6379/0  a job for each video
  bodyscript work --queue redis://host:6379/0 --until-empty                on each machine
  bodyscript jobs --queue redis://host:6379/0                              how many are done, what failed
`;
const AFTER = `
Videos and results need the same paths on all machines, or are in buckets (s3://BUCKET/PREFIX). Submitting again adds nothing that the queue knows.
More: bodyscript help queue.`;

/** Declares `bodyscript submit`. */
export function declareSubmit(command: Command, context: CliContext): void {
  command
    .description('Puts videos into a queue, with the options of their analysis, for workers on any machine.')
    .argument('[inputs...]', 'videos, folders of them, or globs')
    .addHelpText('after', wrapped(AFTER))
    .addHelpText('after', examples(EXAMPLES));
  declareOptions(command, SUBMIT, 'analyze').action(async (inputs: string[], flags: Flags) => {
    context.exitCode = await runSubmit(inputs, flags, context);
  });
}

async function runSubmit(paths: readonly string[], flags: Flags, context: CliContext): Promise<number> {
  const resolved = await loadOptions({ ...ANALYZE, ...SUBMIT }, 'analyze', flags, context);
  const { values } = resolved;
  if (paths.length === 0 && values.fromFile === undefined)
    throw new UsageError('name videos, folders of them, or a list with --from-file');
  if (values.null && values.fromFile === undefined)
    throw new UsageError('-0 is about a list: name it with --from-file');
  const url = queueOf(values.queue);
  const options = toAnalyzeOptions(resolved, 'files', false);
  checkPlaces(options.outputs);
  for (const path of [...paths, values.out]) if (!existsSync(path)) refuseMistyped(path);
  for (const address of [...paths, values.out].filter(isBucketAddress)) parseAddress(address);
  refuseIdle(idleInputRules(inputKinds(paths, values.fromFile, undefined)), resolved);
  const { carriedOptions } = await import('../queue/job-data.js');
  const { submitVideos } = await import('../queue/submit.js');
  const { Staging } = await import('../batch/staging.js');
  const { JobStore } = await import('../queue/job-store.js');
  const { fromFile, null: nullSeparated, include = [], exclude = [], hidden, follow, out: outDir } = values;
  const { attempts, force, retryFailed } = values;
  const destination = isBucketAddress(outDir) ? outDir : undefined;
  const inputs = { paths, fromFile, nullSeparated, include, exclude, hidden, follow, outDir, destination };
  const carried = carriedOptions(resolved);
  await using store = await JobStore.open(url, message => context.log.warn(message));
  await using staging = new Staging(undefined);
  const request = { inputs, options, carried, attempts, force, retryFailed, staging };
  const { videos, jobs, added, known, failed, missing, passed } = await submitVideos(store, request, context.signal);
  for (const folder of passed.unreadable) context.log.error(`${folder}: the folder cannot be read`);
  for (const path of missing) context.log.error(`${path}: no such file or folder`, { event: 'missing', input: path });
  if (values.json) sayJson({ videos, jobs, added, known, failed, missing }, 2);
  const left = passedOverParts(passed);
  const parts = [
    `${added} added`,
    `${known} in the queue already${failedText(failed)}`,
    ...(left.length > 0 ? [`left out: ${left.join(', ')}`] : []),
  ];
  const facts = { event: 'submitted', videos, jobs, added, known, failed };
  const inJobs = jobs === undefined ? '' : ` in ${counted(jobs, 'job')}`;
  context.log.info(`${withoutSecrets(url)}: ${counted(videos, 'video')}${inJobs}: ${parts.join('; ')}`, facts);
  return passed.unreadable.length + missing.length > 0 ? EXIT_CODES.someFailed : EXIT_CODES.done;
}

function failedText(failed: number): string {
  return failed === 0 ? '' : `, of which ${failed} failed before (--retry-failed adds them again)`;
}

/** @throws UsageError where no queue is named */
export function queueOf(url: string | undefined): string {
  if (url !== undefined) return url;
  throw new UsageError(
    '--queue is required',
    'Name the Redis server: --queue redis://host:6379/0, or BODYSCRIPT_QUEUE.',
  );
}
