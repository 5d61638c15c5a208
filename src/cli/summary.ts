import { megabytes } from '../analyze/memory-guard.js';
import type { OutputOptions } from '../analyze/options.js';
import type { Decision } from '../batch/decide.js';
import type { JobEntry } from '../batch/ledger/job.js';
import type { Quality } from '../model/quality.js';
import type { RunRecord } from '../model/run-record.js';
import { PLANE_LIMIT } from '../signal/angle-plane.js';
import { gateInWords } from '../signal/gates.js';

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

/** Each number beside its limit: no word stands for them. */
function quality({ quality }: RunRecord): string[] {
  if (!quality) return [];
  const { gates, reasons, longestGap, missingFrames, frames, jumps, swaps, jitter } = quality;
  const passed = gates.filter(gate => gate.passed).length;
  const ofPeople = reasons.filter(reason => reason.startsWith('person '));
  return [
    `  quality      ${passed} of ${gates.length} checks passed: ${[...gates.map(gateInWords), ...ofPeople].join(', ')}`,
    `               nobody in ${missingFrames} of ${frames} frames, longest gap ${longestGap.frames} frames, ${jumps.count} jumps, ${swaps.count} swaps, jitter ${(100 * jitter).toFixed(1)} % of the torso`,
    ...planes(quality.planes),
  ];
}

const OFTEN = 0.5;

/** Angles in the picture that are mostly not the joints' own. */
function planes(turns: Quality['planes']): string[] {
  const often = Object.entries(turns).filter(([, { beyondLimit }]) => beyondLimit >= OFTEN);
  if (often.length === 0) return [];
  const told = often.map(([name, { medianDegrees }]) => `${name} ${medianDegrees}`);
  return [
    `  angles       in the picture they are not the joints' own where their plane is turned more than ${PLANE_LIMIT} degrees out of it: in half of the poses or more ${told.join(', ')} (median, degrees; bodyscript help angles)`,
  ];
}

function percent(count: number, total: number): string {
  return total === 0 ? '' : `(${((100 * count) / total).toFixed(1)} %)`;
}
