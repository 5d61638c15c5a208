import { existsSync } from 'node:fs';
import type { AnalyzeOptions } from '../analyze/options.js';
import { type BatchRequest, type BatchResult, exitCodeOf } from '../batch/batch.js';
import { batchReportPath, checkBatchReport, writeBatchReport } from '../batch/batch-report.js';
import { runBatch } from '../batch/run-batch.js';
import { isPiped } from '../decode/input.js';
import { EXIT_CODES, UsageError } from '../errors.js';
import { toAnalyzeOptions } from '../options/analyze-options.js';
import { ANALYZE } from '../options/analyze-table.js';
import { refuseIdle } from '../options/idle.js';
import { idleInputRules } from '../options/idle-inputs.js';
import { STDOUT } from '../system/whole-file.js';
import { batchDisplay } from './batch-display.js';
import { inputKinds, resolveBatchRequest } from './batch-options.js';
import { summarizeBatch } from './batch-summary.js';
import type { CliContext } from './context.js';
import { type Flags, loadOptions, printedConfig } from './load-options.js';
import { refuseTerminal } from './output-paths.js';
import { checkPart, choosePart } from './plan-part.js';
import { say } from './say.js';
import { singleDisplay } from './single-display.js';
import { openWorkplace, usesBucket } from './storage.js';

/** Where options come from beside flags: a section of the configuration file, and variables. */
interface OptionSources {
  readonly section: 'analyze' | undefined;
  readonly environment: NodeJS.ProcessEnv;
}

/** `bodyscript analyze INPUTS...`. @returns the exit code */
export async function runAnalyze(
  paths: readonly string[],
  flags: Flags,
  context: CliContext,
  { section, environment }: OptionSources = { section: 'analyze', environment: process.env },
): Promise<number> {
  const resolved = await loadOptions(ANALYZE, section, flags, context, environment);
  if (resolved.values.printConfig) {
    say(printedConfig('analyze', ANALYZE, resolved));
    return EXIT_CODES.done;
  }
  const { fromFile } = resolved.values;
  const alsoRead = [...context.alsoRead, ...(fromFile === undefined || isPiped(fromFile) ? [] : [fromFile])];
  checkPart(paths, resolved);
  await using workplace = await openWorkplace(paths, resolved.values, context.signal);
  const { staging } = workplace;
  const part = await choosePart(resolved.values, staging, context.signal);
  const out = part?.part.outDir ?? workplace.outDir;
  const chosen = { ...resolved, values: { ...resolved.values, out } };
  const given = toAnalyzeOptions(chosen, 'files', paths.some(isPiped));
  const options = part?.segments === undefined ? given : inSegments(given, part.segments);
  if (options.outputs.overlay?.to === STDOUT) refuseTerminal('--overlay -');
  const machine = alsoRead.length > 0 ? { ...options.machine, alsoRead } : options.machine;
  const request = resolveBatchRequest(paths, chosen.values, { ...options, machine }, part, staging);
  const kinds = { ...inputKinds(paths, fromFile, request.single), usesBucket: usesBucket(paths, resolved.values) };
  refuseIdle(idleInputRules(kinds), resolved);
  if (resolved.values.dryRun) return (await import('./dry-run.js')).runDry(request);
  if (paths.some(isPiped) && !request.single)
    throw new UsageError(
      '- is one video from stdin, and cannot be combined with other inputs',
      'Analyse it in a command of its own.',
    );
  return await analyze(request, context);
}

/** As the plan has it, for all parts: a number then only says how many segments this one analyses at a time. */
function inSegments(options: AnalyzeOptions, segments: 'on' | 'auto'): AnalyzeOptions {
  return { ...options, analysis: { ...options.analysis, segments } };
}

/** One video or many take the same options; many also get a report, and a line each. */
async function analyze(asked: BatchRequest, { log, signal }: CliContext): Promise<number> {
  signal.throwIfAborted();
  const request = { ...asked, isNewFolder: !existsSync(asked.options.outputs.outDir) };
  const { single } = request;
  if (!single) await checkBatchReport(request);
  const display = await (single ? singleDisplay(single, request.options.outputs, log) : batchDisplay(request, log));
  let result: BatchResult | undefined;
  try {
    result = await runBatch(request, display.events, signal);
    display.stop();
    if (!single) {
      const totals = await writeBatchReport(request, result);
      await request.staging?.publishReport(batchReportPath(request.options.outputs.outDir, request.shard));
      log.info(summarizeBatch(result, totals, request), { event: 'summary', counts: result.counts, totals });
    }
    // Failed videos have been reported; this error ended the whole command.
    if (result.error) throw result.error;
    return exitCodeOf(result);
  } finally {
    display.stop();
    result?.docket[Symbol.dispose]();
    // Otherwise the writer at its other end would keep this process from ending.
    if (single && isPiped(single.path)) process.stdin.destroy();
  }
}
