import type { ClipScore } from './score-clip.js';

/** One line of the bench: a clip analysed in one way. */
export interface AccuracyRow {
  readonly clip: string;
  readonly kind: string;
  readonly engine: string;
  readonly model: string;
  readonly mode: string;
  readonly score: ClipScore;
  readonly msPerFrame: number;
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

/** The clips that the scores were fitted on. */
const TUNED_ON: readonly string[] = [
  'wave',
  'walk-towards',
  'sit',
  'cartwheel',
  'walk-behind-pillar',
  'very-dark',
  'backlight',
  'upside-down',
];

/** How many of the poses of each score are right, on the clips that the scores were fitted on and on the others. */
export function reliabilityTable(rows: readonly AccuracyRow[]): string {
  const lines = [...new Set(rows.map(row => row.mode))].flatMap(mode =>
    [true, false].map(tuned => {
      const own = rows.filter(row => row.mode === mode && TUNED_ON.includes(row.clip) === tuned);
      const cells = Array.from({ length: 10 }, (_, bin) => {
        const [told, right] = [0, 1].map(k => own.reduce((sum, row) => sum + row.score.reliability[bin][k], 0));
        return told === 0 ? '-' : `${((100 * right) / told).toFixed(0)} % of ${told}`;
      });
      return [mode, tuned ? 'fitted on' : 'others', ...cells];
    }),
  );
  const header = ['mode', 'clips', ...Array.from({ length: 10 }, (_, bin) => `${bin / 10}-${(bin + 1) / 10}`)];
  return [header, header.map(() => '---'), ...lines].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}
