import { megabytes } from '../analyze/memory-guard.js';
import type { BatchRequest, BatchResult } from '../batch/batch.js';
import { type BatchTotals, batchReportPath } from '../batch/batch-report.js';
import { passedOverParts } from '../batch/inputs/passed-over.js';
import { duration } from './durations.js';

const FAILURES_TOLD = 20;

/** What a person wants to know at the end of a command with many videos: a line each. */
export function summarizeBatch(result: BatchResult, totals: BatchTotals, { options, shard }: BatchRequest): string[] {
  const { counts, total, seconds, lanes } = result;
  const notRun = total - Object.values(counts).reduce((sum, count) => sum + count, 0);
  const parts = [
    `${counts.done} done`,
    counts.skipped > 0 && `${counts.skipped} done already`,
    counts.failed > 0 && `${counts.failed} failed`,
    counts.interrupted > 0 && `${counts.interrupted} interrupted`,
    notRun > 0 && `${notRun} not reached`,
  ].filter(Boolean);
  const isIdle = counts.done + counts.failed + counts.interrupted === 0;
  const perSecond = seconds > 0 ? totals.frames / seconds : 0;
  return [
    `${total} ${total === 1 ? 'video' : 'videos'}: ${parts.join(', ')}`,
    ...passedOver(result),
    ...failures(result),
    ...(isIdle
      ? []
      : [
          `  frames       ${totals.frames} in ${duration(seconds)}, ${perSecond.toFixed(1)} frames/s, ${lanes} at a time`,
          `  peak memory  ${megabytes(totals.peakMemory)} for all processes`,
        ]),
    `  written      ${batchReportPath(options.outputs.outDir, shard)}`,
  ];
}

function passedOver({ passed }: BatchResult): string[] {
  const parts = passedOverParts(passed);
  return parts.length === 0 ? [] : [`  passed over  ${parts.join(', ')}`];
}

function failures(result: BatchResult): string[] {
  if (result.counts.failed === 0) return [];
  const told: string[] = [];
  for (const { given, outcome, job } of result.docket.outcomes()) {
    if (outcome !== 'failed') continue;
    if (told.length < FAILURES_TOLD) told.push(`  failed       ${given}  ${job.error?.code ?? ''}`);
  }
  const more = result.counts.failed - told.length;
  return more > 0 ? [...told, `  failed       ...and ${more} more, all in batch.json`] : told;
}
