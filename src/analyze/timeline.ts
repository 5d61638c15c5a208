import type { RunTimeline } from '../model/run-record.js';

const MOST_BINS = 120;
const FIRST_EVERY_SECONDS = 0.5;

/**
 * Progress and memory of a run over its time, in a bounded number of bins: in longer runs, pairs of bins are merged.
 */
export class Timeline {
  #everySeconds = FIRST_EVERY_SECONDS;
  #frames: number[] = [];
  #memory: number[] = [];

  /** A moment of the run. @param frames analysed so far @param memory of the process tree in bytes */
  add(seconds: number, frames: number, memory: number): void {
    while (Math.floor(seconds / this.#everySeconds) >= MOST_BINS) this.#halve();
    const bin = Math.floor(seconds / this.#everySeconds);
    // Without a new sample, the last one applies.
    while (this.#frames.length <= bin) {
      this.#frames.push(this.#frames.at(-1) ?? 0);
      this.#memory.push(0);
    }
    this.#frames[bin] = frames;
    this.#memory[bin] = Math.max(this.#memory[bin] ?? 0, memory);
  }

  get state(): RunTimeline {
    return { everySeconds: this.#everySeconds, frames: [...this.#frames], memory: [...this.#memory] };
  }

  restore({ everySeconds, frames, memory }: RunTimeline): void {
    this.#everySeconds = everySeconds;
    this.#frames = [...frames];
    this.#memory = [...memory];
  }

  #halve(): void {
    const pairs = Array.from({ length: Math.ceil(this.#frames.length / 2) }, (_, i) => 2 * i);
    this.#frames = pairs.map(i => this.#frames[i + 1] ?? this.#frames[i] ?? 0);
    this.#memory = pairs.map(i => Math.max(this.#memory[i] ?? 0, this.#memory[i + 1] ?? 0));
    this.#everySeconds *= 2;
  }
}
