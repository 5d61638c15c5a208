import type { FigureField, Owner } from '../march/figure-field.js';
import type { ShadowMap } from '../march/shadow-map.js';
import { clamp, smoothstep } from '../math/curves.js';
import { fractalNoise } from '../math/noise.js';
import { add, dot, normalize, scale, subtract, type Vec3 } from '../math/vector.js';
import type { Light } from '../scenes/scene.js';
import { type Surface, surfaceAt } from './surface.js';

/** Half the side of the tetrahedron used to measure the normal, in metres. */
const STEP = 0.0012;

/** The gradient of the field, from four samples (Inigo Quilez, "normals for an SDF", tetrahedron technique). */
function normalAt(field: FigureField, list: Int32Array, count: number, [x, y, z]: Vec3): Vec3 {
  const a = field.distance(list, count, x + STEP, y - STEP, z - STEP);
  const b = field.distance(list, count, x - STEP, y - STEP, z + STEP);
  const c = field.distance(list, count, x - STEP, y + STEP, z - STEP);
  const d = field.distance(list, count, x + STEP, y + STEP, z + STEP);
  return normalize([a - b - c + d, c - a - b + d, b - a - c + d + 1e-12]);
}

/** Small folds of cloth and strands of hair: noise fixed to the bone that tilts the normal. */
function withFolds(normal: Vec3, point: Vec3, { bone }: Owner, folds: number): Vec3 {
  const [x, y, z] = scale(subtract(point, bone.position), 22);
  const k = folds * 0.35;
  return normalize([
    normal[0] + (fractalNoise(x, y * 0.6, z) - 0.5) * k,
    normal[1] + (fractalNoise(x + 9, y * 0.6, z) - 0.5) * k,
    normal[2] + (fractalNoise(x, y * 0.6 + 9, z) - 0.5) * k,
  ]);
}

/**
 * How open the surface is to the sky, 0-1: the field is sampled along the normal (Inigo Quilez, "ambient occlusion for
 * SDFs").
 */
function openness(field: FigureField, list: Int32Array, count: number, point: Vec3, normal: Vec3): number {
  let open = 1;
  let weight = 0.85;
  for (let i = 1; i <= 3; i++) {
    const r = 0.011 * i * i + 0.006;
    const [x, y, z] = add(point, scale(normal, r));
    open -= ((weight * Math.max(0, r - field.distance(list, count, x, y, z))) / r) * 0.36;
    weight *= 0.78;
  }
  const nearFloor = 0.55 + 0.45 * smoothstep(0, 0.5, point[1] + 0.25 * Math.max(0, normal[1]) + 0.1);
  return Math.max(0.15, open) * nearFloor;
}

function lit(
  surface: Surface,
  normal: Vec3,
  ray: Vec3,
  sunlight: number,
  open: number,
  { sun, sky, bounce }: Light,
  towardsSun: Vec3,
): Vec3 {
  const half = normalize(subtract(towardsSun, ray));
  const highlight = Math.max(0, dot(normal, half)) ** surface.sharpness * surface.gloss * sunlight;
  const rim = (1 - clamp(-dot(normal, ray), 0, 1)) ** 4 * 0.1;
  const fromAbove = 0.35 + 0.65 * (0.5 + 0.5 * normal[1]);
  const fromBelow = Math.max(0, -normal[1]) * 0.5;
  const fill = Math.max(0, -normal[0] * 0.6 + normal[2] * 0.5) * 0.22;
  const channel = (i: 0 | 1 | 2) =>
    surface.colour[i] * (sun[i] * sunlight + open * (sky[i] * (fromAbove + fill) + fromBelow * bounce[i] * sky[i])) +
    highlight +
    rim * sky[i] * open;
  return [channel(0), channel(1), channel(2)];
}

/** The part of a field that matters to a pixel. */
export interface Surroundings {
  readonly field: FigureField;
  /** Primitives visible around the pixel, the first `count` of them. */
  readonly list: Int32Array;
  readonly count: number;
  /** Those among them close to the ray. */
  readonly near: Int32Array;
  readonly nearCount: number;
}

/** Where a ray met a figure. */
export interface Hit {
  readonly point: Vec3;
  /** Unit direction of the ray. */
  readonly ray: Vec3;
  readonly owner: Owner;
}

/** Light from a figure's surface towards the camera, in linear RGB: sun with shadow and highlight, sky, bounce. */
export function shadeFigure(
  { field, list, count, near, nearCount }: Surroundings,
  { point, ray, owner }: Hit,
  light: Light,
  shadows: ShadowMap,
): Vec3 {
  const surface = surfaceAt(point, owner);
  const smooth = normalAt(field, near, nearCount, point);
  const normal = surface.folds > 0 ? withFolds(smooth, point, owner, surface.folds) : smooth;
  const wrap = surface.isSkin ? 0.25 : 0.08;
  let sunlight = Math.max(0, (dot(normal, light.towardsSun) + wrap) / (1 + wrap));
  if (sunlight > 0) {
    const [x, y, z] = add(point, scale(normal, 0.01));
    sunlight *= shadows.light(x, y, z, 0.014, 1.2);
  }
  return lit(surface, normal, ray, sunlight, openness(field, list, count, point, normal), light, light.towardsSun);
}
