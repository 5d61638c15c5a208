import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas';
import { CONNECTIONS } from '../../src/model/blazepose.js';
import { CLIPS } from './clips.js';
import type { RgbPicture } from './degrade.js';
import { readClip } from './read-clip.js';
import type { Truth } from './truth.js';

const COLUMNS = 5;
const CELL = { width: 200, height: 150, label: 16 } as const;

/** One picture of the sheet. */
interface SheetEntry {
  readonly name: string;
  readonly picture: RgbPicture;
  /** The truth of this picture's people, drawn as thin skeletons. */
  readonly people: Truth['frames'][number];
}

function asCanvas({ width, height, data }: RgbPicture) {
  const canvas = createCanvas(width, height);
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) rgba.set(data.subarray(i * 3, i * 3 + 3), i * 4);
  canvas.getContext('2d').putImageData(new ImageData(rgba, width, height), 0, 0);
  return canvas;
}

function drawSkeletons(context: SKRSContext2D, people: SheetEntry['people']): void {
  context.lineWidth = 3;
  for (const landmarks of people) {
    for (const { from, to, side } of CONNECTIONS) {
      context.strokeStyle = side === 'left' ? '#ff9d2e' : side === 'right' ? '#35c9ff' : '#7dff6b';
      context.beginPath();
      context.moveTo(landmarks[from]![0], landmarks[from]![1]);
      context.lineTo(landmarks[to]![0], landmarks[to]![1]);
      context.stroke();
    }
  }
}

/** The frame in the middle of a clip. */
async function entryOf(folder: string, name: string): Promise<SheetEntry> {
  const { frames } = JSON.parse(await readFile(join(folder, `${name}.truth.json`), 'utf8')) as Truth;
  const middle = Math.floor(frames.length / 2);
  let picture: RgbPicture | undefined;
  for await (picture of readClip(join(folder, `${name}.mp4`), { every: middle, maxFrames: 2 }));
  if (!picture) throw new RangeError(`${name}: no frames`);
  return { name, picture, people: frames[middle]! };
}

/** A JPEG with the middle frame of every clip in a folder, its truth and its name; undefined while some are absent. */
export async function contactSheet(folder: string): Promise<Buffer | undefined> {
  if (!CLIPS.every(({ name }) => existsSync(join(folder, `${name}.mp4`)))) return undefined;
  const entries: SheetEntry[] = [];
  for (const { name } of CLIPS) entries.push(await entryOf(folder, name));
  return drawSheet(entries);
}

function drawSheet(entries: readonly SheetEntry[]): Buffer {
  const rows = Math.ceil(entries.length / COLUMNS);
  const sheet = createCanvas(COLUMNS * CELL.width, rows * (CELL.height + CELL.label));
  const context = sheet.getContext('2d');
  context.fillStyle = '#16181c';
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.font = '12px sans-serif';
  for (const [i, { name, picture, people }] of entries.entries()) {
    const canvas = asCanvas(picture);
    drawSkeletons(canvas.getContext('2d'), people);
    const x = (i % COLUMNS) * CELL.width;
    const y = Math.floor(i / COLUMNS) * (CELL.height + CELL.label);
    const scale = Math.min(CELL.width / picture.width, CELL.height / picture.height);
    const [width, height] = [picture.width * scale, picture.height * scale];
    context.drawImage(canvas, x + (CELL.width - width) / 2, y + (CELL.height - height) / 2, width, height);
    context.fillStyle = '#e8e8e8';
    context.fillText(name, x + 4, y + CELL.height + 12);
  }
  return sheet.toBuffer('image/jpeg', 82);
}
