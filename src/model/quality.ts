/** A count of moments, and the first of them in seconds. */
export interface Moments {
  readonly count: number;
  readonly at: readonly number[];
}

/** One check of a value against its limit. */
export interface Gate {
  /** `changes`: how often a frame's only person differs from the one before; `people`: people who fail their gates. */
  readonly name: 'detectionRate' | 'confidence' | 'consistency' | 'missingRate' | 'changes' | 'people';
  readonly value: number;
  /** Whether the limit is the lowest or the highest value that passes. */
  readonly bound: 'least' | 'most';
  readonly limit: number;
  readonly passed: boolean;
}

/** A time without a person: its frames, and its start in seconds, null if none exists. */
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

/** How far the plane of an angle is rotated out of the picture plane, over all poses. */
export interface PlaneTurn {
  /** Median, in whole degrees, 0-90; null if never known. */
  readonly medianDegrees: number | null;
  /** Share of the poses in which it exceeds 30 degrees, 0-1: there the 2D angle is not the joint's. */
  readonly beyondLimit: number;
}

/** Quality of one person's landmarks, from their first frame to their last. */
export interface PersonQuality {
  readonly personId: number;
  /** Frames in which the person was found. */
  readonly frames: number;
  /** Frames from the first to the last of these. */
  readonly spanFrames: number;
  /** First and last moment, in seconds. */
  readonly from: number;
  readonly to: number;
  /** Share of the frames in that time in which the person was found, 0-1. */
  readonly detectionRate: number;
  /** Frames in between without the person. */
  readonly missingRate: number;
  /** Mean score of the poses, 0-1. */
  readonly confidence: number;
  /** As in `Quality`. */
  readonly consistency: number;
  readonly jumps: Moments;
  readonly swaps: Moments;
  readonly jitter: number;
  /** The longest time in between without the person; `at`: when last seen. */
  readonly longestGap: Gap;
  readonly gates: readonly Gate[];
  /** Whether all `gates` pass, and nothing else: read those, with their values. */
  readonly researchGrade: boolean;
  readonly reasons: readonly string[];
}

/** Quality of a video's landmarks, from the table alone. */
export interface Quality {
  readonly frames: number;
  /** Share of all frames with a person, 0-1. */
  readonly detectionRate: number;
  /** Frames without a person. */
  readonly missingRate: number;
  /** Mean score of the poses, 0-1. */
  readonly confidence: number;
  /** Frames of the longest time without any person, and its start in seconds. */
  readonly longestGap: Gap;
  /** Frames in which no person was found. */
  readonly missingFrames: number;
  /** The poses with the lowest scores, half a second apart at least, the lowest first. */
  readonly lowestScores: readonly LowScore[];
  /** Share of each body part's landmarks whose confidence is below 0.5, or that have no position, 0-1. */
  readonly unseen: Readonly<Record<string, number>>;
  /** By the name of the angle; segments are left out. */
  readonly planes: Readonly<Record<string, PlaneTurn>>;
  /** Means over all poses, by landmark, 0-1. */
  readonly visibility: Readonly<Record<string, number>>;
  /** The same for confidences; null if the table has none. */
  readonly landmarkConfidence: Readonly<Record<string, number>> | null;
  /**
   * Times that a person's hips jump by more than half a torso from one frame to the next, and the first moments of it.
   */
  readonly jumps: Moments;
  /** Number of swaps of left and right from one frame to the next, and the first moments. */
  readonly swaps: Moments;
  /**
   * Standard deviation of each bone's length in space over its mean: 0 for a skeleton of constant lengths. For several
   * people the mean, weighted by their frames.
   */
  readonly boneVariation: Readonly<Record<string, number>>;
  /** 1 minus the mean of `boneVariation`, 0-1. */
  readonly consistency: number;
  /**
   * Median over landmarks of their distance from the midpoint of their neighbours in time, in torso lengths: shaking
   * from frame to frame.
   */
  readonly jitter: number;
  /** Each person separately, by id. */
  readonly people: readonly PersonQuality[];
  /** How often a frame's only person differs from the one before; null if several are seen at once. */
  readonly personChanges: number | null;
  /** The checks over all frames, including that each of several people passes, and that a lone one never changes. */
  readonly gates: readonly Gate[];
  /**
   * Whether all `gates` pass, and nothing else: a conjunction, kept for existing readers. It does not cover angles,
   * jumps or swaps.
   */
  readonly researchGrade: boolean;
  /** The failed gates in words. */
  readonly reasons: readonly string[];
}
