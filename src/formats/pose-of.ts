import { confidenceOf, type Pose } from '../model/pose.js';
import type { TableLandmark, TablePerson } from '../model/table-frame.js';

type Landmarks = Pick<TablePerson, 'landmarks'> & Partial<Pick<TablePerson, 'status'>>;

const known = (value: number | undefined): number => value ?? Number.NaN;

/**
 * A landmark without a position is invisible; one without a visibility is visible, and so is a filled one without its
 * own visibility.
 */
function visibilityOf({ status }: Landmarks, { x, visibility }: TableLandmark): number {
  if (x === undefined) return 0;
  return status === 'filled' ? visibility || 1 : (visibility ?? 1);
}

/** How certain a person's landmark is, 0-1: its confidence, or its visibility if the table has none. */
export function sureness(person: Landmarks, mark: TableLandmark): number {
  return mark.x === undefined
    ? 0
    : confidenceOf({ confidence: mark.confidence, visibility: visibilityOf(person, mark) });
}

/** A person of a table as a pose; NaN for absent values. */
export function poseOf(person: Landmarks): Pose {
  return {
    landmarks: person.landmarks.map(mark => ({
      x: known(mark.x),
      y: known(mark.y),
      z: known(mark.z),
      visibility: visibilityOf(person, mark),
      confidence: mark.x === undefined ? undefined : mark.confidence,
    })),
    worldLandmarks: person.landmarks.map(({ worldX, worldY, worldZ }) => ({
      x: known(worldX),
      y: known(worldY),
      z: known(worldZ),
    })),
  };
}
