import type { Piece } from '../../analyze/segments/analyse-piece.js';

/** One video to be analysed. */
export interface Input {
  /** As the user would write it. */
  readonly path: string;
  /**
   * Path below the folder that was named, or the file's own name, with slashes: decides names of outputs and the shard.
   */
  readonly relative: string;
  /** Name of the folder that `relative` begins in. */
  readonly parent: string;
  /** `relative` without its extension. */
  readonly stem: string;
  /** What a plan calls its outputs; undefined: the ledger chooses. */
  readonly name?: string;
  /** The segments of it that a part of a plan analyses; undefined: the whole video. */
  readonly piece?: Piece | undefined;
}
