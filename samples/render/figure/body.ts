import { scale, type Vec3 } from '../math/vector.js';
import type { Person } from './people.js';
import { type BoneName, SIDES, type Side, signOf } from './skeleton.js';

type Material = 'skin' | 'face' | 'ear' | 'hair' | 'shirt' | 'trousers' | 'shoe';

interface Common {
  readonly bone: BoneName;
  /** Primitives of one group blend into each other; groups only touch. */
  readonly group: number;
  /** Metres over which it blends into its group. */
  readonly blend: number;
  readonly material: Material;
}

/** A cone with round ends between two points of a bone's axes, flattened by `squash` along x and z. */
export interface Capsule extends Common {
  readonly shape: 'capsule';
  readonly from: Vec3;
  readonly to: Vec3;
  readonly radii: readonly [number, number];
  readonly squash: readonly [x: number, z: number];
}

/** An ellipsoid along a bone's axes; `cut` keeps the half behind a plane (point, outward normal). */
export interface Ellipsoid extends Common {
  readonly shape: 'ellipsoid';
  readonly center: Vec3;
  readonly radii: Vec3;
  readonly cut: readonly [point: Vec3, normal: Vec3] | undefined;
}

export type Primitive = Capsule | Ellipsoid;

const GROUPS = { trunk: 0, neck: 1, head: 2, hair: 3, armL: 4, armR: 5, legL: 6, legR: 7 } as const;
type Group = keyof typeof GROUPS;

/** Collects the primitives of one part of the body. */
class Part {
  readonly primitives: Primitive[] = [];
  readonly #group: number;
  readonly #size: number;
  readonly #thick: number;

  /** @param size scales places, @param thick scales thickness on top of it. */
  constructor(group: Group, size: number, thick = 1) {
    this.#group = GROUPS[group];
    this.#size = size;
    this.#thick = thick;
  }

