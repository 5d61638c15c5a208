/** Moments counted, and the first of them in seconds. */
export interface Moments {
  readonly count: number;
  readonly at: readonly number[];
}

/** One check of a number against its limit. */
export interface Gate {
  /** `changes`: times that the only person in a frame is another one; `people`: people who do not pass their gates. */
  readonly name: 'detectionRate' | 'confidence' | 'consistency' | 'missingRate' | 'changes' | 'people';
  readonly value: number;
  /** Whether the limit is the least value that passes, or the most. */
  readonly bound: 'least' | 'most';
  readonly limit: number;
  readonly passed: boolean;
}

/** A time without somebody: its frames, and when it begins in seconds, null where there is none. */
export interface Gap {
  readonly frames: number;
  readonly at: number | null;
}

/** A pose with a low score. */
export interface LowScore {
  readonly score: number;
  /** In seconds. */
  readonly at: number;
  readonly frameId: number;
  readonly personId: number;
}

/** How far the plane of an angle is turned out of the picture's, over all poses. */
export interface PlaneTurn {
  /** Median, in whole degrees, 0-90; null where it is never known. */
  readonly medianDegrees: number | null;
  /** Share of the poses in which it is more than 30 degrees, 0-1: there the angle in the picture is not the joint's. */
  readonly beyondLimit: number;
}

/** What one person's landmarks are worth, in the time from their first frame to their last. */
export interface PersonQuality {
  readonly personId: number;
  /** In which the person was found. */
  readonly frames: number;
  /** Frames from the first to the last of them. */
  readonly spanFrames: number;
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
  /** The longest time between their first moment and their last in which they were not found; `at`: when last seen. */
  readonly longestGap: Gap;
  readonly gates: readonly Gate[];
  /** Whether all `gates` are passed, and nothing else: read those, with their numbers. */
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
  readonly longestGap: Gap;
  /** Frames in which nobody was found. */
  readonly missingFrames: number;
  /** The poses with the lowest scores, half a second apart at least, the lowest first. */
  readonly lowestScores: readonly LowScore[];
  /** Share of the landmarks of each part of the body whose confidence is below 0.5, or that have no place, 0-1. */
  readonly unseen: Readonly<Record<string, number>>;
  /** By the name of the angle; segments have no entry. */
  readonly planes: Readonly<Record<string, PlaneTurn>>;
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
  /** What was checked over all frames: also that each of several people passes, and that a lone one never changes. */
  readonly gates: readonly Gate[];
  /**
   * Whether all `gates` are passed, and nothing else: a conjunction, kept for those who read it. It says nothing of
   * angles, jumps or swaps.
   */
  readonly researchGrade: boolean;
  /** What speaks against it. */
  readonly reasons: readonly string[];
}
