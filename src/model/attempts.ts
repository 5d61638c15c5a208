/** One attempt at a frame, for `--explain`. */
export interface AttemptRecord {
  /** As in the `strategy` column of the CSV. */
  readonly name: string;
  /** 0-1; null if no person was found. */
  readonly score: number | null;
  readonly milliseconds: number;
}

/** The decision on a frame that needed a retry. */
export interface FrameAttempts {
  readonly frameId: number;
  readonly timestamp: number;
  readonly personId: number | null;
  /** The problem with the first attempt. */
  readonly situation: string;
  readonly tried: readonly AttemptRecord[];
  /** The winner's name; null if the frame stays missing. */
  readonly won: string | null;
  readonly why: string;
}
