import { type BoneName, onBone } from '../figure/skeleton.js';
import type { Figure } from '../march/figure-field.js';
import { scale, type Vec3 } from '../math/vector.js';

type Spot = readonly [bone: BoneName, at: Vec3, radius: number];

/** Balls that represent the body near the floor, radii in metres. */
const SPOTS: readonly Spot[] = [
  ...(['L', 'R'] as const).flatMap((side): Spot[] => [
    [`foot${side}`, [0, -0.05, 0.08], 0.07],
    [`foot${side}`, [0, -0.04, -0.03], 0.065],
    [`shin${side}`, [0, -0.2, 0], 0.07],
    [`hand${side}`, [0, -0.08, 0], 0.05],
  ]),
  ['pelvis', [0, 0, 0], 0.18],
  ['chest', [0, 0, 0], 0.2],
  ['head', [0, 0.1, 0], 0.11],
];

/** The soft shadow of skylight under people: balls above a floor (Inigo Quilez, "sphere ambient occlusion"). */
export class FloorShade {
  readonly #balls: readonly (readonly [x: number, y: number, z: number, radius: number])[];

  constructor(figures: readonly Figure[]) {
    this.#balls = figures.flatMap(({ skeleton, person: { build } }) =>
      SPOTS.map(
        ([bone, at, radius]) => [...onBone(skeleton, bone, scale(at, build.height)), radius * build.height] as const,
      ),
    );
  }

  /** The share of the sky visible from a point of the floor, 0-1. */
  openness(x: number, z: number): number {
    let open = 1;
    for (const ball of this.#balls) {
      const by = ball[1];
      const radius = ball[3];
      const dx = ball[0] - x;
      const dz = ball[2] - z;
      const square = dx * dx + by * by + dz * dz;
      if (square > radius * radius * 60) continue;
      const hidden = (radius * radius * Math.max(0, by + 0.02)) / (square * Math.sqrt(square));
      open *= 1 - 0.9 * Math.min(1, hidden * 0.9);
    }
    return open;
  }
}
