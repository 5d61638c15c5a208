/**
 * Divides work into parts of about equal sums: the largest piece first, each into the part with the least work so far
 * (longest processing time first; Graham 1969: at most 4/3 of the best possible).
 * @param work of each piece, any unit
 * @returns the part of each piece, from 1
 */
export function balance(work: readonly number[], parts: number): number[] {
  const heap = new LeastFirst(parts);
  const order = work.map((_, at) => at).sort((a, b) => (work[b] ?? 0) - (work[a] ?? 0) || a - b);
  const result = new Array<number>(work.length).fill(1);
  for (const at of order) result[at] = heap.add(work[at] ?? 0);
  return result;
}

interface Part {
  readonly number: number;
  work: number;
  pieces: number;
}

/** A binary heap, since parts and pieces may number a hundred thousand each. */
class LeastFirst {
  readonly #parts: Part[];

  constructor(count: number) {
    this.#parts = Array.from({ length: count }, (_, at) => ({ number: at + 1, work: 0, pieces: 0 }));
  }

  /** @returns the part that received the work */
  add(work: number): number {
    const [least] = this.#parts as [Part];
    least.work += work;
    least.pieces++;
    this.#sink();
    return least.number;
  }

  #sink(): void {
    for (let at = 0; ; ) {
      const children = [2 * at + 1, 2 * at + 2].filter(child => child < this.#parts.length);
      const least = children.reduce((a, b) => (this.#isLess(b, a) ? b : a), at);
      if (least === at) return;
      const [a, b] = [this.#parts[at] as Part, this.#parts[least] as Part];
      [this.#parts[at], this.#parts[least]] = [b, a];
      at = least;
    }
  }

  #isLess(a: number, b: number): boolean {
    const [p, q] = [this.#parts[a] as Part, this.#parts[b] as Part];
    return p.work - q.work < 0 || (p.work === q.work && (p.pieces - q.pieces || p.number - q.number) < 0);
  }
}
