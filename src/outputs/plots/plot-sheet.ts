import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { FONT_FAMILY, loadCanvas } from '../../draw/load-canvas.js';
import { hexColour, personColour } from '../../model/person-colours.js';
import { escapeHtml } from '../../text/html.js';

const WIDTH_PX = 1000;
const TITLE_PX = 34;
const PANEL_PX = 130;
const MARGIN_LEFT_PX = 70;
const LEGEND_PX = 11;
const LEGEND_ROW_PX = 20;
/** The mark of a line in a legend. */
export const LINE_HEIGHT = 0.2;
const PNG_SCALE = 2;
/** Plot's own. */
const TICK_FONT_PX = 10;
const GRID = '#e3e5e9';
const GROUND = '#ffffff';
export const GRID_STYLE = { stroke: GRID, strokeOpacity: 1, ticks: 5 } as const;
export const ZERO_STYLE = { stroke: '#9aa1ad' } as const;
export const INK = '#1c1f24';
/** The unit of angles, in words. */
export const DEGREES = 'degrees (2D, image plane)';
const ABSENT = '#eceef1';
/** For times without a pose. */
export const ABSENT_STYLE = { fill: ABSENT } as const;
/** Left is warm, right is cool, as in the overlay. */
export const SIDE_COLOURS = { left: '#d9730d', right: '#1f6fd0' } as const;

/**
 * The colours of a dark page, for programs that support styles and request them; the attributes, which every program
 * supports, are those of paper. The background is opaque either way.
 */
const DARK_GROUND = '#15171b';
const DARK: Readonly<Record<string, string>> = {
  [INK]: '#e8eaee',
  [GRID]: '#333842',
  [ABSENT]: '#262a32',
  [SIDE_COLOURS.left]: '#ff9d5c',
  [SIDE_COLOURS.right]: '#74b3ff',
};

function darkStyle(): string {
  const rules = Object.entries(DARK).map(
    ([light, dark]) => `[fill="${light}"]{fill:${dark}}[stroke="${light}"]{stroke:${dark}}`,
  );
  return `<style>@media (prefers-color-scheme:dark){.ground{fill:${DARK_GROUND}}:root{color:${DARK[INK]}}${rules.join('')}}</style>`;
}

/** The properties used of an SVG element. */
interface Drawing {
  readonly outerHTML: string;
  setAttribute(name: string, value: string): void;
}

/** One plot of a sheet. */
export interface Panel {
  readonly title: string;
  /** The person's id, if there are several people. */
  readonly person?: number;
  readonly svg: Drawing;
  /** Height in pixels; `PANEL_PX` by default. */
  readonly height?: number;
}

/** A name and its mark: a bar with this share of a line's height, 0-1; all of it by default. */
export type LegendEntry = readonly [name: string, colour: string, height?: number];

/** Several plots below each other, with a legend for their colours. */
export interface Sheet {
  /** The mark that identifies the drawing as this program's (`own-plot.ts`). */
  readonly mark: string;
  readonly title: string;
  /** On the right, opposite the title. */
  readonly note: string;
  readonly legend: readonly LegendEntry[];
  readonly panels: readonly Panel[];
}

/** Parts that all plots of a sheet share; make them once for each sheet. */
export function panelOptions(): Plot.PlotOptions {
  const { document } = parseHTML('<html><body></body></html>');
  return {
    document: document as unknown as NonNullable<Plot.PlotOptions['document']>,
    width: WIDTH_PX,
    height: PANEL_PX,
    marginLeft: MARGIN_LEFT_PX,
    marginBottom: 28,
  };
}

/** An x axis of seconds. */
export function timeAxis(from: number, to: number): Plot.ScaleOptions {
  return { label: null, domain: [from, to], tickFormat: (time: number) => `${+time.toFixed(2)} s` };
}

/** A tick of an angle's axis. */
export const inDegrees = (degrees: number): string => `${+degrees.toFixed(2)}°`;

