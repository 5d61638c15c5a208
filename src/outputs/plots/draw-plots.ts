import * as Plot from '@observablehq/plot';
import { SIDES } from '../../model/body.js';
import { counted } from '../../text/counted.js';
import type { BinnedSeries, BinValue } from './binned-series.js';
import { PLOT_MARK } from './own-plot.js';
import { PLOTTED_JOINTS, type PlotSeries } from './plot-series.js';
import {
  drawSheet,
  GRID_STYLE,
  INK,
  type Panel,
  panelOptions,
  plot,
  SIDE_COLOURS,
  timeAxis,
  ZERO_STYLE,
} from './plot-sheet.js';

const STATUS_COLOURS = { found: '#3fa37a', retried: '#3f8fd6', filled: '#8a63d2', missing: '#d64545' } as const;
type Shown = keyof typeof STATUS_COLOURS;
/** Channels of the video's series. */
const [TIME, SCORE, MISSING, RETRIED, FILLED] = [0, 1, 2, 3, 4] as const;
/** Of the score's axis: the status has its band below. */
const BAND = { from: -0.22, to: -0.08 } as const;

interface Point extends BinValue {
  readonly time: number;
}

/** The plots of a table as SVG: status and score, then joint angles of each person. */
export function drawPlots(series: PlotSeries): string {
  const { title, frames, video, people } = series;
  const times = Array.from({ length: video.bins }, (_, bin) => video.get(bin, TIME)?.mean ?? Number.NaN);
  const shared: Plot.PlotOptions = { ...panelOptions(), x: timeAxis(times[0] ?? 0, times.at(-1) ?? 1) };
  const panels: Panel[] = [{ title: 'score and status', svg: statusPanel(video, times, shared) }];
  for (const [person, angles] of [...people].sort(([a], [b]) => a - b)) {
    for (const [i, joint] of PLOTTED_JOINTS.entries()) {
      const whose = people.size > 1 ? { person, title: `person ${person}: ` } : { title: '' };
      const title = `${whose.title}${joint}, degrees in the picture`;
      panels.push({ ...whose, title, svg: anglePanel(angles, i, times, shared) });
    }
  }
  return drawSheet({ mark: PLOT_MARK, title, note: counted(frames, 'frame'), legend: LEGENDS, panels });
}

function statusPanel(video: BinnedSeries, times: readonly number[], shared: Plot.PlotOptions): Panel['svg'] {
  const score = pointsOf(video, SCORE, times);
  return plot({
    ...shared,
    y: { domain: [BAND.from, 1], ticks: [0, 0.5, 1], label: null },
    marks: [
      Plot.gridY([0, 0.5, 1], GRID_STYLE),
      Plot.rect(spans(video, times), {
        x1: 'from',
        x2: 'to',
        y1: BAND.from,
        y2: BAND.to,
        fill: (span: Span) => STATUS_COLOURS[span.shown],
      }),
      Plot.areaY(score, { x: 'time', y1: 'least', y2: 'most', fill: INK, fillOpacity: 0.15 }),
      Plot.lineY(score, { x: 'time', y: 'mean', stroke: INK, strokeWidth: 1.2 }),
    ],
  });
}

function anglePanel(
  angles: BinnedSeries,
  joint: number,
  times: readonly number[],
  shared: Plot.PlotOptions,
): Panel['svg'] {
  const marks = SIDES.flatMap((side, i) => {
    const points = pointsOf(angles, joint * SIDES.length + i, times);
    const colour = SIDE_COLOURS[side];
    return [
      Plot.areaY(points, { x: 'time', y1: 'least', y2: 'most', fill: colour, fillOpacity: 0.2 }),
      Plot.lineY(points, { x: 'time', y: 'mean', stroke: colour, strokeWidth: 1.4 }),
    ];
  });
  return plot({
    ...shared,
    y: { label: null, ticks: 5 },
    marks: [Plot.gridY(GRID_STYLE), Plot.ruleY([0], ZERO_STYLE), ...marks],
  });
}

/** NaN where there is no value: lines and areas have a gap there. */
function pointsOf(series: BinnedSeries, channel: number, times: readonly number[]): Point[] {
  const nothing = { mean: Number.NaN, least: Number.NaN, most: Number.NaN };
  return times.map((time, bin) => ({ time, ...(series.get(bin, channel) ?? nothing) }));
}

interface Span {
  readonly from: number;
  to: number;
  readonly shown: Shown;
}

/** Times of one status; of each bin the worst that happened. */
function spans(video: BinnedSeries, times: readonly number[]): Span[] {
  const happened = (bin: number, channel: number) => (video.get(bin, channel)?.most ?? 0) > 0;
  const found: Span[] = [];
  for (const [bin, time] of times.entries()) {
    const shown = happened(bin, MISSING)
      ? 'missing'
      : happened(bin, FILLED)
        ? 'filled'
        : happened(bin, RETRIED)
          ? 'retried'
          : 'found';
    const last = found.at(-1);
    if (last) last.to = time;
    if (last?.shown !== shown) found.push({ from: time, to: time, shown });
  }
  return found;
}

const LEGENDS = [
  ...Object.entries(SIDE_COLOURS).map(([name, colour]) => [`${name} side`, colour] as const),
  ...Object.entries(STATUS_COLOURS),
];
