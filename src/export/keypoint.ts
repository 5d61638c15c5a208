import { LANDMARK_NAMES, type LandmarkName } from '../model/blazepose.js';
import type { TableLandmark, TablePerson } from '../tables/landmark-frame.js';

const ID = new Map(LANDMARK_NAMES.map((name, id) => [name, id]));
const markOf = ({ landmarks }: TablePerson, name: LandmarkName): TableLandmark | undefined =>
  landmarks[ID.get(name) as number];
/** Pixels to a thousandth. */
export const rounded = (value: number) => Number(value.toFixed(3));

/** A keypoint in pixels, in the middle of some landmarks; zeros where one of them is not known. */
export function point(person: TablePerson, names: readonly LandmarkName[]): [x: number, y: number, confidence: number] {
  const marks = names.map(name => markOf(person, name));
  if (marks.length === 0 || marks.some(mark => mark?.xPx === undefined || mark.yPx === undefined)) return [0, 0, 0];
  const mean = (of: (mark: TableLandmark | undefined) => number) =>
    marks.reduce((sum, mark) => sum + of(mark), 0) / marks.length;
  const confidence = Math.min(...marks.map(mark => mark?.visibility ?? 0));
  return [rounded(mean(mark => mark?.xPx ?? 0)), rounded(mean(mark => mark?.yPx ?? 0)), confidence];
}