export function plot(options: Plot.PlotOptions): Drawing {
  return Plot.plot(options) as unknown as Drawing;
}

/** A spot in a person's colour, before the panel's title. */
function personMark(person: number, y: number): string {
  const fill = hexColour(personColour(person));
  return `<circle cx="${MARGIN_LEFT_PX - 12}" cy="${y}" r="5.5" fill="${fill}" stroke="${INK}" stroke-width="0.8"/>`;
}

/** The entries of a legend in rows. */
function drawLegend(legend: readonly LegendEntry[]): { readonly svg: string; readonly rows: number } {
  let [x, row] = [MARGIN_LEFT_PX, 0];
  const entries = legend.map(([name, colour, part = 1]) => {
    const width = 16 + 7 * name.length + 22;
    if (x + width > WIDTH_PX && x > MARGIN_LEFT_PX) [x, row] = [MARGIN_LEFT_PX, row + 1];
    const bar = part * LEGEND_PX;
    const top = 40 + row * LEGEND_ROW_PX;
    const y = (top + (LEGEND_PX - bar) / 2).toFixed(1);
    const mark = `<rect x="${x}" y="${y}" width="${LEGEND_PX}" height="${bar.toFixed(1)}" fill="${colour}"/>`;
    const entry = `${mark}<text x="${x + 16}" y="${top + 10}">${escapeHtml(name)}</text>`;
    x += width;
    return entry;
  });
  return { svg: entries.join(''), rows: row + 1 };
}

/** One drawing of all panels, with a legend for the colours. */
export function drawSheet({ mark, title, note, legend, panels }: Sheet): string {
  const { svg: entries, rows } = drawLegend(legend);
  let height = TITLE_PX * 2 + (rows - 1) * LEGEND_ROW_PX;
  const drawn = panels.map(({ title: text, person, svg, height: own = PANEL_PX }) => {
    const top = height;
    height += own + TITLE_PX / 2;
    svg.setAttribute('y', String(top + 6));
    svg.setAttribute('x', '0');
    const whose = person === undefined ? '' : personMark(person, top + 6);
    return `${whose}<text x="${MARGIN_LEFT_PX}" y="${top + 10}" font-weight="bold">${escapeHtml(text)}</text>${plain(svg.outerHTML)}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH_PX} ${height}" width="${WIDTH_PX}" height="${height}" font-family="${FONT_FAMILY}, monospace" font-size="11" color="${INK}" fill="${INK}">
${mark}
${darkStyle()}
<rect class="ground" width="${WIDTH_PX}" height="${height}" fill="${GROUND}"/>
<text x="${MARGIN_LEFT_PX}" y="24" font-size="16">${escapeHtml(title)}</text><text x="${WIDTH_PX - 20}" y="24" text-anchor="end">${escapeHtml(note)}</text>
${entries}
${drawn.join('\n')}
</svg>
`;
}

/** Without features that only browsers support: styles, system fonts, and lengths relative to the font size. */
function plain(svg: string): string {
  return svg
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/ style="[^"]*"/, '')
    .replace(/ font-family="[^"]*"/, '')
    .replaceAll('<line ', '<line fill="none" ') // The canvas fills lines, with a seam of the text's colour.
    .replaceAll(
      / (x|y|dx|dy)="(-?[\d.]+)em"/g,
      (_, name: string, em: string) => ` ${name}="${(Number(em) * TICK_FONT_PX).toFixed(1)}"`,
    );
}

/** The same as PNG, at twice the size. @param wantedBy what needs it, for the error if it cannot be drawn */
export async function rasterize(svg: string, wantedBy: string): Promise<Buffer> {
  const { createCanvas, loadImage } = loadCanvas(wantedBy);
  const image = await loadImage(Buffer.from(svg));
  const canvas = createCanvas(image.width * PNG_SCALE, image.height * PNG_SCALE);
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.encode('png'); // In parallel with this thread.
}
