import type { TableFrame } from '../model/table-frame.js';
import type { Bin } from './bins.js';

/** Indexes in a table of the frames in which a run found left and right swapped. */
export class SwappedFrames {
  /** `frame_id`s, as listed in a run record. */
  readonly ids: ReadonlySet<number>;
  /** Places in the table, rising. */
  readonly #places: number[] = [];
  #frames = 0;

  constructor(ids: Iterable<number>) {
    this.ids = new Set(ids);
  }

  add({ frameId }: TableFrame): void {
    if (this.ids.has(frameId)) this.#places.push(this.#frames);
    this.#frames++;
  }

  /** Whether each bin contains one. */
  in(bins: readonly Bin[]): boolean[] {
    return bins.map(([from, to]) => this.#places.some(place => place >= from && place < to));
  }
}
