import { megabytes } from '../analyze/memory-guard.js';
import type { OutputOptions } from '../analyze/options.js';
import type { Decision } from '../batch/decide.js';
import type { JobEntry } from '../batch/ledger/job.js';
import type { Quality } from '../model/quality.js';
import type { RunRecord } from '../model/run-record.js';
import { PLANE_LIMIT } from '../signal/angle-plane.js';
import { gateInWords } from '../signal/gates.js';
import { counted, timesOf } from '../text/counted.js';
import { hanging } from '../text/width.js';
import { duration } from './durations.js';
import type { StyledLine } from './styled.js';

/** Columns of the label before each line's text. */
const LABEL_COLUMNS = 20;

function labelled(label: string, text: string): string {
  return `  ${label.padEnd(LABEL_COLUMNS)}${text}`;
}

/**
 * The lines at the end of a run, from its record. @param columns of the terminal, for breaking long lines; undefined:
 * lines are not broken
 */
export function summarize(record: RunRecord, columns?: number): (string | StyledLine)[] {
  const lines = allLines(record);
  if (columns === undefined) return lines;
  return lines.flatMap<string | StyledLine>(line =>
    typeof line === 'string' ? hanging(line, columns, LABEL_COLUMNS + 2) : [line],
  );
}

function allLines(record: RunRecord): (string | StyledLine)[] {
  const { input, seconds } = record;
  return [
    { spans: [`${input.path}: `, { text: 'done', paint: 'green' }] },
    labelled('frames', framesText(record)),
    ...poses(record),
    ...retries(record),
    ...quality(record),
    ...warningCount(record),
    labelled('time', `${duration(seconds.wall)}, ${seconds.framesPerSecond.toFixed(1)} frames/s`),
    labelled('time per stage (s)', `${stagesText(record)}; stages overlap`),
    labelled('peak memory', memoryText(record)),
    ...record.outputs.map(path => labelled('written', path)),
    ...madeLater(record),
  ];
}

/** `300: person in 295 (98.3 %), missing in 5 (1.7 %), 12 skipped by options`. */
function framesText({ frames, people }: RunRecord): string {
  const share = (count: number) => `${count} ${percent(count, frames.decoded)}`.trimEnd();
  const found = frames.decoded - frames.missing;
  const filled = frames.filled > 0 ? `, filled in ${share(frames.filled)}` : '';
  const skipped = frames.passedOver > 0 ? `, ${counted(frames.passedOver, 'frame')} left out by options` : '';
  return `${frames.decoded}: ${people.ids > 1 ? 'people' : 'person'} in ${share(found)}, missing in ${share(frames.missing)}${filled}${skipped}`;
}

const LOWEST_SHOWN = 3;

function poses({ frames, meanVisibility, lowestScores, swaps, options }: RunRecord): (string | StyledLine)[] {
  if (meanVisibility === null) return [{ spans: [labelled('poses', ''), { text: 'nobody found', paint: 'yellow' }] }];
  const lowest = lowestScores
    .slice(0, LOWEST_SHOWN)
    .map(({ score, at }) => `${score.toFixed(2)} at ${at.toFixed(1)} s`);
  const fixed = options.analysis.fixSwaps ? ', swapped back' : ' (--fix-swaps swaps them back)';
  return [
    labelled(
      'poses',
      `newly detected in ${counted(frames.detected, 'frame')}, tracked in ${frames.tracked}; mean visibility ${meanVisibility.toFixed(3)}`,
    ),
    ...(lowest.length === 0
      ? []
      : [labelled(lowest.length === 1 ? 'lowest score' : 'lowest scores', lowest.join(', '))]),
    ...(swaps.count === 0 ? [] : [labelled('swaps', `left and right exchanged ${timesOf(swaps.count)}${fixed}`)]),
  ];
}

function stagesText({ seconds }: RunRecord): string {
  return Object.entries(seconds.byStage)
    .map(([stage, time]) => `${stage} ${time.toFixed(1)}`)
    .join(', ');
}

