/** A step this many times the usual one is a pause, and does not count towards the rate. */
const PAUSE = 10;
/** Steps from a microsecond to an hour, counted in bins of half a per cent. */
const LEAST_STEP_SECONDS = 1e-6;
const BIN = Math.log(1.005);
const BINS = Math.ceil(Math.log(3600 / LEAST_STEP_SECONDS) / BIN) + 1;

/** The frame rate of rising times, in constant memory: that of the frames between pauses. */
export class StepRate {
  readonly #counts = new Uint32Array(BINS);
  readonly #seconds = new Float64Array(BINS);
  #last: number | undefined;
  #longest = 0;

  /** @param time of the next frame in seconds, later than the one before */
  add(time: number): void {
    const step = this.#last === undefined ? undefined : time - this.#last;
    this.#last = time;
    if (step === undefined) return;
    const bin = Math.floor(Math.log(Math.max(step, LEAST_STEP_SECONDS) / LEAST_STEP_SECONDS) / BIN);
    const kept = Math.min(bin, BINS - 1);
    this.#counts[kept]!++;
    this.#seconds[kept]! += step;
    this.#longest = Math.max(this.#longest, step);
  }

  /** Average frames per second, without pauses; 0 if there are fewer than two frames. */
  get rate(): number {
    const end = this.#firstPause();
    const seconds = sum(this.#seconds.subarray(0, end));
    return seconds > 0 ? sum(this.#counts.subarray(0, end)) / seconds : 0;
  }

  /** Number of pauses, steps ten times as long as the usual one, and the longest of them in seconds. */
  get pauses(): { readonly count: number; readonly longest: number } {
    const count = sum(this.#counts.subarray(this.#firstPause()));
    return { count, longest: count > 0 ? this.#longest : 0 };
  }

  /** The bin of the shortest pause. */
  #firstPause(): number {
    const half = sum(this.#counts) / 2;
    let seen = 0;
    const usual = this.#counts.findIndex(count => {
      seen += count;
      return count > 0 && seen >= half;
    });
    return usual < 0 ? BINS : Math.min(BINS, usual + Math.ceil(Math.log(PAUSE) / BIN));
  }
}

function sum(numbers: Uint32Array | Float64Array): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
