import { quantile } from './metrics.js';
import {
  markdownTable,
  percentOf,
  RELIABILITY_HEADER,
  type Reliability,
  reliabilityCells,
  summed,
} from './reliability.js';
import type { ClipScore } from './score-clip.js';
import type { JointScore } from './score-joints.js';

/** One line of the bench: a clip analysed one way. */
export interface AccuracyRow {
  readonly clip: string;
  readonly kind: string;
  readonly engine: string;
  readonly model: string;
  readonly mode: string;
  readonly score: ClipScore;
  readonly msPerFrame: number;
  /** Accuracy of single joints; absent from older figures. */
  readonly joints?: JointScore;
  /** Of this process; NaN where not measured. */
  readonly cpuMsPerFrame?: number;
}

interface Column {
  readonly title: string;
  readonly value: (row: AccuracyRow) => number;
  /** Decimals; percent values are shown as such. */
  readonly show: (value: number) => string;
}

const fixed = (digits: number) => (value: number) => (Number.isFinite(value) ? value.toFixed(digits) : '-');
const percent = (value: number) => (Number.isFinite(value) ? `${(100 * value).toFixed(1)} %` : '-');

const COLUMNS: readonly Column[] = [
  { title: 'pose', value: ({ score }) => score.posed / score.wanted, show: percent },
  { title: 'right', value: ({ score }) => score.right / score.wanted, show: percent },
  {
    title: 'precision',
    value: ({ score }) => score.right / (score.posed + score.falsePersons),
    show: percent,
  },
  { title: 'error', value: ({ score }) => score.meanError, show: fixed(3) },
  { title: 'p95', value: ({ score }) => score.p95Error, show: fixed(3) },
  { title: 'PCK@0.1', value: ({ score }) => score.pck10, show: fixed(3) },
  { title: 'PCK@0.2', value: ({ score }) => score.pck20, show: fixed(3) },
  { title: 'MPJPE mm', value: ({ score }) => score.mpjpe, show: fixed(0) },
  { title: 'PA-MPJPE mm', value: ({ score }) => score.paMpjpe, show: fixed(0) },
  { title: 'swaps', value: ({ score }) => score.swaps, show: fixed(0) },
  { title: 'false persons', value: ({ score }) => score.falsePersons, show: fixed(0) },
  { title: 'id switches', value: ({ score }) => score.identitySwitches, show: fixed(0) },
  { title: 'jitter px/f2', value: ({ score }) => score.jitter, show: fixed(2) },
  { title: 'ms/frame', value: row => row.msPerFrame, show: fixed(0) },
];

const keyOf = ({ clip, engine, model, mode }: AccuracyRow) => `${clip} ${engine} ${model} ${mode}`;

function cell(column: Column, row: AccuracyRow, before: AccuracyRow | undefined): string {
  const now = column.value(row);
  if (!before) return column.show(now);
  const old = column.value(before);
  const [a, b] = [column.show(old), column.show(now)];
  return a === b ? b : `${a} → ${b}`;
}

/** The rows as a Markdown table; against earlier rows, each changed cell shows both. */
export function accuracyTable(rows: readonly AccuracyRow[], before: readonly AccuracyRow[] = []): string {
  const old = new Map(before.map(row => [keyOf(row), row]));
  const header = ['clip', 'engine', 'model', 'mode', ...COLUMNS.map(column => column.title)];
  const lines = rows.map(row => [
    row.clip,
    row.engine,
    row.model,
    row.mode,
    ...COLUMNS.map(column => cell(column, row, old.get(keyOf(row)))),
  ]);
  const missing = before.filter(row => !rows.some(other => keyOf(other) === keyOf(row))).map(keyOf);
  const table = [header, header.map(() => '---'), ...lines].map(cells => `| ${cells.join(' | ')} |`).join('\n');
  return missing.length === 0 ? table : `${table}\n\nNot run this time: ${missing.join('; ')}`;
}

/** The clips used to fit the scores. */
export const TUNED_ON: readonly string[] = [
  'wave',
  'walk-towards',
  'sit',
  'cartwheel',
  'walk-behind-pillar',
  'very-dark',
  'backlight',
  'upside-down',
];

/** Share of right poses at each score, on the clips used to fit the scores and on the others. */
export function reliabilityTable(rows: readonly AccuracyRow[], fitted = TUNED_ON): string {
  return reliabilityBy(rows, fitted, row => row.score.reliability);
}

