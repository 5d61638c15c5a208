import { normalize, type Vec3 } from '../math/vector.js';
import type { Scene } from './scene.js';
import { Ball, Box, Cylinder, Plane, type Solid } from './solid.js';
import { bricks, plaster, rubber, wood } from './textures.js';

const BACK = -3.4;

/** Wall bars between two posts. */
function wallBars(x: number): Solid[] {
  const ash = wood([0.5, 0.34, 0.17], 'x');
  const posts = [-0.45, 0.45].map(side => new Box([x + side, 1.25, BACK + 0.06], [0.06, 2.5, 0.1], ash));
  const bars = Array.from(
    { length: 11 },
    (_, i) => new Box([x, 0.2 + i * 0.21, BACK + 0.09], [0.9, 0.035, 0.035], ash),
  );
  return [...posts, ...bars];
}

/** A concrete pillar that hides people who walk behind it. */
export const pillar = (x: number, z: number): Solid =>
  new Cylinder([x, 0, z], 0.2, 3.4, plaster([0.46, 0.45, 0.43], 0.35));

/** A treadmill that runs towards +x: belt, two posts in front of the walker and their crossbars. */
export function treadmill(): Solid[] {
  const grey = plaster([0.3, 0.31, 0.33], 0.1);
  const posts = [-0.4, 0.4].map(z => new Cylinder([-0.85, 0, z], 0.035, 1.1, grey));
  const frame = [-0.4, 0.4].map(z => new Box([0, 0.02, z], [1.9, 0.04, 0.1], grey));
  const belt = new Box([0, 0.001, 0], [1.8, 0.006, 0.7], rubber([0.05, 0.05, 0.06]));
  return [belt, ...frame, ...posts, new Box([-0.88, 1.12, 0], [0.08, 0.22, 0.86], grey)];
}

/** A gym: brick wall, rubber floor, wall bars, a box and two balls. */
export function gym(more: readonly Solid[] = []): Scene {
  const walls = [
    new Plane([0, 0, 0], [0, 1, 0], rubber([0.14, 0.15, 0.17])),
    new Plane([0, 0, BACK], [0, 0, 1], bricks([0.46, 0.25, 0.17], [0.5, 0.47, 0.43])),
    new Plane([-9, 0, 0], [1, 0, 0], plaster([0.56, 0.58, 0.58], 0.15)),
    new Plane([9, 0, 0], [-1, 0, 0], plaster([0.56, 0.58, 0.58], 0.15)),
    new Plane([0, 3.4, 0], [0, -1, 0], plaster([0.6, 0.6, 0.6], 0)),
  ];
  const oak = wood([0.42, 0.28, 0.14], 'x');
  const things = [
    ...wallBars(-1.9),
    ...wallBars(-0.9),
    new Box([2.3, 0.3, -2.7], [1.1, 0.6, 0.6], oak),
    new Ball([1.2, 0.3, -2.9], 0.3, 1, [0.1, 0.25, 0.5]),
    new Ball([3.2, 0.25, -2.2], 0.25, 1, [0.55, 0.12, 0.1]),
  ];
  const lamps: Vec3 = [1.35, 1.38, 1.4];
  return {
    solids: [...walls, ...things, ...more],
    light: {
      towardsSun: normalize([-0.35, 1.1, 0.7]),
      sun: lamps,
      sky: [0.66, 0.68, 0.72],
      bounce: [0.14, 0.15, 0.17],
    },
  };
}
