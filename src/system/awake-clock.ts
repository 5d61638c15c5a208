/**
 * Counts the time in which this process ran. While the whole tree is stopped (Ctrl-Z, `docker pause`, a sleeping
 * laptop) the system's clock may continue although no child can make progress: such time must not count against it.
 */
export class AwakeClock {
  readonly #mostMs: number;
  #awakeMs = 0;
  #last = performance.now();

  /**
   * @param everyMs maximum interval between calls of `now` while this process runs; an interval more than twice as long
   * was a stop
   */
  constructor(everyMs: number) {
    this.#mostMs = 2 * everyMs;
  }

  /** Milliseconds since its creation. */
  now(): number {
    const now = performance.now();
    this.#awakeMs += Math.min(now - this.#last, this.#mostMs);
    this.#last = now;
    return this.#awakeMs;
  }
}