/**
 * The share of right landmarks at each confidence, by way, on the clips that the confidence was fitted on and on
 * the others.
 */
export function reliabilityBy(
  rows: readonly AccuracyRow[],
  fitted: readonly string[],
  value: (row: AccuracyRow) => Reliability | undefined,
): string {
  const lines = [...new Set(rows.map(wayOf))].flatMap(way =>
    [true, false].map(isFitted => {
      const own = rows.filter(row => wayOf(row) === way && fitted.includes(row.clip) === isFitted);
      const parts = own.flatMap(row => {
        const part = value(row);
        return part ? [part] : [];
      });
      return [way, isFitted ? 'fitted on' : 'others', ...reliabilityCells(summed(parts))];
    }),
  );
  return markdownTable(['way', 'clips', ...RELIABILITY_HEADER], lines);
}

/** A mode with its model, as `--way` names it. */
const wayOf = ({ mode, model }: { readonly mode: string; readonly model: string }) => `${mode}:${model}`;

/** The reference ways. */
const YARDSTICKS = { jitter: 'track:full', times: ['track:full', 'track:heavy'] } as const;

/**
 * Accuracy of single joints, by clip and way, and over all clips; jitter and times as shares of plain tracking in the
 * same run.
 */
export function jointTable(rows: readonly AccuracyRow[]): string {
  const measured = rows.flatMap(row => (row.joints ? [{ ...row, joints: row.joints }] : []));
  const rival = (row: AccuracyRow, way: string) =>
    rows.find(other => other.clip === row.clip && other.engine === row.engine && wayOf(other) === way);
  const ratio = (mine: number | undefined, other: number | undefined) =>
    fixed(2)((mine ?? Number.NaN) / (other ?? Number.NaN));
  const times = YARDSTICKS.times.flatMap(way => [`CPU / ${way}`, `time / ${way}`]);
  const header = [
    'clip',
    'way',
    'joints right',
    '',
    'precision, confidence >= 0.5',
    'silent changes',
    `jitter / ${YARDSTICKS.jitter}`,
  ];
  const cells = (joints: readonly JointScore[]) => {
    const sum = (value: (joint: JointScore) => number) => joints.reduce((all, joint) => all + value(joint), 0);
    const [right, wanted] = [sum(joint => joint.jointsRight), sum(joint => joint.jointsWanted)];
    const [reported, rightReported] = [sum(joint => joint.confident[0]), sum(joint => joint.confident[1])];
    const changes = String(sum(joint => joint.silentChanges));
    return [
      `${right} of ${wanted}`,
      percentOf(right, wanted),
      `${percentOf(rightReported, reported)} of ${reported}`,
      changes,
    ];
  };
  const lines = measured.map(row => [
    row.clip,
    wayOf(row),
    ...cells([row.joints]),
    ratio(row.score.jitter, rival(row, YARDSTICKS.jitter)?.score.jitter),
    ...YARDSTICKS.times.flatMap(way => [
      ratio(row.cpuMsPerFrame, rival(row, way)?.cpuMsPerFrame),
      ratio(row.msPerFrame, rival(row, way)?.msPerFrame),
    ]),
    fixed(0)(row.cpuMsPerFrame ?? Number.NaN),
  ]);
  const sums = [...new Set(measured.map(wayOf))].map(way => {
    const own = measured.filter(row => wayOf(row) === way);
    const total = (list: readonly (AccuracyRow | undefined)[], time: 'cpuMsPerFrame' | 'msPerFrame') =>
      list.reduce((sum, row) => sum + (row?.[time] ?? Number.NaN), 0);
    const rivals = YARDSTICKS.times.map(other => own.map(row => rival(row, other)));
    const jitters = own
      .map(row => row.score.jitter / (rival(row, YARDSTICKS.jitter)?.score.jitter ?? Number.NaN))
      .filter(Number.isFinite);
    return [
      'all',
      way,
      ...cells(own.map(row => row.joints)),
      `median ${fixed(2)(quantile(jitters, 0.5))}`,
      ...rivals.flatMap(others =>
        (['cpuMsPerFrame', 'msPerFrame'] as const).map(time => ratio(total(own, time), total(others, time))),
      ),
      fixed(0)(total(own, 'cpuMsPerFrame') / own.length),
    ];
  });
  return markdownTable([...header, ...times, 'CPU ms/frame'], [...lines, ...sums]);
}
