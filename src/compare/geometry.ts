import { swapSides, TORSO } from '../model/body.js';
import type { TableLandmark, TablePerson } from '../model/table-frame.js';
import { torsoLengthBySum } from '../model/torso.js';

/** Pixels between two landmarks; undefined if one of them has no position. */
export function distance(a: TableLandmark | undefined, b: TableLandmark | undefined): number | undefined {
  if (a?.xPx === undefined || a.yPx === undefined || b?.xPx === undefined || b.yPx === undefined) return undefined;
  return Math.hypot(a.xPx - b.xPx, a.yPx - b.yPx);
}

/** Pixels from the middle of the shoulders to that of the hips; 0 if they have no position. */
export function torsoOf({ landmarks }: TablePerson): number {
  const isPlaced = (id: number) => landmarks[id]?.xPx !== undefined && landmarks[id]?.yPx !== undefined;
  if (!TORSO.every(isPlaced)) return 0;
  return torsoLengthBySum(id => ({ x: landmarks[id]?.xPx ?? 0, y: landmarks[id]?.yPx ?? 0 }));
}

/**
 * Mean pixels between two people's landmarks, optionally with the second one's sides swapped; Infinity if none can be
 * compared.
 */
export function meanDistance(a: TablePerson, b: TablePerson, swapped = false): number {
  const others = swapped ? swapSides(b.landmarks) : b.landmarks;
  let [sum, count] = [0, 0];
  for (const [id, mark] of a.landmarks.entries()) {
    const off = distance(mark, others[id]);
    if (off === undefined) continue;
    sum += off;
    count++;
  }
  return count === 0 ? Number.POSITIVE_INFINITY : sum / count;
}

/** A person with left and right swapped; a landmark whose counterpart is absent from the table is unchanged. */
export function swapPerson(person: TablePerson): TablePerson {
  const others = swapSides(person.landmarks);
  return { ...person, landmarks: person.landmarks.map((mark, id) => others[id] ?? mark) };
}
