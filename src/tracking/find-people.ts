import type { PoseEngine } from '../engine/pose-engine.js';
import { LANDMARK_COUNT } from '../model/blazepose.js';
import type { PersonBox } from '../model/person-box.js';
import type { Picture } from '../model/picture.js';
import type { Pose } from '../model/pose.js';
import type { Region } from '../model/region.js';
import { regionOfPose } from '../regions/person.js';
import { makeView } from '../strategies/view.js';
import { seenWeight } from './seen.js';

/** Ratio of the searched square's side to the person's box. */
const AROUND = 1.25;
/**
 * A box with at least this ratio of height to width holds a whole body, with the hips at its centre. Otherwise they are
 * at its lower edge.
 */
const WHOLE_BODY = 1.3;
/** Reach from the middle of the body, over half the box's height: arms above the head. */
const REACH = 1.15;
/** A landmark may lie this far outside its person's box, in fractions of the box. */
const MARGIN = 0.1;

/** The square around a box. */
function squareAround({ left, top, right, bottom }: PersonBox): Region {
  const size = AROUND * Math.max(right - left, bottom - top);
  return { x: (left + right) / 2, y: (top + bottom) / 2, size, rotation: 0 };
}

/** Where the body in a box may be while no pose is known: whole bodies, and those visible down to the hips. */
export function guessedRegions({ left, top, right, bottom }: PersonBox): Region[] {
  const [width, height] = [right - left, bottom - top];
  const x = (left + right) / 2;
  const whole = { x, y: (top + bottom) / 2, size: height * REACH * 1.25, rotation: 0 };
  const half = { x, y: bottom, size: 2 * height * 1.25, rotation: 0 };
  return height > WHOLE_BODY * width ? [whole, half] : [half, whole];
}

/** The share of a pose's visible landmarks inside a box, 0-1. @param width of the picture in pixels */
export function boxFit({ landmarks }: Pose, box: PersonBox, width: number, height: number): number {
  const [x, y] = [MARGIN * (box.right - box.left), MARGIN * (box.bottom - box.top)];
  let [inside, total] = [0, 0];
  for (let id = 0; id < LANDMARK_COUNT; id++) {
    const weight = seenWeight(landmarks[id]!);
    const [px, py] = [landmarks[id]!.x * width, landmarks[id]!.y * height];
    if (px >= box.left - x && px <= box.right + x && py >= box.top - y && py <= box.bottom + y) inside += weight;
    total += weight;
  }
  return total > 0 ? inside / total : 0;
}

/** The share of a box that the landmarks of a pose span, 0-1. */
export function boxCover({ landmarks }: Pose, box: PersonBox, width: number, height: number): number {
  const seen = landmarks.filter(landmark => seenWeight(landmark) > 0.1);
  if (seen.length === 0) return 0;
  const span = (values: number[], low: number, high: number) =>
    Math.max(0, Math.min(high, Math.max(...values)) - Math.max(low, Math.min(...values))) / Math.max(1, high - low);
  return (
    span(
      seen.map(({ x }) => x * width),
      box.left,
      box.right,
    ) *
    span(
      seen.map(({ y }) => y * height),
      box.top,
      box.bottom,
    )
  );
}

/** Boxes that match none of the given poses; each pose takes its best match. */
export function boxesWithout(
  poses: readonly Pose[],
  boxes: readonly PersonBox[],
  width: number,
  height: number,
): PersonBox[] {
  const free = new Set(boxes);
  for (const pose of poses) {
    const own = [...free]
      .map(box => ({ box, fit: boxFit(pose, box, width, height) * boxCover(pose, box, width, height) }))
      .filter(({ box, fit }) => fit > 0 && boxFit(pose, box, width, height) >= 0.5)
      .sort((a, b) => b.fit - a.fit)[0];
    if (own) free.delete(own.box);
  }
  return [...free];
}

/**
 * Searches the box of a person for their pose: first BlazePose's own detector; if it finds no person, the likely
 * positions of a body.
 * @param refine whether the refining network is used, if available
 * @param mayGuess called before each retry
 */
export async function poseInBox(
  engine: PoseEngine,
  image: Picture,
  box: PersonBox,
  refine: boolean,
  mayGuess: () => boolean,
): Promise<Pose | undefined> {
  const { width, height } = image;
  const view = makeView(image, { area: squareAround(box), holdsPerson: false });
  const found = (await engine.detect(view.image, { most: 2 }))
    .map(view.toFrame)
    .map(pose => ({ pose, fit: boxFit(pose, box, width, height) * boxCover(pose, box, width, height) }))
    .sort((a, b) => b.fit - a.fit)[0]?.pose;
  if (found && !refine) return found;
  const regions = found ? [found.next ?? regionOfPose(found, width, height)] : guessedRegions(box);
  for (const [i, region] of regions.entries()) {
    if (i > 0 && !mayGuess()) break;
    const [pose] = await engine.detect(image, { region, refine });
    if (pose && boxFit(pose, box, width, height) >= 0.5) return pose;
  }
  return found;
}
