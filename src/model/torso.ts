import { LANDMARK_IDS, TORSO } from './body.js';

/**
 * Lengths and midpoints of the torso, the unit for distances on a body. Functions that measure the same thing round
 * differently: scores, identities and tolerances depend on every bit, so do not replace one with another.
 */

/** A point in the picture, in any unit: results have the same unit. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Position of a landmark, by id. A landmark without a position is NaN, and so are measurements that use it. */
export type PlaceOf = (landmarkId: number) => Place;

/** A point in space, in metres. */
interface SpacePlace extends Place {
  readonly z: number;
}

function middleOf(a: Place, b: Place): Place {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

/** The midpoint of the hips. */
export function middleOfHips(at: PlaceOf): Place {
  return middleOf(at(LANDMARK_IDS.left_hip), at(LANDMARK_IDS.right_hip));
}

/** The midpoint of the shoulders. */
export function middleOfShoulders(at: PlaceOf): Place {
  return middleOf(at(LANDMARK_IDS.left_shoulder), at(LANDMARK_IDS.right_shoulder));
}

/**
 * From the midpoint of the shoulders to that of the hips, as seen in the picture: shorter for a person who leans
 * towards the camera.
 * @param yScale scales y to the unit of x: height over width of the picture if both are fractions of it
 */
export function torsoLength(at: PlaceOf, yScale = 1): number {
  const [shoulders, hips] = [middleOfShoulders(at), middleOfHips(at)];
  return Math.hypot(shoulders.x - hips.x, (shoulders.y - hips.y) * yScale);
}

/**
 * As `torsoLength`, from one sum over the four corners, which rounds differently.
 * @param xScale scales x to the unit of y: width over height of the picture if both are fractions of it
 */
export function torsoLengthBySum(at: PlaceOf, xScale = 1): number {
  const [a, b, c, d] = TORSO.map(at);
  return Math.hypot(((a!.x + b!.x - c!.x - d!.x) / 2) * xScale, (a!.y + b!.y - c!.y - d!.y) / 2);
}

/**
 * From the midpoint of the shoulders to that of the hips in space: the torso's true length.
 * @param world landmarks in metres, by id
 */
export function torsoLengthInSpace(world: readonly SpacePlace[]): number {
  const middle = (left: SpacePlace, right: SpacePlace) => ({ ...middleOf(left, right), z: (left.z + right.z) / 2 });
  const shoulders = middle(world[LANDMARK_IDS.left_shoulder]!, world[LANDMARK_IDS.right_shoulder]!);
  const hips = middle(world[LANDMARK_IDS.left_hip]!, world[LANDMARK_IDS.right_hip]!);
  return Math.hypot(shoulders.x - hips.x, shoulders.y - hips.y, shoulders.z - hips.z);
}

/** The mean of the torso's four corners. */
export function torsoCentre(at: PlaceOf): Place {
  let [x, y] = [0, 0];
  for (const id of TORSO) {
    const place = at(id);
    x += place.x / TORSO.length;
    y += place.y / TORSO.length;
  }
  return { x, y };
}
