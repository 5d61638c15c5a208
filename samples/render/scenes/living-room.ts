import { normalize, type Vec3 } from '../math/vector.js';
import type { Light, Scene } from './scene.js';
import { Ball, Box, Cylinder, Plane, type Solid } from './solid.js';
import { boards, cloth, leaves, plaster, poster, windowPane, wood } from './textures.js';

const BACK = -2.6;

const WALLS: readonly Solid[] = [
  new Plane([0, 0, 0], [0, 1, 0], boards([0.42, 0.27, 0.15])),
  new Plane([0, 0, BACK], [0, 0, 1], plaster([0.55, 0.56, 0.5], 0.1)),
  new Plane([-3.6, 0, 0], [1, 0, 0], plaster([0.5, 0.5, 0.47], 0.1)),
  new Plane([3.6, 0, 0], [-1, 0, 0], plaster([0.5, 0.5, 0.47], 0.1)),
  new Plane([0, 2.9, 0], [0, -1, 0], plaster([0.7, 0.7, 0.68], 0)),
];

const picture = (left: number, bottom: number, width: number, height: number, kind: number): Solid =>
  new Box(
    [left + width / 2, bottom + height / 2, BACK + 0.015],
    [width, height, 0.03],
    poster(left, bottom, width, height, kind),
    false,
  );

const windowAt = (left: number, bottom: number, width: number, height: number, brightness: number): Solid =>
  new Box(
    [left + width / 2, bottom + height / 2, BACK + 0.02],
    [width, height, 0.04],
    windowPane(left, bottom, width, height, brightness),
    false,
  );

/** A freestanding sofa, by the middle of its front edge on the floor. */
export function sofa([x, , z]: Vec3, colour: Vec3, width = 1.9): Solid[] {
  const fabric = cloth(colour);
  const arm = 0.93 + (width - 1.9) / 2;
  return [
    new Box([x, 0.22, z - 0.4], [width, 0.36, 0.8], fabric),
    new Box([x, 0.5, z - 0.72], [width, 0.55, 0.22], fabric),
    new Box([x - arm, 0.33, z - 0.4], [0.2, 0.6, 0.84], fabric),
    new Box([x + arm, 0.33, z - 0.4], [0.2, 0.6, 0.84], fabric),
  ];
}

function shelf(x: number): Solid[] {
  const oak = wood([0.35, 0.2, 0.1], 'y');
  const boardsOf = [0.03, 0.5, 0.95, 1.4, 1.85].map(y => new Box([x, y, BACK + 0.17], [0.9, 0.035, 0.32], oak));
  const sides = [-0.45, 0.45].map(side => new Box([x + side, 0.93, BACK + 0.17], [0.035, 1.87, 0.32], oak));
  const books = [0.2, 0.66, 1.11, 1.56].flatMap((y, row) =>
    [-0.32, -0.2, -0.05, 0.12, 0.26].map(
      (at, i) =>
        new Box(
          [x + at, y + 0.03 * ((i + row) % 3), BACK + 0.15],
          [0.07 + 0.03 * ((i * 7 + row) % 2), 0.3, 0.2],
          [
            0.15 + 0.4 * (((i + row * 3) % 4) / 4),
            0.12 + 0.25 * (((i * 3 + row) % 5) / 5),
            0.1 + 0.4 * (((i * 2 + row) % 3) / 3),
          ],
        ),
    ),
  );
  return [...boardsOf, ...sides, ...books];
}

function plant(x: number, z: number): Solid[] {
  const leaf = leaves([0.1, 0.3, 0.08]);
  return [
    new Cylinder([x, 0, z], 0.17, 0.34, [0.5, 0.24, 0.14]),
    new Cylinder([x, 0.3, z], 0.02, 0.5, [0.2, 0.13, 0.07]),
    new Ball([x, 0.95, z], 0.27, 1.3, leaf),
    new Ball([x + 0.14, 0.75, z + 0.06], 0.18, 1.1, leaf),
  ];
}

