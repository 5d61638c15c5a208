import { describe, expect, test } from 'vitest';
import { LIMB_JOINTS } from '../../src/model/body.js';
import type { Pose } from '../../src/model/pose.js';
import type { Circumstances } from '../../src/tracking/evidence.js';
import { judgePose, type Witness, withConfidences } from '../../src/tracking/judge.js';
import { isInPicture } from '../../src/tracking/seen.js';
import { absurdBeyond, cropped, moved, type PlacedPose, truePose, withSignals } from '../support/true-pose.js';

const body = await truePose('wave', 0);
const seated = await truePose('sit', 20);
const WRIST = 15;

function judge(
  pose: Pose,
  { width, height }: PlacedPose,
  known: Partial<Circumstances> = {},
  witness: Partial<Witness> = {},
) {
  const stranger = { refined: false, others: [], expected: undefined, absence: Number.POSITIVE_INFINITY };
  const circumstances: Circumstances = { width, height, ...stranger, ...known };
  return judgePose(pose, circumstances, { box: undefined, swapped: false, ...witness });
}

const hipsOf = ({ landmarks }: Pose) => Math.min(landmarks[23]!.y, landmarks[24]!.y);
const middleOf = ({ landmarks }: Pose) => (landmarks[11]!.x + landmarks[12]!.x) / 2;
const chestOf = (pose: Pose) => (pose.landmarks[11]!.y + hipsOf(pose)) / 2;

/** True poses of which the picture shows only a part. */
const PARTS: readonly (readonly [name: string, pose: PlacedPose])[] = [
  ['a whole body', body],
  ['a sitting person', seated],
  ['head and shoulders', cropped(body, { bottom: chestOf(body) })],
  ['head and shoulders of a sitting person', cropped(seated, { bottom: chestOf(seated) })],
  ['a body down to the hips', cropped(body, { bottom: hipsOf(body) + 0.01 })],
  ['legs only', cropped(body, { top: hipsOf(body) - 0.02 })],
  ['the left side', cropped(body, { left: middleOf(body) })],
  ['the right side', cropped(body, { right: middleOf(body) })],
  ['a person from behind', await truePose('from-behind', 10)],
  ['hands over the head', await truePose('hands-up', 20)],
  ['a person close to a webcam', await truePose('close-webcam', 10)],
  ['a person in the doorway', await truePose('side-cut', 40)],
];
const ENGINES: readonly (readonly [name: string, tell: (pose: PlacedPose) => PlacedPose])[] = [
  ['an engine with signals', withSignals],
  ['one without', pose => pose],
];

describe.each(ENGINES)('true poses of parts of a body, from %s', (_, tell) => {
  test.each(PARTS)('%s is accepted at first sight, and with more confidence while followed', (_, part) => {
    const pose = tell(part);
    const first = judge(pose, pose).score;
    expect(first).toBeGreaterThan(0.75);
    const followed = judge(pose, pose, { expected: pose, absence: 1 / 30, others: [pose] }).score;
    expect(followed).toBeGreaterThan(0.95);
  });

  test.each(PARTS)(
    '%s: absurd guesses beyond the edge cost neither score nor the confidence of what is seen',
    (_, part) => {
      const pose = tell(part);
      const absurd = absurdBeyond(pose);
      for (const known of [{}, { others: [pose], expected: pose, absence: 1 / 30 }]) {
        const [before, after] = [judge(pose, pose, known), judge(absurd, pose, known)];
        expect(after.score).toBeGreaterThan(before.score - 0.05);
        for (const [id, landmark] of pose.landmarks.entries()) {
          if (isInPicture(landmark)) expect(after.confidences[id]).toBeGreaterThan(before.confidences[id]! - 0.05);
        }
      }
    },
  );
});

