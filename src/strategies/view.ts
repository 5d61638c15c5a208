import type { Picture } from '../model/picture.js';
import type { Pose } from '../model/pose.js';
import type { Region } from '../model/region.js';
import { cropRegion, fromCrop, searchSide } from '../regions/crop.js';
import { wholePicture } from '../regions/region.js';
import { mirrorPose } from './mirror.js';
import type { View } from './strategy.js';
import type { Tone } from './tone/pixels.js';

/** Side of the crop that the landmark network reads: it is sampled once and then read pixel by pixel. */
const PERSON_SIDE = 256;

/** How a strategy makes its view of a frame. */
export interface ViewOptions {
  /** The square of the frame to show. */
  readonly area: Region;
  /** Whether `area` is a person's own square, rather than one in which to search for people. */
  readonly holdsPerson: boolean;
  readonly mirrored?: boolean;
  /** Whether each pixel is the mean of several samples. */
  readonly averaged?: boolean;
  readonly tone?: Tone | undefined;
}

/** The square to search if no person is known: the whole frame, on black. */
export function wholeFrame({ width, height }: Picture): Region {
  return wholePicture(width, height);
}

/** Makes the small picture that an attempt needs: it reads no other pixels of the frame. */
export function makeView(
  frame: Picture,
  { area, holdsPerson, mirrored = false, averaged = false, tone }: ViewOptions,
): View {
  const side = holdsPerson ? PERSON_SIDE : searchSide(area.size);
  const image = cropRegion(frame, area, { side, border: holdsPerson ? 'nearest' : 'black', mirrored, averaged });
  tone?.(image);
  return {
    image,
    region: holdsPerson ? wholePicture(side, side) : undefined,
    toFrame: (pose: Pose) => fromCrop(mirrored ? mirrorPose(pose, side) : pose, area, side, frame),
  };
}