/** A chair without arms, by the middle of the front edge of its seat. It faces +z. */
export function chair([x, seat, z]: Vec3): Solid[] {
  const oak = wood([0.3, 0.17, 0.08], 'y');
  const legs = [-0.19, 0.19].flatMap(dx =>
    [-0.02, -0.4].map(dz => new Cylinder([x + dx, 0, z + dz], 0.022, seat - 0.03, oak)),
  );
  return [
    new Box([x, seat - 0.02, z - 0.21], [0.44, 0.04, 0.44], oak),
    new Box([x, seat + 0.32, z - 0.42], [0.44, 0.3, 0.03], oak),
    new Box([x - 0.19, seat + 0.2, z - 0.42], [0.035, 0.42, 0.03], oak),
    new Box([x + 0.19, seat + 0.2, z - 0.42], [0.035, 0.42, 0.03], oak),
    ...legs,
  ];
}

/**
 * A desk whose front and sides reach down to the floor, by the middle of its front edge on the floor. A person who sits
 * at it faces +z.
 */
export function desk([x, , z]: Vec3, height: number): Solid[] {
  const beech = wood([0.46, 0.31, 0.17], 'x');
  return [
    new Box([x, height - 0.015, z - 0.31], [1.5, 0.03, 0.66], beech),
    new Box([x, height / 2 - 0.02, z - 0.04], [1.4, height - 0.04, 0.02], beech),
    new Box([x - 0.69, height / 2 - 0.02, z - 0.31], [0.03, height - 0.04, 0.56], beech),
    new Box([x + 0.69, height / 2 - 0.02, z - 0.31], [0.03, height - 0.04, 0.56], beech),
  ];
}

const DAYLIGHT: Light = {
  towardsSun: normalize([0.45, 0.95, 0.75]),
  sun: [1.55, 1.45, 1.3],
  sky: [0.62, 0.66, 0.74],
  bounce: [0.42, 0.27, 0.15],
};

/** A lamp under the ceiling, the only light. */
const LAMPLIGHT: Light = {
  towardsSun: normalize([-0.5, 1.1, 0.55]),
  sun: [0.95, 0.66, 0.36],
  sky: [0.24, 0.19, 0.14],
  bounce: [0.42, 0.27, 0.15],
};

function furnished(windowBrightness: number, light: Light, more: readonly Solid[]): Scene {
  const furniture = [
    windowAt(-2.7, 0.95, 1.4, 1.3, windowBrightness),
    picture(1.0, 1.3, 0.7, 0.8, 1),
    picture(1.95, 1.45, 0.5, 0.55, 2),
    ...shelf(-0.65),
    ...plant(2.55, -2.1),
  ];
  return { solids: [...WALLS, ...furniture, ...more], light };
}

/** A living room with a window, pictures, a shelf and a plant; `more` is added to it. */
export function livingRoom(more: readonly Solid[] = []): Scene {
  return furnished(1.1, DAYLIGHT, more);
}

/** The same room in the evening: warm lamplight, and dusk outside. */
export function eveningRoom(more: readonly Solid[] = []): Scene {
  return furnished(0.06, LAMPLIGHT, more);
}

/** The same room with one wide window through which all light comes towards the camera. */
export function backlitRoom(): Scene {
  return {
    solids: [...WALLS, windowAt(-1.9, 0.35, 3.8, 2.3, 3.4)],
    light: {
      towardsSun: normalize([0.25, 0.75, -0.9]),
      sun: [1.6, 1.5, 1.35],
      sky: [0.1, 0.105, 0.12],
      bounce: [0.2, 0.13, 0.08],
    },
  };
}

/** A stand with a coat and a hat: from afar about as tall and as wide as a person. */
function coatStand(x: number, z: number): Solid[] {
  const coat = cloth([0.1, 0.11, 0.18]);
  return [
    new Cylinder([x, 0, z], 0.025, 1.75, [0.16, 0.1, 0.06]),
    new Cylinder([x, 0, z], 0.2, 0.03, [0.16, 0.1, 0.06]),
    new Ball([x, 1.08, z + 0.03], 0.21, 2, coat),
    new Ball([x + 0.17, 1.05, z + 0.05], 0.075, 4, coat),
    new Ball([x, 1.72, z], 0.14, 0.6, [0.28, 0.2, 0.12]),
  ];
}

/** Everything that might be mistaken for a person, but no person. */
export function emptyRoom(): Scene {
  return livingRoom([
    ...sofa([0.2, 0, -1.2], [0.28, 0.12, 0.1]),
    ...coatStand(1.75, -1.7),
    ...chair([-1.9, 0.45, -0.7]),
  ]);
}
