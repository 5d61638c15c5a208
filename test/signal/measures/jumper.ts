import { seeded } from '../../support/chaos.js';

const GRAVITY = 9.81;

/** A jump on the spot: a person stands, crouches, flies freely, lands in a crouch, and stands again. */
export interface Jump {
  /** Seconds at which the feet leave the ground. */
  readonly at: number;
  /** Metres that the body rises from take-off to the top. */
  readonly height: number;
}

export const STANDS = 0.95;
/** Hips at take-off are higher than in standing: the feet are extended. */
export const STRETCH = 0.08;

export const flightSeconds = ({ height }: Jump) => Math.sqrt((8 * height) / GRAVITY);

/** Height in metres of the middle of the hips and of the lowest point of both feet. */
export function jumperAt(time: number, jumps: readonly Jump[]): { readonly hips: number; readonly feet: number } {
  for (const jump of jumps) {
    const seconds = flightSeconds(jump);
    const since = time - jump.at;
    if (since >= 0 && since <= seconds) {
      const rise = (GRAVITY * since * (seconds - since)) / 2;
      return { hips: STANDS + STRETCH + rise, feet: rise };
    }
    // Before: down by a quarter of a metre and up to the extension; after: the same backwards.
    const away = since < 0 ? -since : since - seconds;
    if (away < 0.6) {
      const part = away / 0.6;
      return { hips: STANDS + STRETCH * (1 - part) - 0.25 * Math.sin(Math.PI * part) ** 2, feet: 0 };
    }
  }
  return { hips: STANDS, feet: 0 };
}

/** Normally distributed values by the method of Box and Muller, the same in each run. */
export function normal(seed: number): () => number {
  const random = seeded(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
