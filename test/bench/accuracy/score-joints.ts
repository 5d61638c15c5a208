import { LANDMARK_COUNT } from '../../../src/model/blazepose.js';
import { LIMB_JOINTS } from '../../../src/model/body.js';
import { torsoLength } from './metrics.js';
import { isInside, type PredictedFrame, type PredictedPose, type TrueClip } from './poses.js';
import { confidentOf, type Reliability, type Reported, reliabilityOf } from './reliability.js';
import { matchFrame } from './score-clip.js';

/** A joint is right within this fraction of the true torso. */
export const RIGHT_JOINT = 0.2;

/** Accuracy of single joints. A joint is one of `LIMB_JOINTS` unless stated otherwise. */
export interface JointScore {
  /** Joints of all people that lie in the picture, hidden or not, over all frames: each is required. */
  readonly jointsWanted: number;
  /** Those among them reported within a fifth of the torso. A missing pose has none. */
  readonly jointsRight: number;
  /** Joints reported with confidence, in the picture or not, of real or false people; and the right ones among them. */
  readonly confident: readonly [reported: number, right: number];
  /** All reported joints, by confidence; and all 33 landmarks. */
  readonly limbReliability: Reliability;
  readonly landmarkReliability: Reliability;
  /** How often the body behind an id changed, while the id was never absent. */
  readonly silentChanges: number;
}

/**
 * Counts, for each id, the frames in which it means another person than in the frames before, without a gap
 * between.
 */
function countSilentChanges(frames: readonly ReadonlyMap<number, number | undefined>[]): number {
  let changes = 0;
  let before = new Map<number, number | undefined>();
  for (const frame of frames) {
    const now = new Map<number, number | undefined>();
    for (const [id, person] of frame) {
      const last = before.get(id);
      if (person !== undefined && last !== undefined && person !== last) changes++;
      // A false body in between does not make it a new id.
      now.set(id, person ?? last);
    }
    before = now;
  }
  return changes;
}

/** The landmarks of a pose, by id. */
function reportedOf(pose: PredictedPose, isRight: (id: number) => boolean): Map<number, Reported> {
  const reported = new Map<number, Reported>();
  for (let id = 0; id < LANDMARK_COUNT; id++) {
    if (pose.image[id]) reported.set(id, { confidence: pose.confidence?.[id] ?? 1, right: isRight(id) });
  }
  return reported;
}

/** Compares the joints of a clip with its truth. Both have the same frames. */
export function scoreJoints(clip: TrueClip, predicted: readonly PredictedFrame[]): JointScore {
  let jointsWanted = 0;
  let jointsRight = 0;
  const limbs: Reported[] = [];
  const landmarks: Reported[] = [];
  const ids: Map<number, number | undefined>[] = [];
  for (const [frame, { people }] of predicted.entries()) {
    const { matched } = matchFrame(clip, frame, people);
    const personOf = new Map([...matched].map(([person, pose]) => [pose, person] as const));
    const isRight = (pose: PredictedPose, id: number) => {
      const truth = clip.frames[frame]![personOf.get(pose) ?? -1];
      const at = pose.image[id];
      if (!truth || !at) return false;
      const off = Math.hypot(at[0] - truth.image[id]![0], at[1] - truth.image[id]![1]);
      return off <= RIGHT_JOINT * torsoLength(truth.camera, clip.focal);
    };
    for (const [person, truth] of clip.frames[frame]!.entries()) {
      const pose = matched.get(person);
      const wanted = LIMB_JOINTS.filter(id => isInside(truth.image[id]!, clip));
      jointsWanted += wanted.length;
      if (pose) jointsRight += wanted.filter(id => isRight(pose, id)).length;
    }
    for (const pose of people) {
      const reported = reportedOf(pose, id => isRight(pose, id));
      landmarks.push(...reported.values());
      limbs.push(...[...reported].filter(([id]) => LIMB_JOINTS.includes(id)).map(([, one]) => one));
    }
    ids.push(new Map(people.map(pose => [pose.personId, personOf.get(pose)])));
  }
  return {
    jointsWanted,
    jointsRight,
    confident: confidentOf(limbs),
    limbReliability: reliabilityOf(limbs),
    landmarkReliability: reliabilityOf(landmarks),
    silentChanges: countSilentChanges(ids),
  };
}
