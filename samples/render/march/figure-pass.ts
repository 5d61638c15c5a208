import type { Vec3 } from '../math/vector.js';
import type { Light } from '../scenes/scene.js';
import { shadeFigure } from '../shading/figure-shader.js';
import { SUBPIXELS } from './background.js';
import type { Camera } from './camera.js';
import type { FigureField } from './figure-field.js';
import { RayMarcher } from './ray.js';
import type { ShadowMap } from './shadow-map.js';

const TILE = 8;
const MIDDLE = [0.5, 0.5] as const;

/** One moment of the open shutter: its field, and the primitives visible in the current tile. */
interface Moment {
  readonly field: FigureField;
  readonly footprint: Float64Array;
  readonly list: Int32Array;
  count: number;
}

/** Circles of the picture (x, y, radius) outside of which a primitive is invisible. */
function footprint(field: FigureField, camera: Camera): Float64Array {
  const circles = new Float64Array(field.count * 3);
  for (let i = 0; i < field.count; i++) {
    const [x, y, z, radius] = field.spheres.subarray(i * 4, i * 4 + 4);
    const [cx, cy, cz] = camera.toCamera([x!, y!, z!]);
    const away = Math.max(cz, 0.2);
    const reach = ((radius! * camera.focal) / away) * 1.15 + 1;
    const across = camera.width / 2 + (camera.focal * cx) / away;
    circles.set([across, camera.height / 2 + (camera.focal * cy) / away, reach], i * 3);
  }
  return circles;
}

function choosePrimitives(moment: Moment, left: number, top: number): void {
  moment.count = 0;
  for (let i = 0; i < moment.field.count; i++) {
    const x = moment.footprint[i * 3]!;
    const y = moment.footprint[i * 3 + 1]!;
    const r = moment.footprint[i * 3 + 2]!;
    const dx = Math.max(left - x, 0, x - left - TILE);
    const dy = Math.max(top - y, 0, y - top - TILE);
    if (dx * dx + dy * dy < r * r) moment.list[moment.count++] = i;
  }
}

/** Draws the people of a frame over its background. */
export class FigurePass {
  readonly #camera: Camera;
  readonly #light: Light;
  readonly #shadows: ShadowMap;
  readonly #depth: Float32Array;
  readonly #moments: readonly Moment[];
  readonly #marcher: RayMarcher;

  /** @param depth metres to the first solid through each of a pixel's four places. */
  constructor(camera: Camera, light: Light, shadows: ShadowMap, depth: Float32Array, fields: readonly FigureField[]) {
    this.#camera = camera;
    this.#light = light;
    this.#shadows = shadows;
    this.#depth = depth;
    this.#moments = fields.map(field => ({
      field,
      footprint: footprint(field, camera),
      list: new Int32Array(field.count),
      count: 0,
    }));
    this.#marcher = new RayMarcher(Math.max(...fields.map(field => field.count)));
  }

  /** Draws over `picture`, `width * height * 3` of linear light. */
  draw(picture: Float32Array): void {
    for (let top = 0; top < this.#camera.height; top += TILE) {
      for (let left = 0; left < this.#camera.width; left += TILE) {
        for (const moment of this.#moments) choosePrimitives(moment, left, top);
        if (this.#moments.some(moment => moment.count > 0)) this.#drawTile(picture, left, top);
      }
    }
  }

  #drawTile(picture: Float32Array, left: number, top: number): void {
    const { width, height } = this.#camera;
    for (let y = top; y < Math.min(top + TILE, height); y++) {
      for (let x = left; x < Math.min(left + TILE, width); x++) this.#drawPixel(picture, x, y);
    }
  }

  #drawPixel(picture: Float32Array, x: number, y: number): void {
    const samples = this.#moments.length;
    const i = y * this.#camera.width + x;
    let hits = 0;
    let shadedId = -1;
    let colour: Vec3 = [0, 0, 0];
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let s = 0; s < samples; s++) {
      const moment = this.#moments[s]!;
      if (moment.count === 0) continue;
      const place = samples === 1 ? MIDDLE : SUBPIXELS[s]!;
      const ray = this.#camera.direction(x + place[0], y + place[1]);
      const point = this.#meet(moment, ray, this.#depth[i * 4 + s]!);
      if (!point) continue;
      const id = moment.field.nearest(this.#marcher.near, this.#marcher.nearCount, point[0], point[1], point[2]);
      const owner = moment.field.owners[id]!;
      // One colour serves all positions of a pixel that hit the same primitive, except for the face with its fine
      // details.
      if (id !== shadedId || owner.primitive.material === 'face') {
        const { field, list, count } = moment;
        const around = { field, list, count, near: this.#marcher.near, nearCount: this.#marcher.nearCount };
        colour = shadeFigure(around, { point, ray, owner }, this.#light, this.#shadows);
        shadedId = id;
      }
      hits++;
      red += colour[0];
      green += colour[1];
      blue += colour[2];
    }
    if (hits === 0) return;
    const background = 1 - hits / samples;
    picture[i * 3] = picture[i * 3]! * background + red / samples;
    picture[i * 3 + 1] = picture[i * 3 + 1]! * background + green / samples;
    picture[i * 3 + 2] = picture[i * 3 + 2]! * background + blue / samples;
  }

  #meet({ field, list, count }: Moment, ray: Vec3, end: number): Vec3 | undefined {
    const { eye } = this.#camera;
    const t = this.#marcher.march(field, list, count, eye[0], eye[1], eye[2], ray[0], ray[1], ray[2], end);
    return t < 0 ? undefined : [eye[0] + ray[0] * t, eye[1] + ray[1] * t, eye[2] + ray[2] * t];
  }
}
