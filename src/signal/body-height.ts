import { idsOf, landmarkName, SEGMENTS, SIDES } from '../model/body.js';
import { LENGTH_STEP, LengthCounts } from './length-counts.js';

/**
 * Shank, thigh and trunk (hip to shoulder) over body height: 0.246 + 0.245 + 0.288 (Drillis and Contini 1966, as in
 * Winter, Biomechanics and Motor Control of Human Movement). Head and feet, which BlazePose locates less well, are left
 * out.
 */
export const SHARE_OF_HEIGHT = 0.246 + 0.245 + 0.288;
const MEASURED = [SEGMENTS.shank, SEGMENTS.thigh, ['shoulder', 'hip'] as const].map(([from, to]) =>
  SIDES.map(side => idsOf(landmarkName(side, from), landmarkName(side, to))),
);

/** A picture shows a segment at most at its true length: in this share of all frames it is shorter. */
const SHORTER_SHARE = 0.8;
/** The spread is measured between these shares around that one: 1.26 deviations of a normal distribution. */
const AROUND = { lower: 0.65, upper: 0.95, deviations: 1.26 } as const;

/** A person's height in the picture, from all frames, in constant memory. */
export class BodyHeight {
  readonly #counts = MEASURED.map(() => new LengthCounts());

  /** @param places in pixels, by landmark id; NaN if absent */
  add(places: readonly { readonly x: number; readonly y: number }[]): void {
    for (const [i, sides] of MEASURED.entries()) {
      const lengths = sides.map(([from, to]) => {
        const [a, b] = [places[from!], places[to!]];
        return Math.hypot((a?.x ?? Number.NaN) - (b?.x ?? Number.NaN), (a?.y ?? Number.NaN) - (b?.y ?? Number.NaN));
      });
      // The far side counts too, whether visible or guessed.
      this.#counts[i]!.add(lengths[0]! / 2 + lengths[1]! / 2);
    }
  }

  /** Pixels from head to heel, standing upright; undefined if no person was seen whole. */
  get value(): number | undefined {
    const lengths = this.#counts.map(counts => counts.quantile(SHORTER_SHARE));
    const sum = lengths.reduce((total, length) => total + length, 0);
    return Number.isFinite(sum) ? sum / SHARE_OF_HEIGHT : undefined;
  }

  /**
   * Variation of the height between the frames that show it best, as a fraction of it: one standard deviation. At least
   * that of the bins in which lengths are counted.
   */
  get spread(): number {
    let [squares, sum] = [0, 0];
    for (const counts of this.#counts) {
      const [lower, upper] = [counts.quantile(AROUND.lower), counts.quantile(AROUND.upper)];
      squares += ((upper - lower) / AROUND.deviations) ** 2;
      sum += counts.quantile(SHORTER_SHARE);
    }
    return Math.hypot(Math.sqrt(squares) / sum, LENGTH_STEP / Math.sqrt(12));
  }
}
