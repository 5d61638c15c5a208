import { pairOf } from '../model/body.js';
import { planeLayout, type YuvImage } from '../model/picture.js';
import type { Landmark, Pose } from '../model/pose.js';

/** Clothes of a person: luma, Cb and Cr of the trunk and of the thighs, 0-255 each. */
export type Appearance = readonly number[];

/** Light changes luma more than chroma. */
const LUMA_SHARE = 0.5;
const ACROSS = [0.3, 0.5, 0.7] as const;
const ALONG = [0.2, 0.4, 0.6, 0.8] as const;
/** Clothes with this colour difference are distinct beyond doubt, and count as much as this many torso lengths. */
export const OTHER_APPEARANCE = 25;
const WORTH_OF_APPEARANCE = 1;
/** A person this far from their own appearance, and this much nearer to another one's, is the other one. */
export const STRANGE_APPEARANCE = 15;
const NEARER_APPEARANCE = 0.6;
const [SHOULDERS, HIPS, KNEES] = [pairOf('shoulder'), pairOf('hip'), pairOf('knee')];

/** The colours of a person's clothes; undefined if too little of them is in the picture. */
export function appearanceOf(image: YuvImage, { landmarks }: Pose): Appearance | undefined {
  const trunk = meanColour(image, landmarks, ...SHOULDERS, ...HIPS);
  const thighs = meanColour(image, landmarks, ...HIPS, ...KNEES);
  return trunk && thighs ? [...trunk, ...thighs] : undefined;
}

/** The difference of two people's clothes: mean distance of their colours. */
export function appearanceDistance(a: Appearance, b: Appearance): number {
  const part = (at: number) => {
    const [luma, blue, red] = [0, 1, 2].map(i => a[at + i]! - b[at + i]!) as [number, number, number];
    return Math.hypot(luma * LUMA_SHARE, blue, red);
  };
  return (part(0) + part(3)) / 2;
}

export function areUnlike(a: Appearance, b: Appearance): boolean {
  return appearanceDistance(a, b) > STRANGE_APPEARANCE;
}

/** Whether a person wears another one's clothes instead of their own. */
export function wearsOthers(own: Appearance | undefined, others: Appearance | undefined, worn: Appearance): boolean {
  if (!others) return false;
  const distance = own ? appearanceDistance(own, worn) : OTHER_APPEARANCE;
  return distance > STRANGE_APPEARANCE && appearanceDistance(others, worn) < NEARER_APPEARANCE * distance;
}

/** The cost that clothes add to a match, in torso lengths; 0 if they are unknown. */
export function costOfAppearance(known: Appearance | undefined, appearance: Appearance | undefined): number {
  if (!known || !appearance) return 0;
  return WORTH_OF_APPEARANCE * Math.min(1, appearanceDistance(known, appearance) / OTHER_APPEARANCE);
}

/** The mean over some places between four joints. */
function meanColour(
  image: YuvImage,
  landmarks: readonly Landmark[],
  ...[a, b, c, d]: readonly [number, number, number, number]
): number[] | undefined {
  const [p, q, r, s] = [landmarks[a], landmarks[b], landmarks[c], landmarks[d]];
  if (!p || !q || !r || !s) return undefined;
  const sum = [0, 0, 0];
  let count = 0;
  for (const u of ACROSS) {
    for (const v of ALONG) {
      const mix = (of: (mark: Landmark) => number) =>
        (1 - v) * ((1 - u) * of(p) + u * of(q)) + v * ((1 - u) * of(r) + u * of(s));
      const colour = colourAt(image, mix(({ x }) => x) * image.width, mix(({ y }) => y) * image.height);
      if (!colour) continue;
      for (const [i, value] of colour.entries()) sum[i] = sum[i]! + value;
      count++;
    }
  }
  return 2 * count < ACROSS.length * ALONG.length ? undefined : sum.map(value => value / count);
}

function colourAt({ width, height, data }: YuvImage, x: number, y: number): number[] | undefined {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  if (!(column >= 0 && column < width && row >= 0 && row < height)) return undefined;
  const { chromaWidth, cb, cr } = planeLayout(width, height);
  const chroma = (row >> 1) * chromaWidth + (column >> 1);
  return [data[row * width + column]!, data[cb + chroma]!, data[cr + chroma]!];
}
