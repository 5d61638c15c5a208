import type { PlaneTurn } from '../model/quality.js';
import type { TablePerson } from '../model/table-frame.js';
import { PLANE_LIMIT } from './angle-plane.js';
import { ANGLE_NAMES, planesOf } from './angles.js';

const RIGHT_ANGLE = 90;

/** Angles between the planes of joint angles and the picture plane, over poses, in constant memory. */
export class PlaneSums {
  /** Number of poses by whole degrees, for each angle. */
  readonly #degrees = ANGLE_NAMES.map(() => new Uint32Array(RIGHT_ANGLE + 1));
  readonly #beyond = ANGLE_NAMES.map(() => 0);

  add({ landmarks }: Pick<TablePerson, 'landmarks'>): void {
    const world = landmarks.map(({ worldX = Number.NaN, worldY = Number.NaN, worldZ = Number.NaN }) => ({
      x: worldX,
      y: worldY,
      z: worldZ,
    }));
    for (const [i, degrees] of planesOf(world).entries()) {
      if (degrees === undefined) continue;
      this.#degrees[i]![Math.round(degrees)]!++;
      if (degrees > PLANE_LIMIT) this.#beyond[i]!++;
    }
  }

  /** By the name of the angle; those of segments, which are lines, are left out. */
  get turns(): Record<string, PlaneTurn> {
    const turns = ANGLE_NAMES.map((name, i): [string, PlaneTurn] => {
      const degrees = this.#degrees[i]!;
      const poses = degrees.reduce((sum, count) => sum + count, 0);
      const beyondLimit = poses === 0 ? 0 : this.#beyond[i]! / poses;
      return [name, { medianDegrees: medianIn(degrees, poses), beyondLimit }];
    });
    return Object.fromEntries(turns.filter(([name]) => !name.endsWith('_segment')));
  }
}

function medianIn(counts: Uint32Array, total: number): number | null {
  let sum = 0;
  for (const [degrees, count] of counts.entries()) {
    sum += count;
    if (count > 0 && 2 * sum >= total) return degrees;
  }
  return null;
}
