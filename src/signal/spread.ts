/** Mean and variation, by Welford's method. */
export class Spread {
  #n = 0;
  #mean = 0;
  #squares = 0;

  add(value: number): void {
    const off = value - this.#mean;
    this.#mean += off / ++this.#n;
    this.#squares += off * (value - this.#mean);
  }

  get count(): number {
    return this.#n;
  }

  get mean(): number {
    return this.#mean;
  }

  get variation(): number {
    return this.#n < 2 || this.#mean === 0 ? 0 : Math.sqrt(this.#squares / (this.#n - 1)) / this.#mean;
  }
}