describe('the judge', () => {
  test('gives a probability for each landmark and for the whole', () => {
    const { confidences, score } = judge(body, body);
    expect(confidences).toHaveLength(33);
    for (const value of [...confidences, score]) expect(value > 0 && value < 1).toBe(true);
    expect(withConfidences(body, confidences).landmarks.map(({ confidence }) => confidence)).toEqual(confidences);
  });

  test('rejects scattered joints', () => {
    const nonsense = {
      ...body,
      presence: 0.3,
      landmarks: body.landmarks.map((mark, id) => ({ ...mark, x: (id * 0.37) % 1, y: (id * 0.61) % 1 })),
      worldLandmarks: body.worldLandmarks.map((_, id) => ({ x: (id * 0.37) % 1, y: (id * 0.61) % 1, z: 0 })),
    };
    expect(judge(nonsense, body).score).toBeLessThan(0.1);
    expect(judge(withSignals(nonsense, { peak: 0.1, offset: 0.3 }), body).score).toBeLessThan(0.5);
  });

  /** Each list is worse than the one before. */
  const falling = (scores: readonly number[]) => {
    for (const [i, score] of scores.entries()) if (i > 0) expect(score).toBeLessThan(scores[i - 1]!);
  };

  test('trusts a landmark less the lower and wider its heatmap is, and the further away its peak', () => {
    const trust = (signals: Parameters<typeof withSignals>[1]) =>
      judge(withSignals(body, signals), body).confidences[WRIST]!;
    falling([0.9, 0.6, 0.3, 0.1].map(peak => trust({ peak })));
    falling([0.01, 0.03, 0.06].map(spread => trust({ spread })));
    falling([0, 0.02, 0.1, 0.4].map(offset => trust({ offset })));
  });

  test('trusts a landmark less the less visible and present it is', () => {
    const visible = (visibility: number) => ({
      ...body,
      landmarks: body.landmarks.map((mark, id) => (id === WRIST ? { ...mark, visibility } : mark)),
    });
    for (const tell of ENGINES.map(([, how]) => how)) {
      falling([0.98, 0.6, 0.2].map(visibility => judge(tell(visible(visibility)), body).confidences[WRIST]!));
    }
    falling([0.98, 0.5, 0.1].map(presence => judge(withSignals(body, { presence }), body).confidences[WRIST]!));
  });

  test('a low heatmap of one joint lowers the score, but hardly the confidence of others', () => {
    const pose = withSignals(body);
    const unsure = { ...pose, signals: pose.signals?.slice() };
    unsure.signals?.set([0.98, 0.05, 0.3, 0.05], WRIST * 4);
    const [before, after] = [judge(pose, body), judge(unsure, body)];
    expect(after.score).toBeLessThan(before.score);
    expect(after.confidences[WRIST]).toBeLessThan(before.confidences[WRIST]!);
    for (const id of LIMB_JOINTS.filter(joint => joint !== WRIST)) {
      expect(after.confidences[id]).toBeCloseTo(before.confidences[id]!, 6);
    }
  });

  test.each(ENGINES)("a finder's box that holds less of the pose lowers the score, from %s", (_, tell) => {
    falling([1, 0.7, 0.4, 0].map(box => judge(tell(body), body, {}, { box }).score));
    const unasked = judge(tell(body), body).score;
    expect(judge(tell(body), body, {}, { box: 0 }).score).toBeLessThan(unasked);
  });

  test.each(ENGINES)(
    'the further a pose is from where the motion leads, the less it is believed, from %s',
    (_, tell) => {
      const pose = tell(body);
      const known = [0, 0.01, 0.03, 0.1, 0.3].map(way => ({ expected: moved(pose, way), absence: 1 / 30 }));
      falling(known.map(one => judge(pose, body, one).score));
      falling(known.map(one => judge(pose, body, one).confidences[WRIST]!));
    },
  );

  test('if an engine reports no signals, the further apart two attempts are, the less both are trusted', () => {
    const known = [0, 0.01, 0.03, 0.1].map(way => ({ others: [moved(body, way)] }));
    falling(known.map(one => judge(body, body, one).score));
    falling(known.map(one => judge(body, body, one).confidences[WRIST]!));
  });

  test.each(ENGINES)(
    'a joint that another attempt places elsewhere is trusted less than the rest, from %s',
    (_, tell) => {
      const pose = tell(body);
      const other = {
        ...pose,
        landmarks: pose.landmarks.map((mark, id) => (id === WRIST ? { ...mark, y: 0.9 } : mark)),
      };
      const { confidences } = judge(pose, body, { others: [other] });
      expect(confidences[WRIST]).toBeLessThan(confidences[WRIST + 1]! - 0.005);
    },
  );

  test.each(ENGINES)('metres that do not project onto the picture lower the score, from %s', (_, tell) => {
    const turned = { ...body, worldLandmarks: body.worldLandmarks.map(({ x, y, z }) => ({ x: -x, y: -y, z })) };
    expect(judge(tell(turned), body).score).toBeLessThan(judge(tell(body), body).score);
  });
});
