import type { Picture } from '../model/picture.js';
import type { Pose } from '../model/pose.js';
import type { Region } from '../model/region.js';
import { fromCrop } from '../regions/crop.js';
import { wholePicture } from '../regions/region.js';
import { sampleRegion } from '../regions/sampling.js';
import { mirrorPose } from './mirror.js';
import type { View } from './strategy.js';
import type { Tone } from './tone/pixels.js';

/** Side of the crop that the landmark network reads: sampled once, it is read pixel by pixel. */
const PERSON_SIDE = 256;
/** Sides of a picture for the person detector, which looks at 224 pixels of it; the landmark network at more. */
const LEAST_SEARCH_SIDE = 320;
const MOST_SEARCH_SIDE = 640;

/** How a strategy looks. */
export interface Look {
  /** The square of the frame that is looked at. */
  readonly area: Region;
  /** Whether `area` is a person's own square, or one to search for people. */
  readonly holdsPerson: boolean;
  readonly mirrored?: boolean;
  readonly tone?: Tone | undefined;
}

/** The square to search when nobody is known: the whole frame, on black. */
export function wholeFrame({ width, height }: Picture): Region {
  return wholePicture(width, height);
}

/** Makes the small picture that a look needs: no other pixel of the frame is touched. */
export function makeView(frame: Picture, { area, holdsPerson, mirrored = false, tone }: Look): View {
  const side = holdsPerson
    ? PERSON_SIDE
    : Math.round(Math.min(MOST_SEARCH_SIDE, Math.max(LEAST_SEARCH_SIDE, area.size)));
  const data = new Uint8Array(new SharedArrayBuffer(side * side * 4));
  const image = { width: side, height: side, data };
  // Samples lie on the left edges of their cells: a mirror would shift them by one.
  copySamples(frame, mirrored ? shifted(area, 1 / side) : area, side, holdsPerson, mirrored, data);
  tone?.(image);
  return {
    image,
    region: holdsPerson ? wholePicture(side, side) : undefined,
    toFrame: (pose: Pose) => fromCrop(mirrored ? mirrorPose(pose) : pose, area, frame),
  };
}

/** The square moved along its own x by a part of its side. */
function shifted(area: Region, part: number): Region {
  const distance = part * area.size;
  return {
    ...area,
    x: area.x + distance * Math.cos(area.rotation),
    y: area.y + distance * Math.sin(area.rotation),
  };
}

function copySamples(
  frame: Picture,
  area: Region,
  side: number,
  holdsPerson: boolean,
  mirrored: boolean,
  data: Uint8Array,
): void {
  const plane = side * side;
  const planes = new Float32Array(3 * plane);
  sampleRegion(frame, area, side, holdsPerson ? 'nearest' : 'black', { scale: 1, offset: 0 }, planes);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const from = y * side + x;
      const to = 4 * (y * side + (mirrored ? side - 1 - x : x));
      data[to] = planes[from];
      data[to + 1] = planes[from + plane];
      data[to + 2] = planes[from + 2 * plane];
      data[to + 3] = 255;
    }
  }
}
