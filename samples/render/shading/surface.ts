import type { Person } from '../figure/people.js';
import type { Owner } from '../march/figure-field.js';
import { smoothstep } from '../math/curves.js';
import { fractalNoise } from '../math/noise.js';
import { applyInverse, mix, scale, subtract, type Vec3 } from '../math/vector.js';

/** Material of a point on a person's surface. */
export interface Surface {
  /** Linear RGB. */
  readonly colour: Vec3;
  /** Strength and sharpness of the highlight. */
  readonly gloss: number;
  readonly sharpness: number;
  /** Height of the small folds. */
  readonly folds: number;
  /** Skin transmits light at its shaded edge. */
  readonly isSkin: boolean;
}

const bell = (x: number, y: number, atX: number, atY: number, widthX: number, widthY: number) =>
  Math.exp(-((x - atX) ** 2 / widthX + (y - atY) ** 2 / widthY));

function tint(colour: Vec3, factors: Vec3): Vec3 {
  return [colour[0] * factors[0], colour[1] * factors[1], colour[2] * factors[2]];
}

/** Half an eye's opening, in metres of the standard head. */
const EYE = { x: 0.0335, y: 0.0965, half: 0.0145, upper: 0.0068, lower: 0.0052 } as const;

/** White, iris, pupil and lids; undefined outside the eye. */
function eye(x: number, y: number, { eyes }: Person): { colour: Vec3; gloss: number } | undefined {
  const ax = Math.abs(x);
  const across = (ax - EYE.x) / EYE.half;
  const arch = 1 - across * across;
  const ey = y - EYE.y;
  if (arch <= 0 || ey > EYE.upper * arch + 0.0018 || ey < -EYE.lower * arch - 0.0008) return undefined;
  if (ey > EYE.upper * arch - 0.0004 || ey < -EYE.lower * arch) return { colour: [0.05, 0.03, 0.03], gloss: 0.1 };
  const fromPupil = Math.sqrt((ax - 0.033) ** 2 + (ey - 0.0008) ** 2);
  const colour: Vec3 = fromPupil < 0.0028 ? [0.01, 0.01, 0.01] : fromPupil < 0.0062 ? eyes : [0.8, 0.78, 0.75];
  return { colour, gloss: 0.5 };
}

/**
 * Paints cheeks, sockets, nostrils, brows, eyes and mouth onto the skin. Coordinates in metres of the standard head.
 */
function face(skin: Vec3, x: number, y: number, z: number, person: Person): { colour: Vec3; gloss: number } {
  const ax = Math.abs(x);
  if (z < 0.03) return { colour: skin, gloss: 0.12 };
  let colour = mix(skin, tint(skin, [1, 0.72, 0.68]), 0.45 * bell(ax, y, 0.042, 0.06, 0.0005, 0.0006));
  colour = mix(colour, tint(skin, [0.55, 0.45, 0.42]), 0.55 * bell(ax, y, 0.033, 0.098, 0.00035, 0.00016));
  if (z > 0.09) colour = mix(colour, tint(skin, [0.3, 0.2, 0.2]), 0.8 * bell(ax, y, 0.011, 0.053, 0.00003, 0.00002));
  const browY = 0.1165 + 0.004 * Math.sin((ax - 0.012) * 60);
  const brow =
    smoothstep(0.0065, 0.003, Math.abs(y - browY)) * smoothstep(0.01, 0.016, ax) * smoothstep(0.056, 0.048, ax);
  colour = mix(colour, person.hair, 0.85 * brow);
  const lips = smoothstep(1.1, 0.8, Math.sqrt((ax / 0.025) ** 2 + ((y - 0.027) / 0.0085) ** 2));
  colour = mix(colour, person.lips, 0.85 * lips);
  if (ax < 0.022 && Math.abs(y - 0.0275) < 0.0011) colour = scale(person.lips, 0.35);
  return eye(x, y, person) ?? { colour, gloss: 0.12 };
}

function skinAt(person: Person, x: number, y: number, z: number): Vec3 {
  return scale(person.skin, 0.9 + 0.2 * fractalNoise(x * 40, y * 40, z * 40));
}

const CLOTH = { gloss: 0.03, sharpness: 8, folds: 0.9, isSkin: false } as const;
const SKIN = { gloss: 0.12, sharpness: 18, folds: 0, isSkin: true } as const;

function clothing(colour: Vec3, x: number, y: number, z: number): Surface {
  return { ...CLOTH, colour: scale(colour, 0.85 + 0.3 * fractalNoise(x * 30, y * 30, z * 30)) };
}

/** The material of a point in the world that lies on `owner`'s surface. */
export function surfaceAt(point: Vec3, { figure, primitive, bone }: Owner): Surface {
  const { person } = figure;
  const size = person.build.height * (primitive.bone === 'head' ? person.build.head : 1);
  const [x, y, z] = scale(applyInverse(bone.rotation, subtract(point, bone.position)), 1 / size);
  switch (primitive.material) {
    case 'skin':
      return { ...SKIN, colour: skinAt(person, x, y, z) };
    case 'ear':
      return { ...SKIN, colour: tint(skinAt(person, x, y, z), [1, 0.87, 0.85]) };
    case 'face': {
      const painted = face(skinAt(person, x, y, z), x, y, z, person);
      return { ...SKIN, ...painted, sharpness: painted.gloss > 0.3 ? 60 : 18 };
    }
    case 'hair': {
      const strand = fractalNoise(x * 160, y * 18, z * 60);
      return { colour: scale(person.hair, 0.6 + 0.9 * strand), gloss: 0.16, sharpness: 14, folds: 0.8, isSkin: false };
    }
    case 'shirt': {
      const striped = person.stripe && primitive.bone === 'chest' && y > 0.02 && y < 0.065;
      return clothing(striped ? (person.stripe as Vec3) : person.shirt, x, y, z);
    }
    case 'trousers':
      return clothing(person.trousers, x, y, z);
    case 'shoe': {
      const isSole = y < -0.072;
      const isLace = y > -0.045 && z > 0.02 && z < 0.1 && Math.abs(((z * 70) % 1) - 0.5) < 0.18 && Math.abs(x) < 0.022;
      const colour: Vec3 = isSole ? [0.82, 0.82, 0.8] : isLace ? [0.9, 0.9, 0.9] : person.shoes;
      return { colour, gloss: 0.15, sharpness: 20, folds: 0, isSkin: false };
    }
  }
}
