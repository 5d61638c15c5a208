import { type BatchRequest, type BatchResult, exitCodeOf } from '../batch/batch.js';
import { checkBatchReport, writeBatchReport } from '../batch/batch-report.js';
import { runBatch } from '../batch/run-batch.js';
import { batchDisplay } from './batch-display.js';
import { summarizeBatch } from './batch-summary.js';
import type { CliContext } from './context.js';
import { reportError } from './report-error.js';

/** Many videos, in worker processes. @returns the exit code */
export async function runMany(request: BatchRequest, { log, signal }: CliContext): Promise<number> {
  signal.throwIfAborted();
  await checkBatchReport(request);
  const display = await batchDisplay(request, log);
  let result: BatchResult | undefined;
  try {
    result = await runBatch(request, display.events, signal);
    display.stop();
    const totals = await writeBatchReport(request, result);
    log.info(summarizeBatch(result, totals, request), { event: 'summary', counts: result.counts, totals });
    // Each failure has had its line; this is about what ended all of them.
    if (result.error) reportError(result.error, log);
    return exitCodeOf(result);
  } finally {
    display.stop();
    result?.ledger[Symbol.dispose]();
  }
}
