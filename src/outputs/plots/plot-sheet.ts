import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { FONT_FAMILY, loadCanvas } from '../../draw/load-canvas.js';
import { hexColour, personColour } from '../../model/person-colours.js';
import { escapeHtml } from '../../text/html.js';

const WIDTH_PX = 1000;
const TITLE_PX = 34;
const PANEL_PX = 150;
const MARGIN_LEFT_PX = 52;
const PNG_SCALE = 2;
/** Plot's own. */
const TICK_FONT_PX = 10;
const GRID = '#e3e5e9';
const GROUND = '#ffffff';
export const GRID_STYLE = { stroke: GRID, strokeOpacity: 1, ticks: 5 } as const;
export const ZERO_STYLE = { stroke: '#9aa1ad' } as const;
export const INK = '#1c1f24';
/** Left is warm, right is cool, as in the overlay. */
export const SIDE_COLOURS = { left: '#d9730d', right: '#1f6fd0' } as const;

/** What is used of an SVG element. */
interface Drawing {
  readonly outerHTML: string;
  setAttribute(name: string, value: string): void;
}

/** One plot of a sheet. */
export interface Panel {
  readonly title: string;
  /** Whose it is, where there are several people. */
  readonly person?: number;
  readonly svg: Drawing;
  /** Pixels, as the drawing was made; `PANEL_PX` if not given. */
  readonly height?: number;
}

/** Several plots below each other, with what their colours say. */
export interface Sheet {
  /** By which the drawing is known as this program's (`own-plot.ts`). */
  readonly mark: string;
  readonly title: string;
  /** At the right, opposite the title. */
  readonly note: string;
  readonly legend: readonly (readonly [name: string, colour: string])[];
  readonly panels: readonly Panel[];
}

/** What all plots of a sheet have in common; make it once for each sheet. */
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

export function plot(options: Plot.PlotOptions): Drawing {
  return Plot.plot(options) as unknown as Drawing;
}

/** A spot in a person's colour, before the panel's title. */
function personMark(person: number, y: number): string {
  const fill = hexColour(personColour(person));
  return `<circle cx="${MARGIN_LEFT_PX - 12}" cy="${y}" r="5.5" fill="${fill}" stroke="${INK}" stroke-width="0.8"/>`;
}

/** One drawing of all panels, with what the colours say. */
export function drawSheet({ mark, title, note, legend, panels }: Sheet): string {
  let height = TITLE_PX * 2;
  let x = MARGIN_LEFT_PX;
  const entries = legend.map(([name, colour]) => {
    const entry = `<rect x="${x}" y="40" width="11" height="11" fill="${colour}"/><text x="${x + 16}" y="50">${escapeHtml(name)}</text>`;
    x += 16 + 7 * name.length + 22;
    return entry;
  });
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
<rect width="${WIDTH_PX}" height="${height}" fill="${GROUND}"/>
<text x="${MARGIN_LEFT_PX}" y="24" font-size="16">${escapeHtml(title)}</text><text x="${WIDTH_PX - 20}" y="24" text-anchor="end">${escapeHtml(note)}</text>
${entries.join('')}
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

/** The same as PNG, at twice the size. @param wantedBy what needs it, for the error where it cannot be drawn */
export async function rasterize(svg: string, wantedBy: string): Promise<Buffer> {
  const { createCanvas, loadImage } = loadCanvas(wantedBy);
  const image = await loadImage(Buffer.from(svg));
  const canvas = createCanvas(image.width * PNG_SCALE, image.height * PNG_SCALE);
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.encode('png'); // Beside this thread.
}
