import * as Plot from '@observablehq/plot';
import { SIDES, type Side } from '../../model/body.js';
import { CYCLES_MARK } from './own-plot.js';
import {
  drawSheet,
  GRID_STYLE,
  INK,
  inDegrees,
  type LegendEntry,
  type Panel,
  panelOptions,
  plot,
  SIDE_COLOURS,
  timeAxis,
  ZERO_STYLE,
} from './plot-sheet.js';

/** The mean course of an angle, in degrees at even parts of a cycle. */
interface MeanCourse {
  /** Whose colour it has; undefined for what has no side. */
  readonly side: Side | undefined;
  readonly mean: readonly number[];
  /** Standard deviation; NaN of a single cycle. */
  readonly deviation: readonly number[];
}

/** What is drawn of one person's cycles. */
export interface PersonPlots {
  /** Before the titles of the panels: `person 2: `, or nothing. */
  readonly whose: string;
  /** The person's id, where there are several people. */
  readonly person?: number;
  /** Seconds in which a foot stands. */
  readonly stances?: readonly { readonly side: Side; readonly from: number; readonly to: number }[] | undefined;
  /** An angle over time with the turns that were counted, in seconds and degrees. */
  readonly course?:
    | {
        readonly title: string;
        readonly points: readonly { readonly time: number; readonly degrees: number }[];
        readonly turns: readonly { readonly time: number; readonly degrees: number }[];
        readonly spans: readonly { readonly from: number; readonly to: number }[];
      }
    | undefined;
  readonly means: readonly { readonly title: string; readonly courses: readonly MeanCourse[] }[];
}

/** Each person adds several plots: with more people the picture is too high to read. */
const MOST_PEOPLE = 4;
const ROWS: Readonly<Record<Side, number>> = { left: 1, right: 0 };
const BAR = 0.7;

/** The cycles of a table as SVG: when feet stand or an angle turns, then the mean courses of angles. */
export function drawCycles(
  title: string,
  note: string,
  times: { readonly from: number; readonly to: number },
  people: readonly PersonPlots[],
): string {
  const shared = panelOptions();
  const overTime = { ...shared, x: timeAxis(times.from, times.to) };
  const panels = people
    .slice(0, MOST_PEOPLE)
    .flatMap(({ whose, person, stances, course, means }): Panel[] =>
      [
        ...(stances ? [{ title: `${whose}feet on the floor`, svg: stancePanel(stances, overTime) }] : []),
        ...(course ? [{ title: `${whose}${course.title}`, svg: coursePanel(course, overTime) }] : []),
        ...means.map(mean => ({ title: `${whose}${mean.title}`, svg: meanPanel(mean.courses, shared) })),
      ].map(panel => (person === undefined ? panel : { ...panel, person })),
    );
  const legend = legendOf(people.slice(0, MOST_PEOPLE));
  return drawSheet({ mark: CYCLES_MARK, title, note, legend, panels });
}

/** The sides that the plots show. */
function legendOf(people: readonly PersonPlots[]): LegendEntry[] {
  const shown = new Set(
    people.flatMap(({ stances = [], means }) => [
      ...stances.map(({ side }) => side),
      ...means.flatMap(({ courses }) => courses.map(({ side }) => side)),
    ]),
  );
  return SIDES.filter(side => shown.has(side)).map(side => [`${side} side`, SIDE_COLOURS[side]]);
}

function stancePanel(stances: NonNullable<PersonPlots['stances']>, shared: Plot.PlotOptions): Panel['svg'] {
  const rows = SIDES.map(side => ROWS[side]);
  return plot({
    ...shared,
    y: {
      label: null,
      domain: [-0.5, 1.5],
      ticks: rows,
      tickFormat: (row: number) => SIDES.find(side => ROWS[side] === row) ?? '',
    },
    marks: [
      Plot.gridX({ ...GRID_STYLE, ticks: 10 }),
      Plot.rect(stances, {
        x1: 'from',
        x2: 'to',
        y1: ({ side }: { side: Side }) => ROWS[side] - BAR / 2,
        y2: ({ side }: { side: Side }) => ROWS[side] + BAR / 2,
        fill: ({ side }: { side: Side }) => SIDE_COLOURS[side],
      }),
    ],
  });
}

function coursePanel(course: NonNullable<PersonPlots['course']>, shared: Plot.PlotOptions): Panel['svg'] {
  const { points, turns, spans } = course;
  const degrees = points.map(point => point.degrees).filter(Number.isFinite);
  const [low, high] = [Math.min(...degrees), Math.max(...degrees)];
  return plot({
    ...shared,
    y: { label: null, ticks: 5, tickFormat: inDegrees },
    marks: [
      Plot.rect(spans, { x1: 'from', x2: 'to', y1: low, y2: high, fill: INK, fillOpacity: 0.06 }),
      Plot.gridY(GRID_STYLE),
      Plot.lineY(points, { x: 'time', y: 'degrees', stroke: INK, strokeWidth: 1.4 }),
      Plot.dot(turns, { x: 'time', y: 'degrees', r: 4, fill: INK }),
    ],
  });
}

function meanPanel(courses: readonly MeanCourse[], shared: Plot.PlotOptions): Panel['svg'] {
  const marks = courses.flatMap(({ side, mean, deviation }) => {
    const colour = side ? SIDE_COLOURS[side] : INK;
    const points = mean.map((value, i) => {
      const off = deviation[i];
      const spread = off === undefined || Number.isNaN(off) ? 0 : off;
      return { percent: (100 * i) / (mean.length - 1), mean: value, least: value - spread, most: value + spread };
    });
    return [
      Plot.areaY(points, { x: 'percent', y1: 'least', y2: 'most', fill: colour, fillOpacity: 0.2 }),
      Plot.lineY(points, { x: 'percent', y: 'mean', stroke: colour, strokeWidth: 1.4 }),
    ];
  });
  return plot({
    ...shared,
    x: { label: null, domain: [0, 100], tickFormat: (percent: number) => `${percent} %` },
    y: { label: null, ticks: 5, tickFormat: inDegrees },
    marks: [Plot.gridY(GRID_STYLE), Plot.ruleY([0], ZERO_STYLE), ...marks],
  });
}
