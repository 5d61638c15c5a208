import { cross, dot, normalize, radians, subtract, type Vec3 } from '../math/vector.js';

/** Position and view of a camera at one moment. */
export interface View {
  readonly eye: Vec3;
  readonly target: Vec3;
  /** Vertical field of view in degrees. */
  readonly fieldOfView: number;
}

/**
 * A pinhole camera without distortion. Pixels count from the top left corner, so that the first pixel's centre is (0.5,
 * 0.5).
 */
export class Camera {
  readonly eye: Vec3;
  readonly right: Vec3;
  readonly up: Vec3;
  readonly forward: Vec3;
  /** Pixels. */
  readonly focal: number;
  readonly width: number;
  readonly height: number;

  constructor({ eye, target, fieldOfView }: View, width: number, height: number) {
    this.eye = eye;
    this.forward = normalize(subtract(target, eye));
    this.right = normalize(cross(this.forward, [0, 1, 0]));
    this.up = cross(this.right, this.forward);
    this.focal = height / 2 / Math.tan(radians(fieldOfView) / 2);
    this.width = width;
    this.height = height;
  }

  /** Metres to the right, down and away, as in the truth. */
  toCamera(point: Vec3): Vec3 {
    const offset = subtract(point, this.eye);
    return [dot(offset, this.right), -dot(offset, this.up), dot(offset, this.forward)];
  }

  /** Pixels. */
  project(point: Vec3): readonly [x: number, y: number] {
    const [x, y, z] = this.toCamera(point);
    return [this.width / 2 + (this.focal * x) / z, this.height / 2 + (this.focal * y) / z];
  }

  /** Unit direction through a point of the picture. */
  direction(x: number, y: number): Vec3 {
    const a = (x - this.width / 2) / this.focal;
    const b = (this.height / 2 - y) / this.focal;
    const { forward: f, right: r, up: u } = this;
    const dx = f[0] + r[0] * a + u[0] * b;
    const dy = f[1] + r[1] * a + u[1] * b;
    const dz = f[2] + r[2] * a + u[2] * b;
    const shorter = 1 / Math.sqrt(dx * dx + dy * dy + dz * dz);
    return [dx * shorter, dy * shorter, dz * shorter];
  }
}
