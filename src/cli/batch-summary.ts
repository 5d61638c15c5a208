import { megabytes } from '../analyze/memory-guard.js';
import type { BatchRequest, BatchResult } from '../batch/batch.js';
import { type BatchTotals, batchReportPath } from '../batch/batch-report.js';
import { passedOverParts } from '../batch/inputs/passed-over.js';
import { shownAt } from '../batch/staging.js';
import { counted } from '../text/counted.js';
import { failureText } from './batch-lines.js';
import { duration } from './durations.js';
import type { Span, StyledLine } from './styled.js';

const FAILURES_SHOWN = 20;

/** The lines at the end of a command with many videos. */
export function summarizeBatch(
  result: BatchResult,
  totals: BatchTotals,
  { options, shard, staging }: BatchRequest,
): (string | StyledLine)[] {
  const { counts, total, seconds, lanes } = result;
  const isIdle = counts.done + counts.waiting + counts.failed + counts.interrupted === 0;
  const perSecond = seconds > 0 ? totals.frames / seconds : 0;
  const report = batchReportPath(options.outputs.outDir, shard);
  return [
    { spans: [`${counted(total, 'video')}: `, ...statusCounts(result)] },
    ...notVideos(result),
    ...(isIdle
      ? []
      : [
          `  frames       ${totals.frames} in ${duration(seconds)}, ${perSecond.toFixed(1)} frames/s, ${counted(lanes, 'video')} at a time`,
          `  peak memory  ${megabytes(totals.peakMemory)} for all processes`,
        ]),
    `  written      ${shownAt(staging?.destination, report)}`,
    ...failureLines(result, 'the report above'),
    ...remedies(result),
  ];
}

/** `9 done, 2 skipped (done already), 1 failed`. */
export function statusCounts({ counts, total }: Pick<BatchResult, 'counts' | 'total'>): (string | Span)[] {
  const notRun = total - Object.values(counts).reduce((sum, count) => sum + count, 0);
  const parts: readonly (readonly [count: number, text: string, paint: Span['paint']])[] = [
    [counts.done, 'done', 'green'],
    [counts.skipped, 'skipped (done already)', 'yellow'],
    [counts.waiting, 'waiting for other parts', 'yellow'],
    [counts.failed, 'failed', 'red'],
    [counts.interrupted, 'interrupted', 'yellow'],
    [notRun, 'not started', 'yellow'],
  ];
  const shown = parts.filter(([count], place) => count > 0 || place === 0);
  return shown.flatMap(([count, name, paint], place) => [
    ...(place === 0 ? [] : [', ']),
    count > 0 ? { text: `${count} ${name}`, paint } : `${count} ${name}`,
  ]);
}

function notVideos({ passed }: BatchResult): string[] {
  const parts = passedOverParts(passed);
  return parts.length === 0 ? [] : [`  skipped      ${parts.join(', ')}`];
}

/** Each failed video with its error: in a long run their own lines are far above. */
export function failureLines({ counts, docket }: BatchResult, where: string): (string | StyledLine)[] {
  if (counts.failed === 0) return [];
  const shown: StyledLine[] = [];
  for (const { given, outcome, job } of docket.outcomes()) {
    if (outcome !== 'failed') continue;
    if (shown.length === FAILURES_SHOWN) break;
    const text = job.error ? failureText(given, job.error) : given;
    shown.push({ spans: ['  ', { text: 'failed', paint: 'red' }, `       ${text}`] });
  }
  const more = counts.failed - shown.length;
  return more > 0 ? [...shown, `  and ${more} more, all in ${where}`] : shown;
}

function remedies({ counts, total, error }: BatchResult): string[] {
  const settled = counts.done + counts.skipped + counts.waiting + counts.failed;
  return [
    ...(counts.failed > 0 ? ['  retry        add --retry-failed to analyse failed videos again'] : []),
    ...(counts.waiting > 0
      ? ['  waiting      the part that analyses the last segment joins the video; jobs merge shows what is left']
      : []),
    // An interruption is reported below, with the same advice.
    ...(settled < total && error?.code !== 'INTERRUPTED'
      ? ['  continue     run the same command again for the remaining videos']
      : []),
  ];
}
