import type { Scene } from '../scenes/scene.js';
import type { Solid } from '../scenes/solid.js';
import type { Camera } from './camera.js';

/** Positions in a pixel through which rays pass, as fractions of its side. */
export const SUBPIXELS = [
  [0.25, 0.25],
  [0.75, 0.25],
  [0.25, 0.75],
  [0.75, 0.75],
] as const;
const MIDDLE = [[0.5, 0.5]] as const;

const TILE = 16;
/** Distance of empty space, in metres. */
const NOWHERE = 1e6;
/** A shadow's ray starts this far off the surface. */
const LIFT = 1e-3;

/** The camera's view without people: everything that stays the same from frame to frame while the camera is still. */
export interface Background {
  /** Light that reaches the eye from each pixel, linear RGB: by the sky, and by the sun. */
  readonly bySky: Float32Array;
  readonly bySun: Float32Array;
  /** End of each pixel's first ray, and 1 if that is the floor. */
  readonly place: Float32Array;
  /** Metres to the first solid through each of a pixel's four places. */
  readonly depth: Float32Array;
}

/** The solids visible in a tile of the picture. */
function solidsIn(solids: readonly Solid[], camera: Camera, left: number, top: number): Solid[] {
  return solids.filter(({ bounds: [x, y, z, radius] }) => {
    if (radius === Infinity) return true;
    const [cx, cy, cz] = camera.toCamera([x, y, z]);
    if (cz < radius * 1.2) return cz > -radius;
    const reach = ((radius * camera.focal) / Math.sqrt(cz * cz - radius * radius)) * 1.3 + 2;
    const px = camera.width / 2 + (camera.focal * cx) / cz;
    const py = camera.height / 2 + (camera.focal * cy) / cz;
    return px + reach > left && px - reach < left + TILE && py + reach > top && py - reach < top + TILE;
  });
}

/** Renders a scene's solids with the shadows that they cast on each other. */
class BackgroundPass {
  readonly #scene: Scene;
  readonly #camera: Camera;
  readonly #casters: readonly Solid[];
  readonly #places: readonly (readonly [number, number])[];
  readonly #normal = new Float64Array(3);
  readonly #colour = new Float64Array(4);
  readonly #out: Background;

  constructor(scene: Scene, camera: Camera, samples: 1 | 4) {
    const pixels = camera.width * camera.height;
    this.#scene = scene;
    this.#camera = camera;
    this.#casters = scene.solids.filter(solid => solid.castsShadow);
    this.#places = samples === 1 ? MIDDLE : SUBPIXELS;
    this.#out = {
      bySky: new Float32Array(pixels * 3),
      bySun: new Float32Array(pixels * 3),
      place: new Float32Array(pixels * 4),
      depth: new Float32Array(pixels * 4),
    };
  }

  render(): Background {
    const { width, height } = this.#camera;
    for (let top = 0; top < height; top += TILE) {
      for (let left = 0; left < width; left += TILE) {
        const solids = solidsIn(this.#scene.solids, this.#camera, left, top);
        for (let y = top; y < Math.min(top + TILE, height); y++) {
          for (let x = left; x < Math.min(left + TILE, width); x++) this.#pixel(solids, x, y);
        }
      }
    }
    return this.#out;
  }

  #pixel(solids: readonly Solid[], x: number, y: number): void {
    const { eye, width } = this.#camera;
    const { place, depth } = this.#out;
    const i = y * width + x;
    for (let s = 0; s < this.#places.length; s++) {
      const ray = this.#camera.direction(x + this.#places[s]![0], y + this.#places[s]![1]);
      const dx = ray[0];
      const dy = ray[1];
      const dz = ray[2];
      let distance = NOWHERE;
      let first: Solid | undefined;
      for (const solid of solids) {
        const t = solid.hit(eye[0], eye[1], eye[2], dx, dy, dz);
        if (t <= 0 || t >= distance) continue;
        distance = t;
        first = solid;
      }
      const px = eye[0] + dx * distance;
      const py = eye[1] + dy * distance;
      const pz = eye[2] + dz * distance;
      if (s === 0) {
        place[i * 4] = px;
        place[i * 4 + 1] = py;
        place[i * 4 + 2] = pz;
        place[i * 4 + 3] = py < 1e-3 ? 1 : 0;
        depth.fill(distance, i * 4, i * 4 + 4);
      }
      depth[i * 4 + s] = distance;
      if (first) this.#shade(first, i, px, py, pz);
    }
  }

  /** Adds the light of one ray to its pixel. */
  #shade(solid: Solid, i: number, x: number, y: number, z: number): void {
    const { bySky, bySun } = this.#out;
    const { towardsSun, sun, sky } = this.#scene.light;
    const share = 1 / this.#places.length;
    const colour = this.#colour;
    const normal = this.#normal;
    solid.texture(x, y, z, colour);
    if (colour[3] === 1) {
      for (let k = 0; k < 3; k++) bySky[i * 3 + k]! += colour[k]! * share;
      return;
    }
    solid.normal(x, y, z, normal);
    const towards = normal[0]! * towardsSun[0] + normal[1]! * towardsSun[1] + normal[2]! * towardsSun[2];
    const sunlight = towards > 0 && !this.#isShaded(x, y, z) ? towards * 0.75 * share : 0;
    // Walls are a little darker towards the floor.
    const corner = normal[1]! > 0.5 ? 1 : 0.75 + 0.25 * Math.min(1, y / 1.6);
    const skylight = (0.6 + 0.25 * normal[1]!) * corner * share;
    for (let k = 0; k < 3; k++) {
      bySky[i * 3 + k]! += colour[k]! * sky[k]! * skylight;
      bySun[i * 3 + k]! += colour[k]! * sun[k]! * sunlight;
    }
  }

  #isShaded(x: number, y: number, z: number): boolean {
    const { towardsSun } = this.#scene.light;
    const sx = towardsSun[0];
    const sy = towardsSun[1];
    const sz = towardsSun[2];
    const ox = x + this.#normal[0]! * LIFT;
    const oy = y + this.#normal[1]! * LIFT;
    const oz = z + this.#normal[2]! * LIFT;
    for (const solid of this.#casters) {
      // A sphere around it rejects most of them at once.
      const bounds = solid.bounds;
      const radius = bounds[3];
      const cx = bounds[0] - ox;
      const cy = bounds[1] - oy;
      const cz = bounds[2] - oz;
      const along = cx * sx + cy * sy + cz * sz;
      if (along < -radius || cx * cx + cy * cy + cz * cz - along * along > radius * radius) continue;
      if (solid.hit(ox, oy, oz, sx, sy, sz) > 0) return true;
    }
    return false;
  }
}

/** Renders the scene's solids; `samples` rays per pixel. */
export function renderBackground(scene: Scene, camera: Camera, samples: 1 | 4): Background {
  return new BackgroundPass(scene, camera, samples).render();
}
