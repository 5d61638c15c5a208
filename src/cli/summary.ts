import { megabytes } from '../analyze/memory-guard.js';
import type { OutputOptions } from '../analyze/options.js';
import type { Decision } from '../batch/decide.js';
import type { JobEntry } from '../batch/ledger/job.js';
import type { RunRecord } from '../model/run-record.js';

/** What a person wants to know at the end, from the run's record: a line each. */
export function summarize(record: RunRecord): string[] {
  const { frames, seconds, peakMemory } = record;
  const share = (count: number) => `${count} ${percent(count, frames.decoded)}`;
  const visibility =
    record.meanVisibility === null ? 'nobody found' : `mean visibility ${record.meanVisibility.toFixed(3)}`;
  const stages = Object.entries(seconds.byStage).map(([stage, time]) => `${stage} ${time.toFixed(1)}`);
  const processes = Object.entries(peakMemory.rssByProcess).map(([name, bytes]) => `${name} ${megabytes(bytes)}`);
  const { treePss, treeFixed } = peakMemory;
  const parts = [
    ...(treePss === null ? [] : [`${megabytes(treePss)} with shared pages counted once`]),
    ...(treeFixed === null ? [] : [`${megabytes(treeFixed)} that the system cannot take back`]),
  ];
  const shared = parts.length === 0 ? '' : ` (${parts.join(', ')})`;
  const passedOver = frames.passedOver > 0 ? `, ${frames.passedOver} passed over` : '';
  const filled = frames.filled > 0 ? `, filled ${share(frames.filled)}` : '';
  return [
    `${record.input.path}: done`,
    `  frames       ${frames.decoded}: detected ${share(frames.detected)}, tracked ${share(frames.tracked)}, missing ${share(frames.missing)}${filled}${passedOver}`,
    `  poses        ${visibility}${swapped(record)}`,
    ...strategies(record),
    ...quality(record),
    `  time         ${seconds.wall.toFixed(1)} s, ${seconds.framesPerSecond.toFixed(1)} frames/s; at work in seconds: ${stages.join(', ')}`,
    `  peak memory  ${megabytes(peakMemory.treeRss)} for all processes${shared}; ${processes.join(', ')}`,
    ...record.outputs.map(path => `  written      ${path}`),
    ...madeLater(record),
  ];
}

function swapped({ swaps, options }: RunRecord): string {
  if (swaps.count === 0) return '';
  const fixed = options.analysis.fixSwaps ? ', swapped back' : ' (--fix-swaps swaps them back)';
  return `; left and right change places in ${swaps.count}${fixed}`;
}

/** What the user reads of a video that need not be analysed again. @param outputs relative to the output folder */
export function doneAlready(
  path: string,
  [output]: JobEntry['outputs'],
  decision: Decision | undefined,
  { outDir }: OutputOptions,
): string {
  const where = output === undefined ? '' : `: ${outDir}/${output.path}`;
  const as = decision?.what === 'skip' && decision.as !== undefined ? `; it was ${decision.as}` : '';
  return `${path}: done already with the same options${where} (--force analyses it again)${as}`;
}

/** Which strategies won, where there was more than one; the most frequent first. */
function strategies({ strategyUse }: RunRecord): string[] {
  const used = Object.entries(strategyUse).sort(([, a], [, b]) => b - a);
  return used.length < 2 ? [] : [`  found by     ${used.map(([name, count]) => `${name} ${count}`).join(', ')}`];
}

/** Outputs that were added to a finished analysis. */
function madeLater({ madeFromTable }: RunRecord): string[] {
  const added = madeFromTable.flatMap(({ outputs }) => outputs);
  return added.length === 0
    ? []
    : [`  added later  ${[...new Set(added)].join(', ')}: from the table, without analysis`];
}

function quality({ quality }: RunRecord): string[] {
  if (!quality) return [];
  const { researchGrade, reasons, longestGap, jumps, swaps, jitter } = quality;
  const verdict = researchGrade ? 'research grade' : `not research grade: ${reasons.join(', ')}`;
  return [
    `  quality      ${verdict}; longest gap ${longestGap.frames} frames, ${jumps.count} jumps, ${swaps.count} swaps, jitter ${(100 * jitter).toFixed(1)} % of the torso`,
  ];
}

function percent(count: number, total: number): string {
  return total === 0 ? '' : `(${((100 * count) / total).toFixed(1)} %)`;
}
