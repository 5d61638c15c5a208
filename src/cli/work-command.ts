import type { Command } from 'commander';
import { megabytes } from '../analyze/memory-guard.js';
import { type BatchRequest, type BatchResult, exitCodeOf } from '../batch/batch.js';
import { runBatch } from '../batch/run-batch.js';
import { Staging } from '../batch/staging.js';
import { toAnalyzeOptions } from '../options/analyze-options.js';
import { ANALYZE } from '../options/analyze-table.js';
import { WORK } from '../options/queue-table.js';
import { type Resolved, resolveOptions } from '../options/resolve.js';
import { counted } from '../text/counted.js';
import { withoutSecrets } from '../text/url.js';
import { batchDisplay } from './batch-display.js';
import { failureLines, statusCounts } from './batch-summary.js';
import type { CliContext } from './context.js';
import { declareOptions } from './declare-options.js';
import { duration } from './durations.js';
import { examples, wrapped } from './help-text.js';
import { type Flags, loadOptions } from './load-options.js';
import type { StyledLine } from './styled.js';
import { queueOf } from './submit-command.js';
import { checkWithin } from './within.js';

const EXAMPLES = `Examples:
  bodyscript work --queue redis://host:6379/0                       for ever, two or more workers on each machine
  bodyscript work --queue redis://host:6379/0 --jobs 4 --until-empty  in a task of a scheduler
  BODYSCRIPT_QUEUE=rediss://:password@host:6379/0 bodyscript work   a password that no list of processes shows
`;
const AFTER = `
What is analysed, and how, is in the jobs; options here are about this machine. SIGTERM (or Ctrl-C) hands the videos back, and another worker continues them. Videos of buckets are copied to --scratch first.
More: bodyscript help queue.`;

/** Declares `bodyscript work`. */
export function declareWork(command: Command, context: CliContext): void {
  command
    .description('Analyses the videos of a queue, one after another, beside other workers.')
    .addHelpText('after', wrapped(AFTER))
    .addHelpText('after', examples(EXAMPLES));
  declareOptions(command, WORK).action(async (flags: Flags) => {
    context.exitCode = await runWork(flags, context);
  });
}

async function runWork(flags: Flags, context: CliContext): Promise<number> {
  const { log, signal } = context;
  const { values } = await loadOptions(WORK, undefined, flags, context);
  const { untilEmpty, within, scratch } = values;
  const url = queueOf(values.queue);
  checkWithin(within ?? []);
  await using staging = new Staging(scratch);
  await staging.prepare();
  const request = requestOf(values, staging);
  const { JobStore } = await import('../queue/job-store.js');
  const { QueueDocket } = await import('../queue/queue-docket.js');
  await using store = await JobStore.open(url, message => log.warn(message));
  if (!untilEmpty) log.info(`${withoutSecrets(url)}: waiting for videos`, { event: 'waiting' });
  const { machine } = request.options;
  const warn = (message: string) => log.warn(message);
  using docket = new QueueDocket(store, { untilEmpty, within, machine, staging, signal, warn });
  const display = await batchDisplay(request, log);
  try {
    const { events } = display;
    const onProgress: typeof events.onProgress = (video, progress, memory) => {
      docket.saw(video, progress.frames, progress.expected);
      events.onProgress?.(video, progress, memory);
    };
    const result = await runBatch(request, { ...events, onProgress }, signal, docket);
    display.stop();
    log.info(summaryOf(result), { event: 'summary', counts: result.counts });
    if (result.error) throw result.error;
    return exitCodeOf(result);
  } finally {
    display.stop();
  }
}

/** A command whose videos are the docket's, with options of this machine alone. */
function requestOf(values: Resolved<typeof WORK>['values'], staging: Staging): BatchRequest {
  const options = toAnalyzeOptions(resolveOptions(ANALYZE, []));
  const { overwrite, threads, maxMemory, maxPixels, ffmpeg, ffprobe, timeout, stall, jobs } = values;
  const none = { paths: [], fromFile: undefined, nullSeparated: false, include: [], exclude: [] };
  return {
    inputs: { ...none, hidden: false, follow: false, outDir: options.outputs.outDir },
    options: { ...options, machine: { ...options.machine, overwrite, threads, maxMemory, maxPixels, ffmpeg, ffprobe } },
    jobs,
    limits: { timeoutMs: timeout === undefined ? undefined : timeout * 1000, stallMs: stall * 1000 },
    ...{ force: false, retryFailed: false, shard: undefined, part: undefined, noLedger: true },
    ...{ keepMs: Number.POSITIVE_INFINITY, single: undefined, staging },
  };
}

function summaryOf(result: BatchResult): (string | StyledLine)[] {
  const { counts, lanes, seconds, peakMemory } = result;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return [
    { spans: [`${counted(total, 'video')}: `, ...statusCounts({ ...result, total })] },
    `  time         ${duration(seconds)}, ${counted(lanes, 'video')} at a time`,
    `  peak memory  ${megabytes(peakMemory)} for all processes`,
    ...failureLines(result, 'what "bodyscript jobs --queue" lists'),
  ];
}
