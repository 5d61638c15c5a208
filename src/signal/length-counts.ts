/** Lengths from 1 to 16384 in bins of half a per cent. */
export const LENGTH_STEP = Math.log(1.005);
const BINS = Math.ceil(Math.log(16384) / LENGTH_STEP);

/** Lengths of any number of frames, in constant memory. */
export class LengthCounts {
  readonly #counts = new Uint32Array(BINS);
  #total = 0;

  /** @param length a shorter one than 1, or NaN, does not count */
  add(length: number): void {
    if (!(length >= 1)) return;
    this.#counts[Math.min(BINS - 1, Math.floor(Math.log(length) / LENGTH_STEP))]!++;
    this.#total++;
  }

  /** The length that this share of all does not exceed, 0-1; NaN if none exist. */
  quantile(share: number): number {
    let seen = 0;
    for (const [bin, count] of this.#counts.entries()) {
      seen += count;
      if (count > 0 && seen >= share * this.#total) return Math.exp((bin + 0.5) * LENGTH_STEP);
    }
    return Number.NaN;
  }
}
