import { FONT_FAMILY, imageOf, loadCanvas } from '../../draw/load-canvas.js';
import type { YuvImage } from '../../model/picture.js';
import type { Kept } from './picks.js';

/** A picture of a sheet, and what stands under it. */
export interface SheetCell {
  readonly picture: YuvImage;
  readonly frame: Kept;
}

export interface SheetPart {
  readonly title: string;
  readonly cells: readonly SheetCell[];
}

const GAP_PX = 8;
const TITLE_PX = 26;
const CAPTION_PX = 20;
const FONT_PX = 13;
const JPEG_QUALITY = 85;
const INK = '#e8eaee';
const SOFT = '#9aa1ad';
const WARNING = '#ff8a80';

/** A grid of pictures with their times and scores, as JPEG. */
export async function composeSheet(parts: readonly SheetPart[], columns: number): Promise<Buffer> {
  const canvasLibrary = loadCanvas('--contact-sheet');
  const first = parts.flatMap(({ cells }) => cells)[0]?.picture ?? { width: 320, height: 240 };
  const [cellWidth, cellHeight] = [first.width + GAP_PX, first.height + CAPTION_PX];
  const rowsOf = (part: SheetPart) => Math.ceil(part.cells.length / columns);
  const height = parts.reduce((sum, part) => sum + TITLE_PX + rowsOf(part) * cellHeight, GAP_PX);
  const canvas = canvasLibrary.createCanvas(columns * cellWidth + GAP_PX, height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#15171b';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.font = `${FONT_PX}px "${FONT_FAMILY}"`;
  context.textBaseline = 'middle';
  let top = 0;
  for (const part of parts) {
    context.fillStyle = INK;
    context.fillText(part.title, GAP_PX, top + TITLE_PX / 2 + 2);
    top += TITLE_PX;
    for (const [i, { picture, frame }] of part.cells.entries()) {
      const [x, y] = [GAP_PX + (i % columns) * cellWidth, top + Math.floor(i / columns) * cellHeight];
      context.drawImage(imageOf(canvasLibrary, picture), x, y);
      context.fillStyle = frame.isMissing ? WARNING : SOFT;
      context.fillText(captionOf(frame), x, y + picture.height + CAPTION_PX / 2);
    }
    top += rowsOf(part) * cellHeight;
  }
  return canvas.encode('jpeg', JPEG_QUALITY);
}

function captionOf({ frameId, timestamp, score, isMissing }: Kept): string {
  return `${timestamp.toFixed(2)} s  #${frameId}  ${isMissing ? 'nobody' : score.toFixed(2)}`;
}

/** One picture as JPEG. */
export async function encodeJpeg(picture: YuvImage, wantedBy: string): Promise<Buffer> {
  return imageOf(loadCanvas(wantedBy), picture).encode('jpeg', JPEG_QUALITY);
}
