/**
 * Counts the time in which this process ran. While the whole tree is stopped (Ctrl-Z, `docker pause`, a laptop that
 * sleeps) the system's clock may go on, and nothing that is watched over can do anything: such time must not count
 * against it.
 */
export class AwakeClock {
  readonly #mostMs: number;
  #awakeMs = 0;
  #last = performance.now();

  /**
   * @param everyMs how often `now` is asked at least, while this process runs; what is longer than twice that was not
   * run
   */
  constructor(everyMs: number) {
    this.#mostMs = 2 * everyMs;
  }

  /** Milliseconds since it was made. */
  now(): number {
    const now = performance.now();
    this.#awakeMs += Math.min(now - this.#last, this.#mostMs);
    this.#last = now;
    return this.#awakeMs;
  }
}
