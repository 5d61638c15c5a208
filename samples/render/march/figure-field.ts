import type { Capsule, Ellipsoid, Primitive } from '../figure/body.js';
import type { Person } from '../figure/people.js';
import { type BoneFrame, onBone, type Skeleton } from '../figure/skeleton.js';
import { add, apply, dot, length, type Mat3, normalize, scale, subtract, type Vec3 } from '../math/vector.js';

/** A person at one moment. */
export interface Figure {
  readonly person: Person;
  readonly body: readonly Primitive[];
  readonly skeleton: Skeleton;
}

/** The owner of the primitive. */
export interface Owner {
  readonly figure: Figure;
  readonly primitive: Primitive;
  readonly bone: BoneFrame;
}

// One primitive is `STRIDE` numbers of `data`; these are their offsets.
const STRIDE = 27;
const KIND = 0; // 0: capsule in the world, 1: flattened capsule in its bone's axes, 2: ellipsoid in its bone's axes
const GROUP = 1;
const BLEND = 2;
const START = 3; // capsule: one end; ellipsoid: 1 / radii
const AXIS = 6; // capsule: to the other end; ellipsoid: normal of the cut
const OVER = 9; // capsule: 1 / |axis|^2; ellipsoid: place of the cut along its normal
const RADIUS = 10; // capsule: radius at the start; ellipsoid: 1 if it is cut
const GROWTH = 11; // capsule: increase of the radius at the end
const TURN = 12; // nine numbers: world to bone
const PLACE = 21; // origin of the bone's axes
const STRETCH_X = 24;
const STRETCH_Z = 25;
const SHRINK = 26;

/** Metres over which parts that do not blend into each other are joined, so that no crease is sharper than a pixel. */
const TOUCH = 0.01;
const CUT_BLEND = 0.008;
const GROUPS_PER_FIGURE = 16;
const FAR = 1e3;

function transposed(m: Mat3): Mat3 {
  return [m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]];
}

/**
 * The signed distance field of all figures at one moment: primitives joined by the polynomial smooth minimum (Inigo
 * Quilez, "smooth minimum", quadratic). Lists of primitives must keep their order, in which groups are contiguous.
 */
export class FigureField {
  readonly data: Float64Array;
  /** Per primitive: a sphere (x, y, z, radius) outside of which it has no influence on the surface. */
  readonly spheres: Float64Array;
  /**
   * Per primitive: the ends of its axis and the square of its radius around it (x, y, z, x, y, z, reach^2), a tighter
   * bound than the sphere.
   */
  readonly axes: Float64Array;
  readonly owners: readonly Owner[];

  constructor(figures: readonly Figure[]) {
    this.owners = figures.flatMap(figure =>
      figure.body.map(primitive => ({ figure, primitive, bone: figure.skeleton[primitive.bone] })),
    );
    this.data = new Float64Array(this.owners.length * STRIDE);
    this.spheres = new Float64Array(this.owners.length * 4);
    this.axes = new Float64Array(this.owners.length * 7);
    let i = 0;
    for (const [person, figure] of figures.entries()) {
      for (const primitive of figure.body) {
        const o = i * STRIDE;
        this.data[o + GROUP] = primitive.group + person * GROUPS_PER_FIGURE;
        this.data[o + BLEND] = primitive.blend;
        if (primitive.shape === 'capsule') this.#packCapsule(i, primitive, figure.skeleton);
        else this.#packEllipsoid(i, primitive, figure.skeleton);
        i++;
      }
    }
  }

  get count(): number {
    return this.owners.length;
  }

  #packCapsule(i: number, { bone, from, to, radii, squash, blend }: Capsule, skeleton: Skeleton): void {
    const o = i * STRIDE;
    const { position, rotation } = skeleton[bone];
    const [squashX, squashZ] = squash;
    const flat = squashX !== 1 || squashZ !== 1;
    const start: Vec3 = flat ? [from[0] / squashX, from[1], from[2] / squashZ] : onBone(skeleton, bone, from);
    const end: Vec3 = flat ? [to[0] / squashX, to[1], to[2] / squashZ] : onBone(skeleton, bone, to);
    const axis = subtract(end, start);
    this.data[o + KIND] = flat ? 1 : 0;
    this.data.set(start, o + START);
    this.data.set(axis, o + AXIS);
    this.data[o + OVER] = 1 / dot(axis, axis);
    this.data[o + RADIUS] = radii[0];
    this.data[o + GROWTH] = radii[1] - radii[0];
    this.data.set(transposed(rotation), o + TURN);
    this.data.set(position, o + PLACE);
    this.data[o + STRETCH_X] = 1 / squashX;
    this.data[o + STRETCH_Z] = 1 / squashZ;
    this.data[o + SHRINK] = Math.min(squashX, squashZ);
    const middle = onBone(skeleton, bone, scale(add(from, to), 0.5));
    const reach = Math.max(...radii) + Math.max(blend, TOUCH);
    this.spheres.set([...middle, length(subtract(from, to)) / 2 + reach], i * 4);
    this.axes.set([...onBone(skeleton, bone, from), ...onBone(skeleton, bone, to), reach * reach], i * 7);
  }

  #packEllipsoid(i: number, { bone, center, radii, cut, blend }: Ellipsoid, skeleton: Skeleton): void {
    const o = i * STRIDE;
    const { rotation } = skeleton[bone];
    const middle = onBone(skeleton, bone, center);
    this.data[o + KIND] = 2;
    this.data.set([1 / radii[0], 1 / radii[1], 1 / radii[2]], o + START);
    if (cut) {
      const normal = normalize(apply(rotation, cut[1]));
      this.data.set(normal, o + AXIS);
      this.data[o + OVER] = dot(onBone(skeleton, bone, cut[0]), normal);
      this.data[o + RADIUS] = 1;
    }
    this.data.set(transposed(rotation), o + TURN);
    this.data.set(middle, o + PLACE);
    const reach = Math.max(...radii) + Math.max(blend, TOUCH);
    this.spheres.set([...middle, reach], i * 4);
    this.axes.set([...middle, ...middle, reach * reach], i * 7);
  }

  /** Metres to the surface of the first `count` primitives of `list`; negative inside. */
  distance(list: Int32Array, count: number, x: number, y: number, z: number): number {
    const data = this.data;
    let total = FAR;
    let inGroup = FAR;
    let group = -1;
    for (let i = 0; i < count; i++) {
      const o = list[i]! * STRIDE;
      const d = primitiveDistance(data, o, x, y, z);
      if (data[o + GROUP] !== group) {
        total = smoothMin(total, inGroup, TOUCH);
        inGroup = d;
        group = data[o + GROUP]!;
      } else inGroup = smoothMin(inGroup, d, data[o + BLEND]!);
    }
    return smoothMin(total, inGroup, TOUCH);
  }

  /** The primitive of `list` whose own surface is nearest. */
  nearest(list: Int32Array, count: number, x: number, y: number, z: number): number {
    let least = Infinity;
    let nearest = 0;
    for (let i = 0; i < count; i++) {
      const d = primitiveDistance(this.data, list[i]! * STRIDE, x, y, z);
      if (d < least) {
        least = d;
        nearest = list[i]!;
      }
    }
    return nearest;
  }
}

