import { basename } from 'node:path';
import type { BatchEvents, BatchRequest, BatchResult } from '../batch/batch.js';
import { runBatch } from '../batch/run-batch.js';
import type { VideoOutcome } from '../batch/worker/protocol.js';
import { runTask } from '../batch/worker/run-task.js';
import { openSource } from '../decode/input.js';
import { BodyscriptError, fromPlainError } from '../errors.js';
import { type RawAnalyzeOptions, resolveAnalyzeOptions } from './analyze-options.js';
import { runMany } from './batch-command.js';
import { resolveBatchRequest } from './batch-options.js';
import { progressDisplay } from './progress.js';
import { summarize } from './summary.js';

/** `bodyscript analyze INPUTS...`. @returns the exit code */
export async function runAnalyze(
  paths: readonly string[],
  raw: RawAnalyzeOptions,
  signal: AbortSignal,
): Promise<number> {
  const request = resolveBatchRequest(paths, raw, resolveAnalyzeOptions(raw));
  const quiet = raw.quiet ?? false;
  if (!request.inline) return runMany(request, quiet, signal);
  const [path] = paths;
  await runOne(path, request, quiet, signal);
  return 0;
}

/** One video, in this process: its own bar, summary and error. */
async function runOne(path: string, request: BatchRequest, quiet: boolean, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { stem } = await openSource(path, request.options.sequenceFps); // A path that is wrong should leave nothing behind.
  const progress = await progressDisplay(basename(path), quiet);
  const say = (line: string) => {
    if (!quiet) process.stderr.write(`${line}\n`);
  };
  const onWarning = (message: string) => say(`warning: ${message}`);
  let failure: BodyscriptError | undefined;
  const end = (outcome: VideoOutcome) => {
    progress.stop();
    if (outcome.kind === 'done') return say(summarize(outcome.record));
    if (outcome.kept.length > 0) process.stderr.write(`what was computed is kept in ${outcome.kept.join(', ')}\n`);
    failure = fromPlainError(outcome.error);
  };
  const { outDir } = request.options;
  const events: BatchEvents = {
    onProgress: (_, state) => progress.update(state),
    // The name that a batch puts before a warning is not needed where there is but one.
    onWarning: message => onWarning(message.replace(`${path}: `, '')),
    onSettled: ({ job }, outcome, decision, ended) => {
      if (ended) end(ended);
      else if (outcome === 'skipped') say(doneAlready(path, job.outputs[0]?.path, outDir));
      else if (decision?.what === 'refuse') failure = decision.error;
    },
  };
  try {
    const result = await withLedger(request, events, signal, onWarning);
    result?.ledger[Symbol.dispose]();
    if (!result) {
      const task = { path, name: stem, options: request.options, resume: !request.force };
      end(await runTask(task, { signal, onWarning, onProgress: state => progress.update(state) }));
    }
    failure ??= result?.error;
  } finally {
    progress.stop();
  }
  if (failure) throw failure;
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