function memoryText({ peakMemory }: RunRecord): string {
  const { treeRss, treePss, treeFixed, rssByProcess } = peakMemory;
  const processes = Object.entries(rssByProcess).map(([name, bytes]) => `${name} ${megabytes(bytes)}`);
  const parts = [
    ...(treePss === null ? [] : [`${megabytes(treePss)} with shared pages counted once`]),
    ...(treeFixed === null ? [] : [`${megabytes(treeFixed)} that the system cannot reclaim`]),
  ];
  const shared = parts.length === 0 ? '' : ` (${parts.join(', ')})`;
  return `${megabytes(treeRss)} for all processes${shared}; ${processes.join(', ')}`;
}

function warningCount({ warnings }: RunRecord): StyledLine[] {
  if (warnings.length === 0) return [];
  return [{ spans: [labelled('warnings', ''), { text: `${warnings.length}, see above`, paint: 'yellow' }] }];
}

/** The lines for a video that needs no analysis. @param outputs relative to the output folder */
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

/** The name of a frame's first attempt: all others are retries, except `filled`. */
const NOT_RETRIES: readonly string[] = ['original', 'filled'];

/** Poses that only a retry found, by strategy; the most frequent first. */
function retries({ strategyUse }: RunRecord): string[] {
  const used = Object.entries(strategyUse).filter(([name]) => !NOT_RETRIES.includes(name));
  if (used.length === 0) return [];
  const all = used.reduce((sum, [, count]) => sum + count, 0);
  const byName = used.sort(([, a], [, b]) => b - a).map(([name, count]) => `${name} ${count}`);
  return [labelled('found on retry', `${counted(all, 'pose')}: ${byName.join(', ')}`)];
}

/** Outputs that were added to a finished analysis. */
function madeLater({ madeFromTable }: RunRecord): string[] {
  const added = madeFromTable.flatMap(({ outputs }) => outputs);
  return added.length === 0
    ? []
    : [labelled('added later', `${[...new Set(added)].join(', ')}: from the table, without analysis`)];
}

/** Each number with its limit, never a word in its place. */
function quality({ quality }: RunRecord): (string | StyledLine)[] {
  if (!quality) return [];
  const { gates, reasons, longestGap, missingFrames, frames, jumps, swaps, jitter } = quality;
  const passed = gates.filter(gate => gate.passed).length;
  const ofPeople = reasons.filter(reason => reason.startsWith('person '));
  const gap = longestGap.frames === 0 ? '' : `, longest gap ${counted(longestGap.frames, 'frame')}`;
  return [
    labelled('quality', `${passed} of ${counted(gates.length, 'check')} passed`),
    ...gates.map(gate => (gate.passed ? labelled('', gateInWords(gate)) : failedGate(gateInWords(gate)))),
    ...ofPeople.map(text => labelled('', text)),
    labelled(
      '',
      `missing in ${missingFrames} of ${counted(frames, 'frame')}${gap}; ${counted(jumps.count, 'jump')}, ${counted(swaps.count, 'swap')}, jitter ${(100 * jitter).toFixed(1)} % of the torso`,
    ),
    ...planes(quality.planes),
  ];
}

function failedGate(text: string): StyledLine {
  return { spans: [labelled('', ''), { text, paint: 'yellow' }] };
}

const OFTEN = 0.5;

/** 2D angles that mostly differ from the joints' own. */
function planes(turns: Quality['planes']): string[] {
  const often = Object.entries(turns).filter(([, { beyondLimit }]) => beyondLimit >= OFTEN);
  if (often.length === 0) return [];
  const turned = often.map(([name, { medianDegrees }]) => `${name} ${medianDegrees}`);
  return [
    labelled(
      '2D angles',
      `unreliable for ${counted(often.length, 'angle')}: in at least half of the poses its plane is turned more than ${PLANE_LIMIT} degrees out of the image plane (bodyscript help angles)`,
    ),
    labelled('', `median turn in degrees: ${turned.join(', ')}`),
  ];
}

function percent(count: number, total: number): string {
  return total === 0 ? '' : `(${((100 * count) / total).toFixed(1)} %)`;
}
