import type Canvas from '@napi-rs/canvas';
import { FONT_FAMILY, imageOf, loadCanvas, pixelsOf } from '../../draw/load-canvas.js';
import { hexColour, personColour } from '../../model/person-colours.js';
import type { YuvImage } from '../../model/picture.js';
import { visible } from '../../text/visible.js';
import { type Kept, LOW_SCORE, type PictureCandidate } from './picks.js';

/** Content of a contact sheet. */
export interface Sheet {
  /** Name of the video. */
  readonly title: string;
  /** Of each picture, in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  readonly columns: number;
  readonly regular: readonly Kept[];
  /** Seconds between the regular pictures; undefined if they are all frames. */
  readonly step: number | undefined;
  /** Frames with low scores, the lowest first. */
  readonly worst: readonly Kept[];
  /** The lowest score of all frames, low or not; undefined if there are no frames. */
  readonly lowest: Pick<PictureCandidate, 'score' | 'frameId' | 'timestamp'> | undefined;
  /** Reads a picture. Each is read when it is drawn: together they would take megabytes. */
  readonly read: (frame: Kept) => Promise<YuvImage>;
}

const GAP_PX = 8;
const TITLE_PX = 34;
const HEADING_PX = 26;
const LINE_PX = 18;
const [TITLE_FONT_PX, FONT_PX] = [17, 13];
const JPEG_QUALITY = 85;
const GROUND = '#15171b';
const INK = '#e8eaee';
const SOFT = '#aab1bd';
const WARNING = '#ff8a80';
const CUT_OFF = '..';

/** A row of cells, or several, below a heading. */
interface Part {
  readonly heading: string;
  readonly cells: readonly Kept[];
}

/** A grid of pictures with times, frames, scores and people, as JPEG. */
export async function composeSheet(sheet: Sheet): Promise<Buffer> {
  const library = loadCanvas('--contact-sheet');
  const { size, columns, regular, worst } = sheet;
  const parts: Part[] = [
    { heading: regularHeading(sheet), cells: regular },
    { heading: worstHeading(sheet), cells: worst },
  ].filter(({ heading }) => heading !== '');
  const hasSeveral = new Set([...regular, ...worst].flatMap(({ people }) => people)).size > 1;
  const cellHeight = size.height + (hasSeveral ? 2 : 1) * LINE_PX + GAP_PX;
  const rowsOf = ({ cells }: Part) => Math.ceil(cells.length / columns);
  const height = parts.reduce((sum, part) => sum + HEADING_PX + rowsOf(part) * cellHeight, TITLE_PX + GAP_PX);
  const canvas = library.createCanvas(columns * (size.width + GAP_PX) + GAP_PX, height);
  const context = canvas.getContext('2d');
  context.fillStyle = GROUND;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.textBaseline = 'middle';
  write(context, sheet.title, { x: GAP_PX, y: TITLE_PX / 2 + 2, width: canvas.width - 2 * GAP_PX }, TITLE_FONT_PX);
  let top = TITLE_PX;
  for (const part of parts) {
    write(context, part.heading, { x: GAP_PX, y: top + HEADING_PX / 2, width: canvas.width - 2 * GAP_PX });
    top += HEADING_PX;
    for (const [i, frame] of part.cells.entries()) {
      const x = GAP_PX + (i % columns) * (size.width + GAP_PX);
      const y = top + Math.floor(i / columns) * cellHeight;
      context.putImageData(pixelsOf(library, await sheet.read(frame)), x, y); // Without a canvas for each.
      caption(context, frame, { x, y: y + size.height + LINE_PX / 2 + 1, width: size.width }, hasSeveral);
    }
    top += rowsOf(part) * cellHeight;
  }
  return canvas.encode('jpeg', JPEG_QUALITY);
}

function regularHeading({ regular, step }: Sheet): string {
  if (regular.length === 0) return 'no frames';
  if (regular.length === 1) return 'the only frame';
  return step === undefined ? 'every frame' : `one frame every ${seconds(step)}`;
}

/** Three digits are enough for counting. */
const seconds = (value: number): string => `${Number(value.toPrecision(3))} s`;

/** States the lowest score of a video without low scores; nothing if it has no frames. */
function worstHeading({ worst, lowest }: Sheet): string {
  if (worst.length > 0) return `lowest scores, below ${LOW_SCORE}`;
  if (!lowest) return '';
  const { score, timestamp, frameId } = lowest;
  return `no score below ${LOW_SCORE}; the lowest is ${score.toFixed(2)} at ${timestamp.toFixed(2)} s (frame ${frameId})`;
}

interface Place {
  readonly x: number;
  /** Centre of the line. */
  readonly y: number;
  /** Longer texts are cut off. */
  readonly width: number;
}

/** The time and score of a picture, and, if the video has several people, who is in it. */
function caption(context: Canvas.SKRSContext2D, frame: Kept, place: Place, hasSeveral: boolean): void {
  const { frameId, timestamp, score, isMissing, people } = frame;
  const what = isMissing ? 'no person' : `score ${score.toFixed(2)}`;
  const text = `${timestamp.toFixed(2)} s  frame ${frameId}  ${what}`;
  write(context, text, place, FONT_PX, isMissing ? WARNING : SOFT);
  if (!hasSeveral || isMissing) return;
  const y = place.y + LINE_PX;
  let x = place.x + write(context, people.length === 1 ? 'person' : 'people', { ...place, y }, FONT_PX, SOFT);
  for (const id of [...people].sort((a, b) => a - b)) {
    const width = place.x + place.width - x;
    x += write(context, ` ${id}`, { x, y, width }, FONT_PX, hexColour(personColour(id)));
  }
}

/** Writes an untrusted text. @returns its width in pixels */
function write(context: Canvas.SKRSContext2D, text: string, place: Place, font = FONT_PX, colour = INK): number {
  context.font = `${font}px "${FONT_FAMILY}", sans-serif`;
  context.fillStyle = colour;
  const shown = fitted(visible(text), text => context.measureText(text).width <= place.width);
  context.fillText(shown, place.x, place.y);
  return context.measureText(shown).width;
}

/** The end of a text that is too long: that is where names differ. */
function fitted(text: string, fits: (text: string) => boolean): string {
  if (fits(text)) return text;
  const characters = [...text];
  for (let from = 1; from < characters.length; from++) {
    const rest = `${CUT_OFF}${characters.slice(from).join('')}`;
    if (fits(rest)) return rest;
  }
  return '';
}

/** One picture as JPEG. */
export async function encodeJpeg(picture: YuvImage, wantedBy: string): Promise<Buffer> {
  return imageOf(loadCanvas(wantedBy), picture).encode('jpeg', JPEG_QUALITY);
}
