/** The bars: what a whole run may take beside Python's, and how much memory. */

import { markdownTable } from '../accuracy/reliability.js';
import { type BenchRow, megabytes } from '../bench-report.js';
import { DEFAULT, PYTHON_FULL, TRACK } from './ways.js';
import type { WayFigures } from './whole-runs.js';

const MEBIBYTE = 2 ** 20;

interface Bar {
  readonly way: string;
  readonly overlay: boolean;
  readonly what: 'cpuSeconds' | 'wallSeconds' | 'pss' | 'fixed';
  /** Relative to Python's, or MB. */
  readonly most: number;
}

const BARS: readonly Bar[] = [
  { way: TRACK, overlay: false, what: 'cpuSeconds', most: 0.65 },
  { way: TRACK, overlay: true, what: 'cpuSeconds', most: 0.7 },
  { way: TRACK, overlay: false, what: 'wallSeconds', most: 0.45 },
  { way: TRACK, overlay: true, what: 'wallSeconds', most: 0.5 },
  { way: DEFAULT, overlay: false, what: 'wallSeconds', most: 0.7 },
  { way: DEFAULT, overlay: true, what: 'wallSeconds', most: 0.7 },
  { way: TRACK, overlay: true, what: 'pss', most: 290 },
  { way: TRACK, overlay: true, what: 'fixed', most: 150 },
  { way: DEFAULT, overlay: true, what: 'pss', most: 360 },
  { way: DEFAULT, overlay: true, what: 'fixed', most: 190 },
];

const NAMES = {
  cpuSeconds: 'CPU seconds beside Python',
  wallSeconds: 'wall time beside Python',
  pss: 'PSS, peak',
  fixed: 'not reclaimable, peak',
} as const;

function rowOf({ way, overlay, what, most }: Bar, figures: readonly WayFigures[]): BenchRow | undefined {
  const own = figures.find(one => one.way === way && one.overlay === overlay);
  const python = figures.find(one => one.way === PYTHON_FULL && one.overlay === overlay);
  if (!own || !python) return undefined;
  const name = `${way}${overlay ? ', overlay' : ''}: ${NAMES[what]}`;
  const data = { own, python };
  if (what === 'pss' || what === 'fixed') {
    const bytes = own.peaks[what];
    if (Number.isNaN(bytes)) return undefined; // No round for it.
    const figure = `${megabytes(bytes)} (Python ${megabytes(python.peaks[what])})`;
    return { what: name, figure, bar: `at most ${most} MB`, reached: bytes <= most * MEBIBYTE, data };
  }
  const ratio = own[what] / python[what];
  if (Number.isNaN(ratio)) return undefined;
  const figure = `${ratio.toFixed(2)} times (${own[what].toFixed(1)} and ${python[what].toFixed(1)} s)`;
  return { what: name, figure, bar: `at most ${most} times`, reached: ratio <= most, data };
}

export function barRows(figures: readonly WayFigures[]): BenchRow[] {
  return BARS.map(bar => rowOf(bar, figures)).filter(row => row !== undefined);
}

/** The table for people: all ways, each beside Python with a network of its size. */
export function besideTable(figures: readonly WayFigures[]): string {
  const beside = (own: number, python: number | undefined) =>
    python === undefined ? own.toFixed(1) : `${own.toFixed(1)} (${(own / python).toFixed(2)})`;
  const whole = (bytes: number) => (Number.isNaN(bytes) ? '-' : (bytes / MEBIBYTE).toFixed(0));
  return markdownTable(
    ['way', 'overlay', 'CPU s (times Python)', 'wall s (times Python)', 'peak RSS, MB', 'PSS', 'not reclaimable'],
    figures.map(own => {
      const python = figures.find(one => one.way === own.against && one.overlay === own.overlay && one !== own);
      return [
        own.way,
        own.overlay ? 'yes' : 'no',
        beside(own.cpuSeconds, python?.cpuSeconds),
        beside(own.wallSeconds, python?.wallSeconds),
        ...[own.peaks.rss, own.peaks.pss, own.peaks.fixed].map(whole),
      ];
    }),
  );
}
