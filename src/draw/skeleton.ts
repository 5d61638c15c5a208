import { type BodyPart, type BodySide, CONNECTIONS, sideOf } from '../model/blazepose.js';
import { BODY_GROUPS } from '../model/body.js';
import type { YuvImage } from '../model/picture.js';
import { confidenceOf, type Landmark, type Pose } from '../model/pose.js';
import { type Colour, fillCircle, type Point, strokeLine } from './stroke.js';

/** Warm for the person's left, cool for the right, pale for lines that join them. */
const COLOURS: Readonly<Record<BodySide, Readonly<Record<BodyPart, Colour>>>> = {
  left: { face: [255, 214, 120], torso: [255, 190, 60], arm: [255, 138, 0], leg: [255, 72, 60] },
  right: { face: [150, 205, 255], torso: [60, 215, 220], arm: [0, 165, 255], leg: [80, 105, 255] },
  middle: { face: [235, 235, 235], torso: [235, 235, 235], arm: [235, 235, 235], leg: [235, 235, 235] },
};
/** The colour of the limb that a landmark belongs to. */
export function jointColour(landmarkId: number): Colour {
  const part = CONNECTIONS.find(({ from, to }) => to === landmarkId || from === landmarkId)?.part ?? 'face';
  return COLOURS[sideOf(landmarkId)][part];
}

const OUTLINE: Colour = [16, 16, 16];
const JOINT: Colour = [255, 255, 255];

/** The line's width is the picture's longer side divided by this. */
const LINE_WIDTH_DIVISOR = 240;
const THINNEST_LINE_PX = 2;
/** Relative to the line's width. */
const FACE_LINE_WIDTH = 0.6;
const JOINT_RADIUS = 0.85;
const OUTLINE_WIDTH = 0.5;
const OUTLINE_ALPHA = 0.55;
/** Joints of lower confidence are guesses, all drawn alike: faint enough to look like guesses, and still visible. */
const SURE = 0.5;
const GUESS_ALPHA = 0.25;

/**
 * The width of a limb's line for a picture of this size, in pixels.
 * @param shrink factor by which the picture will be shown smaller, from 1 on
 */
export function lineWidth(width: number, height: number, shrink = 1): number {
  return Math.max(THINNEST_LINE_PX * shrink, Math.max(width, height) / LINE_WIDTH_DIVISOR);
}

/** Far outside the picture nothing is visible, and a network's extreme guess must not cost time. */
function isNear(landmark: Landmark): boolean {
  return landmark.x > -1 && landmark.x < 2 && landmark.y > -1 && landmark.y < 2;
}

/** The joints to draw, with the lines that end in them. */
export interface ShownJoints {
  /** Joints with neither this visibility nor this confidence are left out, 0-1. */
  readonly minVisibility: number;
  /**
   * Joints of lower confidence are left out as well, 0-1: by their confidence, or by their visibility if they have
   * none. 0 by default.
   */
  readonly minConfidence?: number;
  /** Factor by which the picture will be shown smaller, from 1 on: lines keep a visible width. 1 by default. */
  readonly shrink?: number;
}

function isShown(landmark: Landmark, { minVisibility, minConfidence = 0 }: ShownJoints): boolean {
  const { visibility, confidence = 0 } = landmark;
  if (Math.max(visibility, confidence) < minVisibility || confidenceOf(landmark) < minConfidence) return false;
  return isNear(landmark);
}

/** From 0, invisible, to 1: by the joint's confidence, or by its visibility if it has none. */
function opacityOf({ visibility, confidence }: Landmark): number {
  if (confidence === undefined) return visibility;
  return confidence < SURE ? GUESS_ALPHA : confidence;
}

/**
 * Draws one person into the picture, fainter where confidence is lower.
 * @param only one colour for the whole skeleton, to distinguish two of them
 */
export function drawSkeleton(image: YuvImage, pose: Pose, joints: ShownJoints, only?: Colour): void {
  const width = lineWidth(image.width, image.height, joints.shrink);
  const shown = pose.landmarks.map(landmark => isShown(landmark, joints));
  const opacities = pose.landmarks.map(opacityOf);
  // Landmarks are fractions of the picture; a pixel's centre lies half a pixel from its edge.
  const points: Point[] = pose.landmarks.map(({ x, y }) => ({ x: x * image.width - 0.5, y: y * image.height - 0.5 }));
  const lines = CONNECTIONS.filter(({ from, to }) => shown[from] && shown[to]);
  const radiusOf = (part: BodyPart) => (width / 2) * (part === 'face' ? FACE_LINE_WIDTH : 1);
  const opacity = (from: number, to: number) => Math.min(opacities[from]!, opacities[to]!, 1);
  for (const { from, to, part } of lines) {
    const radius = radiusOf(part) + OUTLINE_WIDTH * (width / 2);
    strokeLine(image, points[from]!, points[to]!, radius, OUTLINE, OUTLINE_ALPHA * opacity(from, to));
  }
  for (const { from, to, part, side } of lines) {
    strokeLine(image, points[from]!, points[to]!, radiusOf(part), only ?? COLOURS[side][part], opacity(from, to));
  }
  for (const [id, point] of points.entries()) {
    if (!shown[id]) continue;
    const isFace = BODY_GROUPS.face.includes(id);
    const radius = (width / 2) * JOINT_RADIUS * (isFace ? FACE_LINE_WIDTH : 1.3);
    fillCircle(image, point, radius, isFace ? COLOURS[sideOf(id)].face : JOINT, opacities[id]!);
  }
}
