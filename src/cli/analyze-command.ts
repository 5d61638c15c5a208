import { basename } from 'node:path';
import type { BatchEvents, BatchRequest, BatchResult } from '../batch/batch.js';
import { runBatch } from '../batch/run-batch.js';
import type { VideoOutcome } from '../batch/worker/protocol.js';
import { runTask } from '../batch/worker/run-task.js';
import { isPiped, stemOfSource } from '../decode/input.js';
import { BodyscriptError, EXIT_CODES, fromPlainError, UsageError } from '../errors.js';
import { toAnalyzeOptions } from '../options/analyze-options.js';
import { ANALYZE } from '../options/analyze-table.js';
import { STDOUT } from '../system/whole-file.js';
import { runMany } from './batch-command.js';
import { resolveBatchRequest } from './batch-options.js';
import type { CliContext } from './context.js';
import { type Flags, loadOptions, printedConfig } from './load-options.js';
import type { Log } from './log.js';
import { type ProgressDisplay, progressDisplay } from './progress.js';
import { say } from './say.js';
import { summarize } from './summary.js';

/** `bodyscript analyze INPUTS...`. @returns the exit code */
export async function runAnalyze(paths: readonly string[], flags: Flags, context: CliContext): Promise<number> {
  const resolved = await loadOptions(ANALYZE, 'analyze', flags, context);
  if (resolved.values.printConfig) {
    say(printedConfig('analyze', ANALYZE, resolved));
    return EXIT_CODES.done;
  }
  const { fromFile } = resolved.values;
  const alsoRead = [...context.alsoRead, ...(fromFile === undefined || isPiped(fromFile) ? [] : [fromFile])];
  const options = toAnalyzeOptions(resolved, 'files', paths.some(isPiped));
  const machine = alsoRead.length > 0 ? { ...options.machine, alsoRead } : options.machine;
  const request = resolveBatchRequest(paths, resolved.values, { ...options, machine });
  if (resolved.values.dryRun) return (await import('./dry-run.js')).runDry(request);
  const [path] = paths;
  if (paths.some(isPiped) && (paths.length > 1 || request.inputs.fromFile !== undefined)) {
    throw new UsageError('- reads one video from stdin, and goes with no other');
  }
  if (!request.inline) return runMany(request, context);
  const { record, csv, ndjson, overlay } = request.options.outputs;
  const isStream = [csv, ndjson, overlay?.to].includes(STDOUT);
  if (isPiped(path) || isStream || !record) await runAlone(path, resolved.values.name, request, context);
  else await runOne(path, request, context);
  return EXIT_CODES.done;
}

/** What a run of one video shows: its own bar, summary and error. */
class OneDisplay {
  readonly progress: ProgressDisplay;
  readonly #log: Log;
  failure: BodyscriptError | undefined;

  constructor(log: Log, progress: ProgressDisplay) {
    this.#log = log;
    this.progress = progress;
  }

  end(outcome: VideoOutcome): void {
    const log = this.#log;
    this.progress.stop();
    if (outcome.kind === 'done') {
      const { frames, outputs, peakMemory, input } = outcome.record;
      log.info(summarize(outcome.record), { event: 'done', input: input.path, frames, outputs, peakMemory });
      return;
    }
    this.failure = fromPlainError(outcome.error);
    if (outcome.kept.length > 0 && outcome.error.code !== 'READER_GONE') {
      log.notice(`what was computed is kept in ${outcome.kept.join(', ')}`, { event: 'kept', files: outcome.kept });
    }
  }
}

/** One video, in this process, noted in the ledger. */
async function runOne(path: string, request: BatchRequest, context: CliContext): Promise<void> {
  const { log, signal } = context;
  signal.throwIfAborted();
  const { outDir } = request.options.outputs;
  const stem = await stemOfSource(path, request.options.source); // A path that is wrong should leave nothing behind.
  const display = new OneDisplay(log, await progressDisplay(basename(path), log));
  const { progress } = display;
  const onWarning = (message: string) => log.warn(message);
  const events: BatchEvents = {
    onProgress: (_, state) => progress.update(state),
    // The name that a batch puts before a warning is not needed where there is but one.
    onWarning: message => onWarning(message.replace(`${path}: `, '')),
    onSettled: ({ job }, outcome, decision, ended) => {
      if (ended) display.end(ended);
      else if (outcome === 'skipped')
        log.info(doneAlready(path, job.outputs[0]?.path, outDir), { event: 'skipped', input: path });
      else if (decision?.what === 'refuse') display.failure = decision.error;
    },
  };
  try {
    const result = await withLedger(request, events, signal, onWarning);
    result?.ledger[Symbol.dispose]();
    if (!result) {
      const task = { path, name: stem, options: request.options, resume: !request.force };
      display.end(await runTask(task, { signal, onWarning, onProgress: state => progress.update(state) }));
    }
    display.failure ??= result?.error;
  } finally {
    progress.stop();
  }
  if (display.failure) throw display.failure;
}

/** One video whose results are no files to come back to: from stdin, or to stdout. It is in no ledger, and cannot be gone on with. */
async function runAlone(path: string, name: string, { options }: BatchRequest, context: CliContext): Promise<void> {
  const { log, signal } = context;
  signal.throwIfAborted();
  const display = new OneDisplay(log, await progressDisplay(isPiped(path) ? name : basename(path), log));
  const { progress } = display;
  try {
    const stem = isPiped(path) ? name : await stemOfSource(path, options.source);
    const outcome = await runTask(
      { path, name: stem, options, resume: undefined },
      { signal, onWarning: message => log.warn(message), onProgress: state => progress.update(state) },
    );
    display.end(outcome);
  } finally {
    progress.stop();
    if (isPiped(path)) process.stdin.destroy(); // Or who writes to it would keep this process from ending.
  }
  if (display.failure) throw display.failure;
}

/** Undefined where the library for it is not installed: one video can do without. */
async function withLedger(
  request: BatchRequest,
  events: BatchEvents,
  signal: AbortSignal,
  onWarning: (message: string) => void,
): Promise<BatchResult | undefined> {
  try {
    return await runBatch(request, events, signal);
  } catch (error) {
    if (!(error instanceof BodyscriptError) || error.code !== 'LEDGER_MISSING') throw error;
    onWarning(`${error.message}; this video is analysed without. ${error.remedy ?? ''}`.trim());
    return undefined;
  }
}

/** What the user reads of a video that need not be analysed again. @param output relative to the output folder */
export function doneAlready(path: string, output: string | undefined, outDir: string): string {
  const where = output === undefined ? '' : `: ${outDir}/${output}`;
  return `${path}: done already with the same options${where} (--force analyses it again)`;
}
