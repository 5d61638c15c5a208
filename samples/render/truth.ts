import type { Film } from './clip.js';
import { figuresAt } from './clip.js';
import { landmarksOf } from './figure/landmarks.js';
import { Camera } from './march/camera.js';
import { type Figure, FigureField } from './march/figure-field.js';
import { RayMarcher } from './march/ray.js';
import { length, scale, subtract, type Vec3 } from './math/vector.js';
import type { Solid } from './scenes/solid.js';

/**
 * Visibility of a landmark: 2 visible, 1 behind the person's own body, 0 behind an object or another person, or outside
 * the picture.
 */
type Sight = 0 | 1 | 2;

/** `[x_px, y_px, camera_x, camera_y, camera_z, sight]`. */
export type TrueLandmark = readonly [number, number, number, number, number, Sight];

/** Content of `NAME.truth.json`; `samples/README.md` explains it to its readers. */
export interface Truth {
  readonly schema: 'bodyscript-truth/1';
  /** Size of the picture as shown. */
  readonly width: number;
  readonly height: number;
  readonly verticalFieldOfViewDegrees: number;
  /** Names of the people, in the order used in `frames`. */
  readonly people: readonly string[];
  readonly point: readonly string[];
  /** Presentation time of each frame in seconds. */
  readonly times: readonly number[];
  /** `frames[frame][person][landmark]`. */
  readonly frames: readonly (readonly (readonly TrueLandmark[])[])[];
}

export const POINT = ['x_px', 'y_px', 'camera_x', 'camera_y', 'camera_z', 'sight'] as const;

/** Metres along a ray to the first solid. */
function solidDistance(solids: readonly Solid[], eye: Vec3, ray: Vec3): number {
  let nearest = Infinity;
  for (const solid of solids) {
    const t = solid.hit(...eye, ...ray);
    if (t > 0 && t < nearest) nearest = t;
  }
  return nearest;
}

class Eye {
  readonly #camera: Camera;
  readonly #solids: readonly Solid[];
  readonly #fields: readonly FigureField[];

  constructor(camera: Camera, solids: readonly Solid[], figures: readonly Figure[]) {
    this.#camera = camera;
    this.#solids = solids;
    this.#fields = figures.map(figure => new FigureField([figure]));
  }

  /** Metres along a ray to the surface of a person, or Infinity. */
  #personDistance(person: number, ray: Vec3): number {
    const field = this.#fields[person]!;
    const all = Int32Array.from({ length: field.count }, (_, i) => i);
    const t = new RayMarcher(field.count).march(field, all, field.count, ...this.#camera.eye, ...ray, Infinity);
    return t < 0 ? Infinity : t;
  }

  sight(person: number, position: Vec3, depth: number): Sight {
    const { eye, width, height } = this.#camera;
    const [x, y] = this.#camera.project(position);
    if (x < 0 || y < 0 || x > width || y > height) return 0;
    const offset = subtract(position, eye);
    const distance = length(offset);
    const ray = scale(offset, 1 / distance);
    const before = distance - depth;
    if (solidDistance(this.#solids, eye, ray) < before) return 0;
    for (let other = 0; other < this.#fields.length; other++) {
      if (other !== person && this.#personDistance(other, ray) < before) return 0;
    }
    return this.#personDistance(person, ray) < before ? 1 : 2;
  }
}

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));

/** The truth of all people in one frame, before any rotation of the picture. */
export function truthAt(
  film: Film,
  solids: readonly Solid[],
  t: number,
  width: number,
  height: number,
): TrueLandmark[][] {
  const camera = new Camera(film.camera(t), width, height);
  const figures = figuresAt(film, t);
  const eye = new Eye(camera, solids, figures);
  return figures.map(({ skeleton, person }, i) =>
    landmarksOf(skeleton, person.build).map(({ position, depth }): TrueLandmark => {
      const [x, y] = camera.project(position);
      const [cx, cy, cz] = camera.toCamera(position);
      return [
        rounded(x, 1),
        rounded(y, 1),
        rounded(cx, 3),
        rounded(cy, 3),
        rounded(cz, 3),
        eye.sight(i, position, depth),
      ];
    }),
  );
}

/** The truth of a picture rotated by 180 degrees: the camera's right and down rotate with it. */
export function upsideDown(people: readonly TrueLandmark[][], width: number, height: number): TrueLandmark[][] {
  return people.map(landmarks =>
    landmarks.map(
      ([x, y, cx, cy, cz, sight]): TrueLandmark => [rounded(width - x, 1), rounded(height - y, 1), -cx, -cy, cz, sight],
    ),
  );
}
