import { LANDMARK_NAMES } from '../model/blazepose.js';
import type { TableLandmark, TablePerson } from '../model/table-frame.js';

/** For each landmark the one of the other side; the nose is its own. */
export const OTHER_SIDE: readonly number[] = LANDMARK_NAMES.map(name => {
  const other = name.startsWith('left_') ? name.replace('left_', 'right_') : name.replace('right_', 'left_');
  const mouth = name === 'mouth_left' ? 'mouth_right' : name === 'mouth_right' ? 'mouth_left' : other;
  return Math.max(0, (LANDMARK_NAMES as readonly string[]).indexOf(mouth));
});

const SHOULDERS = [11, 12] as const;
const HIPS = [23, 24] as const;

/** Pixels between two landmarks; undefined where one of them has no place. */
export function distance(a: TableLandmark | undefined, b: TableLandmark | undefined): number | undefined {
  if (a?.xPx === undefined || a.yPx === undefined || b?.xPx === undefined || b.yPx === undefined) return undefined;
  return Math.hypot(a.xPx - b.xPx, a.yPx - b.yPx);
}

/** Pixels from the middle of the shoulders to that of the hips; 0 where they have no place. */
export function torsoOf({ landmarks }: TablePerson): number {
  const [a, b, c, d] = [...SHOULDERS, ...HIPS].map(id => landmarks[id]);
  if ([a, b, c, d].some(mark => mark?.xPx === undefined || mark.yPx === undefined)) return 0;
  const x = (a?.xPx ?? 0) + (b?.xPx ?? 0) - (c?.xPx ?? 0) - (d?.xPx ?? 0);
  const y = (a?.yPx ?? 0) + (b?.yPx ?? 0) - (c?.yPx ?? 0) - (d?.yPx ?? 0);
  return Math.hypot(x, y) / 2;
}

/** Mean pixels between two people's landmarks, those of the second taken from the other side if asked; Infinity where none can be compared. */
export function meanDistance(a: TablePerson, b: TablePerson, exchanged = false): number {
  let [sum, count] = [0, 0];
  for (const [id, mark] of a.landmarks.entries()) {
    const off = distance(mark, b.landmarks[exchanged ? (OTHER_SIDE[id] ?? id) : id]);
    if (off === undefined) continue;
    sum += off;
    count++;
  }
  return count === 0 ? Number.POSITIVE_INFINITY : sum / count;
}

/** A person with left and right exchanged. */
export function exchanged(person: TablePerson): TablePerson {
  return { ...person, landmarks: person.landmarks.map((mark, id) => person.landmarks[OTHER_SIDE[id] ?? id] ?? mark) };
}
