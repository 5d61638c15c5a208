import { normalize } from '../math/vector.js';
import type { Scene } from './scene.js';
import { Ball, Box, Cylinder, Plane, type Solid } from './solid.js';
import { lawn, leaves, sky, wood } from './textures.js';

function tree(x: number, z: number, size: number): Solid[] {
  const crown = leaves([0.09, 0.24, 0.05]);
  return [
    new Cylinder([x, 0, z], 0.16 * size, 2 * size, wood([0.16, 0.11, 0.07], 'y')),
    new Ball([x, 3 * size, z], 1.2 * size, 1.1, crown),
    new Ball([x + 0.8 * size, 2.6 * size, z + 0.3], 0.8 * size, 1, crown),
    new Ball([x - 0.7 * size, 2.7 * size, z - 0.2], 0.85 * size, 1, crown),
  ];
}

function fence(z: number): Solid[] {
  const pale = wood([0.36, 0.27, 0.19], 'y');
  return Array.from({ length: 40 }, (_, i) => new Box([-14 + i * 0.72, 0.55, z], [0.5, 1.1, 0.04], pale, false));
}

/** A garden on a bright day: grass with a path, trees, a hedge and a fence. */
export function garden(more: readonly Solid[] = []): Scene {
  const things = [
    new Plane([0, 0, 0], [0, 1, 0], lawn(-0.6, 0.6)),
    new Plane([0, 0, -60], [0, 0, 1], sky),
    new Ball([-30, -9, -50], 18, 0.9, leaves([0.13, 0.24, 0.09]), false),
    new Ball([26, -12, -52], 22, 0.8, leaves([0.12, 0.22, 0.1]), false),
    ...tree(-4.2, -7, 1),
    ...tree(5.6, -10, 1.3),
    new Box([7.5, 0.7, -8], [7, 1.4, 0.8], leaves([0.08, 0.2, 0.05])),
    ...fence(-15),
  ];
  return {
    solids: [...things, ...more],
    light: {
      towardsSun: normalize([-0.6, 0.85, 0.55]),
      sun: [1.9, 1.75, 1.45],
      sky: [0.5, 0.6, 0.78],
      bounce: [0.13, 0.22, 0.06],
    },
  };
}
