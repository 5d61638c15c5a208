/** Moments counted, and the first of them in seconds. */
export interface Moments {
  readonly count: number;
  readonly at: readonly number[];
}

/** What one person's landmarks are worth, in the time from their first frame to their last. */
export interface PersonQuality {
  readonly personId: number;
  /** In which the person was found. */
  readonly frames: number;
  /** First and last moment, in seconds. */
  readonly from: number;
  readonly to: number;
  /** Share of the frames in that time in which the person was found, 0-1. */
  readonly detectionRate: number;
  /** The rest. */
  readonly missingRate: number;
  /** Mean score of the poses, 0-1. */
  readonly confidence: number;
  /** As in `Quality`. */
  readonly consistency: number;
  readonly jumps: Moments;
  readonly swaps: Moments;
  readonly jitter: number;
  /** Whether all gates are passed. */
  readonly researchGrade: boolean;
  readonly reasons: readonly string[];
}

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
  /**
   * Times that a person's hips jump by more than half a torso from one frame to the next, and the first moments of it.
   */
  readonly jumps: Moments;
  /** Times that left and right change places from one frame to the next, and the first moments of it. */
  readonly swaps: Moments;
  /**
   * Standard deviation of each bone's length in space, by its mean: 0 for a skeleton that keeps its lengths. Of several
   * people the mean, by their frames.
   */
  readonly boneVariation: Readonly<Record<string, number>>;
  /** 1 minus the mean of `boneVariation`, 0-1. */
  readonly consistency: number;
  /**
   * Median over landmarks of how far they are from the middle of their neighbours in time, in parts of the torso: what
   * shakes from frame to frame.
   */
  readonly jitter: number;
  /** Each person by themselves, by id. */
  readonly people: readonly PersonQuality[];
  /** Times that a frame's only person is another one than the one before; null where several are seen at once. */
  readonly personChanges: number | null;
  /**
   * Whether all gates are passed, over all frames and by each person, and the person never changes where one is seen at
   * a time.
   */
  readonly researchGrade: boolean;
  /** What speaks against it. */
  readonly reasons: readonly string[];
}
