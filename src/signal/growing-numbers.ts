const FIRST_CAPACITY = 1024;

/** A growing row of numbers. */
export class GrowingNumbers {
  #values = new Float64Array(FIRST_CAPACITY);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  /** Valid until the next number is added. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}
