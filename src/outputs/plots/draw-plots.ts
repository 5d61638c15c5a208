import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { FONT_FAMILY, loadCanvas } from '../../draw/load-canvas.js';
import { SIDES } from '../../model/body.js';
import { escapeHtml } from '../../text/html.js';
import type { BinnedSeries, BinValue } from './binned-series.js';
import { PLOT_MARK } from './own-plot.js';
import { PLOTTED_JOINTS, type PlotSeries } from './plot-series.js';

const WIDTH_PX = 1000;
const TITLE_PX = 34;
const PANEL_PX = 150;
const MARGIN_LEFT_PX = 52;
const PNG_SCALE = 2;
/** Plot's own. */
const TICK_FONT_PX = 10;
const GRID = '#e3e5e9';
const GRID_STYLE = { stroke: GRID, strokeOpacity: 1, ticks: 5 } as const;
const ZERO_STYLE = { stroke: '#9aa1ad' } as const;
const GROUND = '#ffffff';
const INK = '#1c1f24';
/** Left is warm, right is cool, as in the overlay. */
const SIDE_COLOURS = { left: '#d9730d', right: '#1f6fd0' } as const;
const STATUS_COLOURS = { found: '#3fa37a', retried: '#3f8fd6', filled: '#8a63d2', missing: '#d64545' } as const;
type Shown = keyof typeof STATUS_COLOURS;
/** Channels of the video's series. */
const [TIME, SCORE, MISSING, RETRIED, FILLED] = [0, 1, 2, 3, 4] as const;
/** Of the score's axis: the status has its band below. */
const BAND = { from: -0.22, to: -0.08 } as const;

/** What is used of an SVG element. */
interface Drawing {
  readonly outerHTML: string;
  setAttribute(name: string, value: string): void;
}

interface Point extends BinValue {
  readonly time: number;
}

/** The plots of a table as SVG: status and score, then joint angles of each person. */
export function drawPlots(series: PlotSeries): string {
  const { document } = parseHTML('<html><body></body></html>');
  const { video, people } = series;
  const times = Array.from({ length: video.bins }, (_, bin) => video.get(bin, TIME)?.mean ?? Number.NaN);
  const shared: Plot.PlotOptions = {
    document: document as unknown as NonNullable<Plot.PlotOptions['document']>,
    width: WIDTH_PX,
    height: PANEL_PX,
    marginLeft: MARGIN_LEFT_PX,
    marginBottom: 28,
    x: {
      label: null,
      domain: [times[0] ?? 0, times.at(-1) ?? 1],
      tickFormat: (time: number) => `${+time.toFixed(2)} s`,
    },
  };
  const panels = [{ title: 'score and status', svg: statusPanel(video, times, shared) }];
  for (const [person, angles] of [...people].sort(([a], [b]) => a - b)) {
    for (const [i, joint] of PLOTTED_JOINTS.entries()) {
      const whose = people.size > 1 ? `person ${person}: ` : '';
      panels.push({ title: `${whose}${joint}, degrees in the picture`, svg: anglePanel(angles, i, times, shared) });
    }
  }
  return join(series, panels);
}

const plot = (options: Plot.PlotOptions) => Plot.plot(options) as unknown as Drawing;

function statusPanel(video: BinnedSeries, times: readonly number[], shared: Plot.PlotOptions): Drawing {
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

function anglePanel(angles: BinnedSeries, joint: number, times: readonly number[], shared: Plot.PlotOptions): Drawing {
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

/** One drawing of all panels, with what the colours say. */
function join({ title, frames }: PlotSeries, panels: readonly { title: string; svg: Drawing }[]): string {
  const height = TITLE_PX * 2 + panels.length * (PANEL_PX + TITLE_PX / 2);
  let x = MARGIN_LEFT_PX;
  const legend = LEGENDS.map(([name, colour]) => {
    const mark = `<rect x="${x}" y="40" width="11" height="11" fill="${colour}"/><text x="${x + 16}" y="50">${escapeHtml(name)}</text>`;
    x += 16 + 7 * name.length + 22;
    return mark;
  });
  const drawn = panels.map(({ title: text, svg }, i) => {
    const top = TITLE_PX * 2 + i * (PANEL_PX + TITLE_PX / 2);
    svg.setAttribute('y', String(top + 6));
    svg.setAttribute('x', '0');
    return `<text x="${MARGIN_LEFT_PX}" y="${top + 10}" font-weight="bold">${escapeHtml(text)}</text>${plain(svg.outerHTML)}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH_PX} ${height}" width="${WIDTH_PX}" height="${height}" font-family="${FONT_FAMILY}, monospace" font-size="11" color="${INK}" fill="${INK}">
${PLOT_MARK}
<rect width="${WIDTH_PX}" height="${height}" fill="${GROUND}"/>
<text x="${MARGIN_LEFT_PX}" y="24" font-size="16">${escapeHtml(title)}</text><text x="${WIDTH_PX - 20}" y="24" text-anchor="end">${frames} frames</text>
${legend.join('')}
${drawn.join('\n')}
</svg>
`;
}

/** Without what only browsers know: styles, fonts of the system, and lengths in parts of the font's size. */
function plain(svg: string): string {
  return svg
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/ style="[^"]*"/, '')
    .replace(/ font-family="[^"]*"/, '')
    .replaceAll(
      / (x|y|dx|dy)="(-?[\d.]+)em"/g,
      (_, name: string, em: string) => ` ${name}="${(Number(em) * TICK_FONT_PX).toFixed(1)}"`,
    );
}

/** The same as PNG, at twice the size. */
export async function rasterize(svg: string): Promise<Buffer> {
  const { createCanvas, loadImage } = loadCanvas('--plots');
  const image = await loadImage(Buffer.from(svg));
  const canvas = createCanvas(image.width * PNG_SCALE, image.height * PNG_SCALE);
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.encode('png'); // Beside this thread.
}