/**
 * The lesser of two distances, rounded off where they differ by less than `k` metres (Quilez' quadratic smooth
 * minimum).
 */
function smoothMin(a: number, b: number, k: number): number {
  const h = k - Math.abs(a - b);
  return (a < b ? a : b) - (h > 0 ? ((h * h) / k) * 0.25 : 0);
}

function primitiveDistance(d: Float64Array, o: number, x: number, y: number, z: number): number {
  const kind = d[o + KIND];
  if (kind === 2) return ellipsoidDistance(d, o, x, y, z);
  let px = x;
  let py = y;
  let pz = z;
  if (kind === 1) {
    const dx = x - d[o + PLACE]!;
    const dy = y - d[o + PLACE + 1]!;
    const dz = z - d[o + PLACE + 2]!;
    px = (d[o + TURN]! * dx + d[o + TURN + 1]! * dy + d[o + TURN + 2]! * dz) * d[o + STRETCH_X]!;
    py = d[o + TURN + 3]! * dx + d[o + TURN + 4]! * dy + d[o + TURN + 5]! * dz;
    pz = (d[o + TURN + 6]! * dx + d[o + TURN + 7]! * dy + d[o + TURN + 8]! * dz) * d[o + STRETCH_Z]!;
  }
  const ax = px - d[o + START]!;
  const ay = py - d[o + START + 1]!;
  const az = pz - d[o + START + 2]!;
  const bx = d[o + AXIS]!;
  const by = d[o + AXIS + 1]!;
  const bz = d[o + AXIS + 2]!;
  let h = (ax * bx + ay * by + az * bz) * d[o + OVER]!;
  h = h < 0 ? 0 : h > 1 ? 1 : h;
  const ex = ax - bx * h;
  const ey = ay - by * h;
  const ez = az - bz * h;
  const distance = Math.sqrt(ex * ex + ey * ey + ez * ez) - d[o + RADIUS]! - d[o + GROWTH]! * h;
  return kind === 1 ? distance * d[o + SHRINK]! : distance;
}

/** Approximate distance to an ellipsoid (Inigo Quilez, "ellipsoid SDF"), exact on the surface. */
function ellipsoidDistance(d: Float64Array, o: number, x: number, y: number, z: number): number {
  const dx = x - d[o + PLACE]!;
  const dy = y - d[o + PLACE + 1]!;
  const dz = z - d[o + PLACE + 2]!;
  const ix = d[o + START]!;
  const iy = d[o + START + 1]!;
  const iz = d[o + START + 2]!;
  const lx = (d[o + TURN]! * dx + d[o + TURN + 1]! * dy + d[o + TURN + 2]! * dz) * ix;
  const ly = (d[o + TURN + 3]! * dx + d[o + TURN + 4]! * dy + d[o + TURN + 5]! * dz) * iy;
  const lz = (d[o + TURN + 6]! * dx + d[o + TURN + 7]! * dy + d[o + TURN + 8]! * dz) * iz;
  const k0 = Math.sqrt(lx * lx + ly * ly + lz * lz);
  const a = lx * ix;
  const b = ly * iy;
  const c = lz * iz;
  const k1 = Math.sqrt(a * a + b * b + c * c);
  const distance = k1 < 1e-9 ? -1 / Math.max(ix, iy, iz) : (k0 * (k0 - 1)) / k1;
  if (d[o + RADIUS] === 0) return distance;
  const plane = x * d[o + AXIS]! + y * d[o + AXIS + 1]! + z * d[o + AXIS + 2]! - d[o + OVER]!;
  const h = Math.max(CUT_BLEND - Math.abs(distance - plane), 0) / CUT_BLEND;
  return Math.max(distance, plane) + h * h * CUT_BLEND * 0.25;
}
