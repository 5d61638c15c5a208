/** One attempt at a frame, for `--explain`. */
export interface AttemptRecord {
  /** As in the CSV's `strategy`. */
  readonly name: string;
  /** 0-1, or null where nobody was found. */
  readonly score: number | null;
  readonly milliseconds: number;
}

/** How a frame that needed more than its first attempt was decided. */
export interface FrameAttempts {
  readonly frameId: number;
  readonly timestamp: number;
  readonly personId: number | null;
  /** What was wrong with the first attempt. */
  readonly situation: string;
  readonly tried: readonly AttemptRecord[];
  /** The winner's name, or null where the frame stays missing. */
  readonly won: string | null;
  readonly why: string;
}
