import * as Plot from '@observablehq/plot';
import { SIDES } from '../../model/body.js';
import { hexColour, personColour } from '../../model/person-colours.js';
import { counted } from '../../text/counted.js';
import type { BinnedSeries, BinValue } from './binned-series.js';
import { PLOT_MARK } from './own-plot.js';
import { PERSON_CHANNELS, PLOTTED_JOINTS, type PlotSeries } from './plot-series.js';
import {
  ABSENT_STYLE,
  DEGREES,
  drawSheet,
  GRID_STYLE,
  INK,
  inDegrees,
  type LegendEntry,
  LINE_HEIGHT,
  type Panel,
  panelOptions,
  plot,
  SIDE_COLOURS,
  timeAxis,
  ZERO_STYLE,
} from './plot-sheet.js';
import { STATUSES, type StatusSpan, statusSpans } from './status-spans.js';

interface Point extends BinValue {
  readonly time: number;
}

/** What all panels share. */
interface Shared {
  readonly times: readonly number[];
  readonly options: Plot.PlotOptions;
}

interface Person {
  readonly id: number;
  readonly series: BinnedSeries;
  readonly spans: readonly StatusSpan[];
}

const SCORE_PX = 110;
/** Of a row of statuses, and of what is above and below the rows. */
const [ROW_PX, ROWS_MARGIN_PX] = [18, 48];
/** A smaller range would show noise as if it were motion. */
const LEAST_RANGE_DEGREES = 20;

/** The plots of a table as SVG: score and status of each person, then the joint angles of each. */
export function drawPlots(series: PlotSeries): string {
  const times = Array.from({ length: series.times.bins }, (_, bin) => series.times.get(bin, 0)?.mean ?? Number.NaN);
  const people = [...series.people]
    .sort(([a], [b]) => a - b)
    .map(([id, person]) => ({ id, series: person, spans: statusSpans(person, times) }));
  const options: Plot.PlotOptions = { ...panelOptions(), x: timeAxis(times[0] ?? 0, times.at(-1) ?? 1) };
  const shared = { times, options };
  const several = people.length > 1;
  const panels: Panel[] = [
    { title: `score${several ? ' of each person' : ''}, from 0 to 1`, ...scorePanel(people, shared) },
    { title: several ? 'status of each person' : 'status', ...statusPanel(people, shared) },
    ...people.flatMap(person => anglePanels(person, several, shared)),
  ];
  return drawSheet({ mark: PLOT_MARK, title: series.title, note: noteOf(series), legend: legendOf(people), panels });
}

function noteOf({ frames, people, peopleInAll }: PlotSeries): string {
  const count = counted(frames, 'frame');
  return peopleInAll > people.size ? `${count}, the first ${people.size} of ${peopleInAll} people` : count;
}

type Drawn = Pick<Panel, 'svg' | 'height'>;

function scorePanel(people: readonly Person[], { times, options }: Shared): Drawn {
  const marks = people.flatMap(({ id, series }) => {
    const points = pointsOf(series, PERSON_CHANNELS.score, times);
    const colour = people.length > 1 ? hexColour(personColour(id)) : INK;
    return [
      Plot.areaY(points, { x: 'time', y1: 'least', y2: 'most', fill: colour, fillOpacity: 0.2 }),
      // Pale colours need an edge to be seen.
      ...(people.length > 1 ? [Plot.lineY(points, { x: 'time', y: 'mean', stroke: INK, strokeWidth: 2.6 })] : []),
      Plot.lineY(points, { x: 'time', y: 'mean', stroke: colour, strokeWidth: 1.4 }),
      ...dotsOf(points, colour),
    ];
  });
  const lone = people.length === 1 ? people : [];
  return {
    height: SCORE_PX,
    svg: plot({
      ...options,
      height: SCORE_PX,
      y: { domain: [0, 1], ticks: [0, 0.5, 1], label: null },
      marks: [...lone.flatMap(withoutPose), Plot.gridY([0, 0.5, 1], GRID_STYLE), ...marks],
    }),
  };
}

