import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { Box } from '../../src/model/person-box.js';
import type { RgbaImage } from '../../src/model/picture.js';

/** Photographs of people with COCO's labels; the project does not ship them. */
const STILLS =
  process.env.BODYSCRIPT_REAL_STILLS ?? fileURLToPath(new URL('../../../shared/real/stills/', import.meta.url));
const LABELS = join(STILLS, 'coco', 'test_coco.json');

export const HAS_REAL_PICTURES = existsSync(LABELS);

interface CocoLabels {
  readonly images: readonly { readonly id: number; readonly file_name: string }[];
  readonly annotations: readonly {
    readonly image_id: number;
    readonly num_keypoints: number;
    readonly bbox: readonly [left: number, top: number, width: number, height: number];
  }[];
}

export interface LabelledPicture {
  readonly name: string;
  readonly image: RgbaImage;
  /** Only people with at least this many labelled keypoints. */
  readonly people: readonly Box[];
}

async function readPicture(path: string): Promise<RgbaImage> {
  const picture = await loadImage(path);
  const { width, height } = picture;
  const context = createCanvas(width, height).getContext('2d');
  context.drawImage(picture, 0, 0);
  return { width, height, data: new Uint8Array(context.getImageData(0, 0, width, height).data) };
}

export async function labelledPictures(leastKeypoints: number): Promise<LabelledPicture[]> {
  const { images, annotations } = JSON.parse(readFileSync(LABELS, 'utf8')) as CocoLabels;
  return Promise.all(
    images.map(async ({ id, file_name: name }) => ({
      name,
      image: await readPicture(join(STILLS, 'coco', name)),
      people: annotations
        .filter(label => label.image_id === id && label.num_keypoints >= leastKeypoints)
        .map(({ bbox: [left, top, width, height] }) => ({ left, top, right: left + width, bottom: top + height })),
    })),
  );
}

export function intersectionOverUnion(a: Box, b: Box): number {
  const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (across <= 0 || down <= 0) return 0;
  const area = (box: Box) => (box.right - box.left) * (box.bottom - box.top);
  return (across * down) / (area(a) + area(b) - across * down);
}
