import type { Vec3 } from '../math/vector.js';
import type { Solid } from './solid.js';

/** The light of a scene: one sun and a sky. */
export interface Light {
  /** Unit vector towards the sun. */
  readonly towardsSun: Vec3;
  /** Linear RGB. */
  readonly sun: Vec3;
  readonly sky: Vec3;
  /** Colour of light reflected by the floor. */
  readonly bounce: Vec3;
}

/** A place without people. The floor is y = 0; the camera looks about along -z. */
export interface Scene {
  readonly solids: readonly Solid[];
  readonly light: Light;
}
