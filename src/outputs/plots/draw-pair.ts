import * as Plot from '@observablehq/plot';
import { PAIR_MARK } from './own-plot.js';
import {
  drawSheet,
  GRID_STYLE,
  INK,
  inDegrees,
  type Panel,
  panelOptions,
  plot,
  timeAxis,
  ZERO_STYLE,
} from './plot-sheet.js';

/** An angle of one of two runs, in degrees; NaN where it is not known. */
export interface PairPoint {
  /** Per cent of a cycle, or seconds. */
  readonly at: number;
  readonly degrees: number;
  /** Standard deviation; 0 where none exists. */
  readonly deviation: number;
}

/** An angle of two runs. */
export interface PairAngle {
  readonly title: string;
  readonly courses: readonly [readonly PairPoint[], readonly PairPoint[]];
  /** The second run's less the first one's. */
  readonly differenceTitle: string;
  readonly difference: readonly { readonly at: number; readonly degrees: number }[];
}

/** Two runs side by side. */
export interface PairPlots {
  readonly title: string;
  readonly note: string;
  /** What both are called in the legend. */
  readonly names: readonly [string, string];
  /** Seconds that are shown; undefined: a cycle, in per cent. */
  readonly span: { readonly from: number; readonly to: number } | undefined;
  readonly angles: readonly PairAngle[];
}

/** Other colours than those of left and right. */
const RUN_COLOURS = ['#0b7a75', '#b0348b'] as const;
const DIFFERENCE_PX = 95;
/** Differences below look like none. */
const LEAST_DEGREES = 1;
const WHOLE_CYCLE: Plot.ScaleOptions = {
  label: null,
  domain: [0, 100],
  tickFormat: (percent: number) => `${percent} %`,
};

/** Angles of two runs as SVG: each with bands of one standard deviation, and below it what they differ by. */
export function drawPair({ title, note, names, span, angles }: PairPlots): string {
  const shared = { ...panelOptions(), x: span ? timeAxis(span.from, span.to) : WHOLE_CYCLE };
  const panels = angles.flatMap((angle): Panel[] => [
    { title: angle.title, svg: coursesPanel(angle, shared) },
    { title: angle.differenceTitle, svg: differencePanel(angle, shared), height: DIFFERENCE_PX },
  ]);
  const legend = names.map((name, i) => [name, RUN_COLOURS[i === 0 ? 0 : 1]] as const);
  return drawSheet({ mark: PAIR_MARK, title, note, legend, panels });
}

function coursesPanel({ courses }: PairAngle, shared: Plot.PlotOptions): Panel['svg'] {
  const marks = courses.flatMap((points, i) => {
    const colour = RUN_COLOURS[i === 0 ? 0 : 1];
    const least = ({ degrees, deviation }: PairPoint) => degrees - deviation;
    const most = ({ degrees, deviation }: PairPoint) => degrees + deviation;
    return [
      Plot.areaY(points, { x: 'at', y1: least, y2: most, fill: colour, fillOpacity: 0.2 }),
      Plot.lineY(points, { x: 'at', y: 'degrees', stroke: colour, strokeWidth: 1.4 }),
    ];
  });
  return plot({
    ...shared,
    y: { label: null, ticks: 5, tickFormat: inDegrees },
    marks: [Plot.gridY(GRID_STYLE), Plot.ruleY([0], ZERO_STYLE), ...marks],
  });
}

function differencePanel({ difference }: PairAngle, shared: Plot.PlotOptions): Panel['svg'] {
  const finite = difference.map(({ degrees }) => degrees).filter(Number.isFinite);
  const least = finite.reduce((low, degrees) => Math.min(low, degrees), -LEAST_DEGREES);
  const most = finite.reduce((high, degrees) => Math.max(high, degrees), LEAST_DEGREES);
  return plot({
    ...shared,
    height: DIFFERENCE_PX,
    y: { label: null, ticks: 3, domain: [least, most], tickFormat: inDegrees },
    marks: [
      Plot.gridY({ ...GRID_STYLE, ticks: 3 }),
      Plot.ruleY([0], ZERO_STYLE),
      Plot.areaY(difference, { x: 'at', y1: 0, y2: 'degrees', fill: INK, fillOpacity: 0.12 }),
      Plot.lineY(difference, { x: 'at', y: 'degrees', stroke: INK, strokeWidth: 1.2 }),
    ],
  });
}
