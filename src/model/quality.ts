/** What a video's landmarks are worth, told from the table alone. */
export interface Quality {
  readonly frames: number;
  /** Share of all frames in which somebody was found, 0-1. */
  readonly detectionRate: number;
  /** The rest. */
  readonly missingRate: number;
  /** Mean score of the poses, 0-1. */
  readonly confidence: number;
  /** Frames of the longest time without anybody, and when it begins in seconds. */
  readonly longestGap: { readonly frames: number; readonly at: number | null };
  /** Means over all poses, by landmark, 0-1. */
  readonly visibility: Readonly<Record<string, number>>;
  /** The same of confidences; null where the table has none. */
  readonly landmarkConfidence: Readonly<Record<string, number>> | null;
  /** Times that a person's hips leap by more than half a torso from one frame to the next, and the first moments of it. */
  readonly jumps: { readonly count: number; readonly at: readonly number[] };
  /** Times that left and right change places from one frame to the next, and the first moments of it. */
  readonly swaps: { readonly count: number; readonly at: readonly number[] };
  /** Standard deviation of each bone's length in space, by its mean: 0 for a skeleton that keeps its lengths. */
  readonly boneVariation: Readonly<Record<string, number>>;
  /** 1 minus the mean of `boneVariation`, 0-1. */
  readonly consistency: number;
  /** Median over landmarks of how far they are from the middle of their neighbours in time, in parts of the torso: what shakes from frame to frame. */
  readonly jitter: number;
  /** Whether all gates are passed. */
  readonly researchGrade: boolean;
  /** Those that are not. */
  readonly reasons: readonly string[];
}