/** A row for each person; without people a single row of missing frames. */
function statusPanel(people: readonly Person[], { times, options }: Shared): Drawn {
  const [from, to] = [times[0] ?? 0, times.at(-1) ?? 1];
  const empty = { name: 'no person', spans: [{ from, to, status: 'missing' as const }] };
  const rows =
    people.length === 0
      ? [empty]
      : people.map(({ id, spans }) => ({ name: people.length > 1 ? `person ${id}` : '', spans }));
  const height = rows.length * ROW_PX + ROWS_MARGIN_PX;
  const last = rows.length - 1;
  const bars = rows.flatMap(({ spans }, row) => spans.map(span => ({ ...span, middle: last - row })));
  type Bar = (typeof bars)[number];
  return {
    height,
    svg: plot({
      ...options,
      height,
      y: {
        label: null,
        domain: [-0.5, last + 0.5],
        ticks: rows.map((_, row) => row),
        tickSize: 0,
        tickFormat: (place: number) => rows[last - place]?.name ?? '',
      },
      marks: [
        Plot.rect(bars, {
          x1: 'from',
          x2: 'to',
          y1: ({ middle, status }: Bar) => middle - STATUSES[status].height / 2,
          y2: ({ middle, status }: Bar) => middle + STATUSES[status].height / 2,
          fill: ({ status }: Bar) => STATUSES[status].colour,
        }),
      ],
    }),
  };
}

/** One for each joint that has values, left and right in one. */
function anglePanels(person: Person, several: boolean, shared: Shared): Panel[] {
  const whose = several ? { person: person.id } : {};
  return PLOTTED_JOINTS.flatMap((joint, i) => {
    const svg = anglePanel(person, i, shared);
    const title = `${several ? `person ${person.id}: ` : ''}${joint}, ${DEGREES}`;
    return svg ? [{ ...whose, title, svg }] : [];
  });
}

function anglePanel(person: Person, joint: number, { times, options }: Shared): Panel['svg'] | undefined {
  const sides = SIDES.map((side, i) => ({
    colour: SIDE_COLOURS[side],
    points: pointsOf(person.series, joint * SIDES.length + i, times),
  }));
  const domain = rangeOf(sides.flatMap(({ points }) => points));
  if (!domain) return undefined;
  const marks = sides.flatMap(({ colour, points }) => [
    Plot.areaY(points, { x: 'time', y1: 'least', y2: 'most', fill: colour, fillOpacity: 0.2 }),
    Plot.lineY(points, { x: 'time', y: 'mean', stroke: colour, strokeWidth: 1.4 }),
    ...dotsOf(points, colour),
  ]);
  return plot({
    ...options,
    y: { label: null, ticks: 5, domain, nice: true, tickFormat: inDegrees },
    marks: [...withoutPose(person), Plot.gridY(GRID_STYLE), Plot.ruleY([0], ZERO_STYLE), ...marks],
  });
}

/** Degrees that an axis shows; undefined without values. */
function rangeOf(points: readonly Point[]): [number, number] | undefined {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { least, most } of points) {
    if (least < low) low = least;
    if (most > high) high = most;
  }
  if (low > high) return undefined;
  const [from, to] = [Math.min(0, low), Math.max(0, high)];
  if (to - from >= LEAST_RANGE_DEGREES) return [from, to];
  return to >= -from ? [from, from + LEAST_RANGE_DEGREES] : [to - LEAST_RANGE_DEGREES, to];
}

/** Grey spans in which the person has no pose. */
function withoutPose({ spans }: Person) {
  const empty = spans.filter(({ status }) => status === 'missing' || status === 'absent');
  return empty.length === 0 ? [] : [Plot.rectX(empty, { x1: 'from', x2: 'to', ...ABSENT_STYLE })];
}

/** NaN where there is no value: lines and areas have a gap there. */
function pointsOf(series: BinnedSeries, channel: number, times: readonly number[]): Point[] {
  const nothing = { mean: Number.NaN, least: Number.NaN, most: Number.NaN };
  return times.map((time, bin) => ({ time, ...(series.get(bin, channel) ?? nothing) }));
}

/** Values without a neighbour, such as that of a video of one frame: a line of one point would not be seen. */
function dotsOf(points: readonly Point[], colour: string) {
  const isKnown = (i: number) => Number.isFinite(points[i]?.mean);
  const lone = points.filter((_, i) => isKnown(i) && !isKnown(i - 1) && !isKnown(i + 1));
  return lone.length === 0 ? [] : [Plot.dot(lone, { x: 'time', y: 'mean', r: 2, fill: colour })];
}

/** Only what the plots show. */
function legendOf(people: readonly Person[]): LegendEntry[] {
  const shown = new Set(people.flatMap(({ spans }) => spans.map(({ status }) => status)));
  if (people.length === 0) shown.add('missing');
  const sides = SIDES.map((side): LegendEntry => [`${side} side`, SIDE_COLOURS[side], LINE_HEIGHT]);
  const statuses = Object.entries(STATUSES).flatMap(([status, { name, colour, height }]): LegendEntry[] =>
    shown.has(status as StatusSpan['status']) ? [[name, colour, height]] : [],
  );
  const names = people.map(({ id }): LegendEntry => [`person ${id}`, hexColour(personColour(id)), LINE_HEIGHT]);
  return people.length === 0 ? statuses : [...(people.length > 1 ? names : []), ...sides, ...statuses];
}