  capsule(
    bone: BoneName,
    from: Vec3,
    to: Vec3,
    radii: readonly [number, number],
    blend: number,
    material: Material,
    squash: readonly [number, number] = [1, 1],
  ): this {
    const thick = this.#size * this.#thick;
    this.primitives.push({
      shape: 'capsule',
      bone,
      from: scale(from, this.#size),
      to: scale(to, this.#size),
      radii: [radii[0] * thick, radii[1] * thick],
      squash,
      group: this.#group,
      blend,
      material,
    });
    return this;
  }

  ellipsoid(
    bone: BoneName,
    center: Vec3,
    radii: Vec3,
    blend: number,
    material: Material,
    cut?: readonly [point: Vec3, normal: Vec3],
  ): this {
    this.primitives.push({
      shape: 'ellipsoid',
      bone,
      center: scale(center, this.#size),
      radii: scale(radii, this.#size * this.#thick),
      cut: cut && [scale(cut[0], this.#size), cut[1]],
      group: this.#group,
      blend,
      material,
    });
    return this;
  }
}

function trunk({ build, feminine }: Person): Primitive[] {
  const f = feminine ? 1 : 0;
  const wide = build.shoulders;
  const part = new Part('trunk', build.height, build.girth);
  part
    .capsule(
      'pelvis',
      [0, -0.02, -0.008],
      [0, 0.1, -0.002],
      [0.142 + 0.006 * f, 0.128 - 0.008 * f],
      0.05,
      'trousers',
      [1, 0.7],
    )
    .capsule('spine', [0, -0.03, 0], [0, 0.14, 0.002], [0.13 - 0.012 * f, 0.138 - 0.01 * f], 0.05, 'shirt', [1, 0.72])
    .capsule(
      'chest',
      [0, -0.02, 0],
      [0, 0.085, -0.004],
      [0.14 - 0.008 * f, 0.15 - 0.012 * f],
      0.05,
      'shirt',
      [1, 0.68],
    );
  if (build.girth > 1.1) part.ellipsoid('spine', [0, 0.02, 0.06], [0.11, 0.12, 0.075], 0.06, 'shirt');
  for (const side of SIDES) {
    const g = signOf(side);
    part
      .ellipsoid('pelvis', [0.07 * g, -0.035, -0.05], [0.082, 0.085, 0.07], 0.04, 'trousers')
      .ellipsoid('chest', [0.062 * g, 0.085, 0.062], f ? [0.062, 0.06, 0.06] : [0.078, 0.06, 0.042], 0.04, 'shirt')
      .ellipsoid('chest', [0.08 * g * wide, 0.11, -0.06], [0.075, 0.095, 0.045], 0.05, 'shirt');
  }
  const shoulders = new Part('trunk', build.height);
  for (const side of SIDES) {
    const g = signOf(side) * wide;
    shoulders
      .capsule('chest', [0.03 * g, 0.215, -0.018], [0.13 * g, 0.2, -0.012], [0.045, 0.045], 0.05, 'shirt')
      .capsule(
        `clavicle${side}`,
        [0.06 * g, 0, -0.003],
        [0.143 * g, -0.002, 0],
        [0.05, 0.06 - 0.004 * f],
        0.05,
        'shirt',
      );
  }
  return [...part.primitives, ...shoulders.primitives];
}

function neckAndHead({ build, feminine }: Person): Primitive[] {
  const f = feminine ? 1 : 0;
  const neck = new Part('neck', build.height).capsule(
    'neck',
    [0, -0.03, 0],
    [0, 0.11, 0.012],
    [0.056 - 0.006 * f, 0.05 - 0.005 * f],
    0.02,
    'skin',
  );
  const head = new Part('head', build.height * build.head)
    .ellipsoid('head', [0, 0.118, -0.008], [0.075, 0.096, 0.094], 0.02, 'face')
    .ellipsoid('head', [0, 0.075, 0.032], [0.062, 0.082, 0.064], 0.03, 'face')
    .ellipsoid('head', [0, 0.03, 0.042], [0.044, 0.042, 0.048], 0.03, 'face')
    .capsule('head', [0, 0.1, 0.094], [0, 0.066, 0.108], [0.007, 0.0125], 0.014, 'face');
  for (const g of [1, -1]) {
    head
      .ellipsoid('head', [0.013 * g, 0.06, 0.1], [0.009, 0.008, 0.01], 0.01, 'face')
      .ellipsoid('head', [0.077 * g, 0.078, -0.008], [0.011, 0.032, 0.02], 0.008, 'ear')
      .ellipsoid('head', [0.028 * g, 0.115, 0.08], [0.022, 0.007, 0.011], 0.015, 'face')
      .ellipsoid('head', [0.038 * g, 0.065, 0.068], [0.022, 0.018, 0.02], 0.02, 'face')
      .ellipsoid('head', [0.033 * g, 0.0965, 0.081], [0.0145, 0.0125, 0.0125], 0.004, 'face');
  }
  head.ellipsoid('head', [0, 0.027, 0.087], [0.022, 0.009, 0.01], 0.008, 'face');
  return [...neck.primitives, ...head.primitives];
}

/** Shells around the skull, cut by planes so that the face stays free. */
function hair({ build, hairStyle }: Person): Primitive[] {
  const part = new Part('hair', build.height * build.head);
  if (hairStyle === 'shaved') {
    part.ellipsoid('head', [0, 0.122, -0.012], [0.0765, 0.0965, 0.0955], 0.01, 'hair', [
      [0, 0.165, 0.04],
      [0, -0.62, 0.78],
    ]);
    return part.primitives;
  }
  part
    .ellipsoid('head', [0, 0.128, -0.016], [0.085, 0.098, 0.1], 0.02, 'hair', [
      [0, 0.155, 0.05],
      [0, -0.62, 0.78],
    ])
    .ellipsoid('head', [0, 0.09, -0.045], [0.082, 0.1, 0.075], 0.02, 'hair', [
      [0, 0.05, -0.01],
      [0, -0.25, 0.97],
    ]);
  if (hairStyle === 'ponytail') {
    part
      .capsule('head', [0, 0.1, -0.1], [0, -0.02, -0.15], [0.038, 0.028], 0.03, 'hair')
      .capsule('head', [0, -0.02, -0.15], [0, -0.11, -0.14], [0.03, 0.012], 0.03, 'hair');
  }
  if (hairStyle === 'bob') {
    part.ellipsoid('head', [0, 0.055, -0.045], [0.1, 0.105, 0.08], 0.03, 'hair', [
      [0, 0.05, -0.002],
      [0, -0.1, 0.99],
    ]);
  }
  return part.primitives;
}

/** Four fingers of two bones each, slightly bent inward, from the index (front) to the little one. */
const FINGERS = [
  { z: 0.027, length: 0.072, root: -0.098 },
  { z: 0.0075, length: 0.08, root: -0.098 },
  { z: -0.012, length: 0.074, root: -0.098 },
  { z: -0.0315, length: 0.058, root: -0.09 },
] as const;

function hand(part: Part, side: Side): void {
  const g = signOf(side);
  const bone: BoneName = `hand${side}`;
  part.capsule(bone, [0, -0.015, 0], [0, -0.075, -0.004], [0.03, 0.041], 0.015, 'skin', [0.52, 1]);
  for (const { z, length, root } of FINGERS) {
    const knuckle: Vec3 = [-0.006 * g, root - length * 0.5, z * 1.12];
    part
      .capsule(bone, [0, root + 0.01, z], knuckle, [0.0105, 0.0098], 0.006, 'skin')
      .capsule(bone, knuckle, [-0.018 * g, root - length, z * 1.15], [0.0098, 0.0082], 0.006, 'skin');
  }
  const thumb: Vec3 = [-0.006 * g, -0.06, 0.047];
  part
    .capsule(bone, [0, -0.025, 0.022], thumb, [0.017, 0.0125], 0.012, 'skin')
    .capsule(bone, thumb, [-0.012 * g, -0.095, 0.056], [0.0125, 0.0095], 0.006, 'skin');
}

function arm(person: Person, side: Side): Primitive[] {
  const { build, longSleeves, feminine } = person;
  const part = new Part(`arm${side}`, build.height, build.limbs * (feminine ? 0.95 : 1));
  const upper: BoneName = `upperArm${side}`;
  const lower: BoneName = `forearm${side}`;
  const cloth = longSleeves ? 'shirt' : 'skin';
  part
    .capsule(upper, [0, 0, 0], [0, -0.28, 0], [0.054, 0.04], 0.02, cloth)
    .capsule(upper, [0, -0.01, 0], [0, -0.15, 0], [0.062, 0.06], 0.006, 'shirt')
    .ellipsoid(upper, [0, -0.17, 0.014], [0.04, 0.085, 0.04], 0.02, cloth)
    .capsule(lower, [0, 0, 0], [0, -0.25, 0], [0.041, 0.027], 0.02, cloth)
    .ellipsoid(lower, [0, -0.075, 0.003], [0.044, 0.085, 0.042], 0.02, cloth);
  if (longSleeves) {
    part
      .capsule(upper, [0, -0.12, 0], [0, -0.28, 0], [0.056, 0.049], 0.02, 'shirt')
      .capsule(lower, [0, 0, 0], [0, -0.22, 0], [0.049, 0.037], 0.02, 'shirt');
  }
  const palm = new Part(`arm${side}`, build.height);
  hand(palm, side);
  return [...part.primitives, ...palm.primitives];
}

function foot(part: Part, side: Side): void {
  const bone: BoneName = `foot${side}`;
  const sole: [Vec3, Vec3] = [
    [0, -0.088, 0],
    [0, -1, 0],
  ];
  const g = signOf(side);
  part
    .ellipsoid(bone, [0, -0.058, 0.03], [0.04, 0.05, 0.105], 0.02, 'shoe', sole)
    // The ball, wider than the heel, and the toes with the big one inside.
    .ellipsoid(bone, [-0.003 * g, -0.066, 0.095], [0.046, 0.034, 0.062], 0.02, 'shoe', sole)
    .ellipsoid(bone, [-0.012 * g, -0.069, 0.128], [0.032, 0.028, 0.045], 0.02, 'shoe', sole)
    .ellipsoid(bone, [0, -0.045, -0.02], [0.038, 0.06, 0.054], 0.02, 'shoe', sole)
    .capsule(bone, [0, 0.01, -0.004], [0, -0.03, 0.02], [0.043, 0.042], 0.02, 'shoe');
}

function leg(person: Person, side: Side): Primitive[] {
  const { build, shorts } = person;
  const g = signOf(side);
  const l = build.legs;
  const part = new Part(`leg${side}`, build.height, build.limbs);
  const thigh: BoneName = `thigh${side}`;
  const shin: BoneName = `shin${side}`;
  if (shorts) {
    part
      .capsule(thigh, [0, 0, 0], [0, -0.42 * l, 0], [0.082, 0.055], 0.02, 'skin')
      .capsule(thigh, [-0.006 * g, 0, -0.005], [0.002 * g, -0.27 * l, 0], [0.094, 0.088], 0.006, 'trousers')
      .capsule(shin, [0, 0, 0], [0, -0.41 * l, 0], [0.052, 0.035], 0.02, 'skin')
      .ellipsoid(shin, [0, -0.12 * l, -0.022], [0.048, 0.12, 0.046], 0.03, 'skin')
      .ellipsoid(shin, [0, 0.01, 0.012], [0.046, 0.05, 0.046], 0.02, 'skin')
      .capsule(shin, [0, -0.33 * l, 0], [0, -0.41 * l, 0], [0.041, 0.039], 0.005, 'shoe');
  } else {
    part
      .capsule(thigh, [-0.004 * g, 0, -0.006], [0, -0.42 * l, 0], [0.092, 0.063], 0.03, 'trousers')
      .capsule(shin, [0, 0, 0], [0, -0.37 * l, -0.003], [0.061, 0.052], 0.03, 'trousers')
      .ellipsoid(shin, [0, -0.13 * l, -0.02], [0.055, 0.12, 0.052], 0.03, 'trousers')
      .capsule(shin, [0, -0.3 * l, 0], [0, -0.41 * l, 0], [0.036, 0.034], 0.004, 'skin');
  }
  const shoe = new Part(`leg${side}`, build.height);
  foot(shoe, side);
  return [...part.primitives, ...shoe.primitives];
}

/** The body of a person, sorted by group. */
export function bodyOf(person: Person): readonly Primitive[] {
  return [
    ...trunk(person),
    ...neckAndHead(person),
    ...hair(person),
    ...SIDES.flatMap(side => arm(person, side)),
    ...SIDES.flatMap(side => leg(person, side)),
  ];
}
