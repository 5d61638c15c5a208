/** The values of a channel in a bin of time; the extremes to seven digits. */
export interface BinValue {
  readonly mean: number;
  readonly least: number;
  readonly most: number;
}

/** Numbers over time in a bounded number of bins: with more frames, pairs of bins are merged. */
export class BinnedSeries {
  readonly #channels: number;
  readonly #capacity: number;
  readonly #sums: Float64Array;
  readonly #counts: Uint32Array;
  readonly #least: Float32Array;
  readonly #most: Float32Array;
  #framesPerBin = 1;
  #frames = 0;

  /** @param capacity bins at most; even */
  constructor(channels: number, capacity: number) {
    this.#channels = channels;
    this.#capacity = capacity;
    const size = channels * capacity;
    this.#sums = new Float64Array(size);
    this.#counts = new Uint32Array(size);
    this.#least = new Float32Array(size).fill(Number.POSITIVE_INFINITY);
    this.#most = new Float32Array(size).fill(Number.NEGATIVE_INFINITY);
  }

  get bins(): number {
    return Math.ceil(this.#frames / this.#framesPerBin);
  }

  /** Adds the next frame. @param values one for each channel; undefined or NaN: none */
  add(values: readonly (number | undefined)[]): void {
    if (this.#frames === this.#capacity * this.#framesPerBin) this.#halve();
    const row = Math.floor(this.#frames++ / this.#framesPerBin) * this.#channels;
    for (let channel = 0; channel < this.#channels; channel++) {
      const value = values[channel];
      if (value === undefined || Number.isNaN(value)) continue;
      const at = row + channel;
      this.#sums[at]! += value;
      this.#counts[at]!++;
      this.#least[at] = Math.min(this.#least[at]!, value);
      this.#most[at] = Math.max(this.#most[at]!, value);
    }
  }

  /** Frames without values. */
  skip(frames: number): void {
    for (let i = 0; i < frames; i++) this.add([]);
  }

  get(bin: number, channel: number): BinValue | undefined {
    const at = bin * this.#channels + channel;
    const count = this.#counts[at] ?? 0;
    if (count === 0) return undefined;
    return {
      mean: this.#sums[at]! / count,
      least: this.#least[at]!,
      most: this.#most[at]!,
    };
  }

  #halve(): void {
    const { length } = this.#sums;
    for (let at = 0; at < length; at++) {
      const bin = Math.floor(at / this.#channels);
      const [a, b] = [at + bin * this.#channels, at + (bin + 1) * this.#channels];
      const isThere = b < length;
      this.#sums[at] = isThere ? this.#sums[a]! + this.#sums[b]! : 0;
      this.#counts[at] = isThere ? this.#counts[a]! + this.#counts[b]! : 0;
      this.#least[at] = isThere ? Math.min(this.#least[a]!, this.#least[b]!) : Number.POSITIVE_INFINITY;
      this.#most[at] = isThere ? Math.max(this.#most[a]!, this.#most[b]!) : Number.NEGATIVE_INFINITY;
    }
    this.#framesPerBin *= 2;
  }
}
