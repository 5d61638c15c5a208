import { describe, expect, test } from 'vitest';
import { LIMB_JOINTS } from '../../../src/model/body.js';
import { HAS_REAL_FOOTAGE } from '../../support/reference-clips.js';
import type { Point2 } from '../accuracy/metrics.js';
import type { PredictedPose } from '../accuracy/poses.js';
import { optionsOf } from './run-analysis.js';
import { scorePicture } from './score-picture.js';
import { type LabelledPerson, type LabelledPicture, readStillLabels, torsoDiagonal } from './still-labels.js';

const SIZE = { width: 640, height: 480 };

/** A person of 100 x 200 pixels whose torso's diagonal is 50 pixels long. */
function somebody(left: number, top: number): LabelledPerson {
  const places: Record<number, Point2> = { 11: [60, 40], 12: [30, 40], 23: [60, 80], 24: [30, 80] };
  const joints = new Map(LIMB_JOINTS.map(id => [id, places[id] ?? ([id * 3, id * 7] as const)] as const));
  return {
    joints: new Map([...joints].map(([id, [x, y]]) => [id, [left + x, top + y] as const])),
    marks: 12,
    box: { left, top, width: 100, height: 200 },
  };
}

/** A pose that has the labelled joints, all shifted to the right by some pixels. */
function poseOf({ joints }: LabelledPerson, off = 0, only: readonly number[] = LIMB_JOINTS): PredictedPose {
  const image: Point2[] = Array.from({ length: 33 }, (_, id) => {
    const [x, y] = joints.get(id) ?? [0, 0];
    return [x + (only.includes(id) ? off : 0), y];
  });
  return { personId: 0, score: 1, image, world: [], confidence: image.map(() => 0.9) };
}

const pictureOf = (people: LabelledPerson[], more: Partial<LabelledPicture> = {}): LabelledPicture => ({
  set: 'coco',
  path: '',
  people,
  crowds: [],
  isComplete: true,
  ...more,
});

describe('labelled pictures', () => {
  const [one, two] = [somebody(20, 20), somebody(300, 100)];

  test('all people found: all joints right, none false', () => {
    const score = scorePicture(pictureOf([one, two]), [poseOf(two), poseOf(one)], SIZE);
    expect(score).toMatchObject({ asked: 2, found: 2, joints: 24, right: 24, pck: [1, 1], falsePeople: 0 });
  });

  test('a fifth of the diagonal, which is 50 pixels, is the limit', () => {
    expect(torsoDiagonal(one)).toBe(50);
    expect(scorePicture(pictureOf([one]), [poseOf(one, 9.9)], SIZE).right).toBe(12);
    expect(scorePicture(pictureOf([one]), [poseOf(one, 10.1)], SIZE).right).toBe(0);
  });

  test('a person is found with half of the joints, but not with fewer', () => {
    const off = (joints: number) =>
      scorePicture(pictureOf([one]), [poseOf(one, 40, LIMB_JOINTS.slice(0, joints))], SIZE);
    expect([off(6), off(7)]).toMatchObject([
      { found: 1, right: 6 },
      { found: 0, right: 5 },
    ]);
  });

  test('one pose is not given to two people, and a second pose of one person is not a false one', () => {
    expect(scorePicture(pictureOf([one, two]), [poseOf(one)], SIZE)).toMatchObject({ found: 1, right: 12 });
    expect(scorePicture(pictureOf([one]), [poseOf(one), poseOf(one, 3)], SIZE)).toMatchObject({
      found: 1,
      falsePeople: 0,
    });
  });

  test('a pose far from all people is a false one; in a box with few marks, in a crowd, or if not all are marked, it is not', () => {
    const falsePeople = (picture: LabelledPicture) =>
      scorePicture(picture, [poseOf(one), poseOf(two)], SIZE).falsePeople;
    expect(falsePeople(pictureOf([one]))).toBe(1);
    expect(falsePeople(pictureOf([one, { ...two, joints: new Map(), marks: 0 }]))).toBe(0);
    expect(falsePeople(pictureOf([one], { crowds: [{ left: 250, top: 0, width: 300, height: 400 }] }))).toBe(0);
    expect(falsePeople(pictureOf([one], { isComplete: false }))).toBeUndefined();
  });

  test('a person with fewer than eight marks is not required', () => {
    expect(scorePicture(pictureOf([{ ...one, marks: 7 }]), [], SIZE)).toMatchObject({ asked: 0, joints: 0 });
  });

  test('the other diagonal, and then the box, replace an unmarked torso', () => {
    const without = (...ids: number[]) => ({
      ...one,
      joints: new Map([...one.joints].filter(([id]) => !ids.includes(id))),
    });
    expect(torsoDiagonal(without(11))).toBe(50);
    expect(torsoDiagonal(without(11, 12))).toBeCloseTo(66, 6);
  });

  test('a way is a mode and further options, or options alone', () => {
    expect(optionsOf('track --model heavy')).toEqual(['--mode', 'track', '--model', 'heavy']);
    expect(optionsOf('--people 2')).toEqual(['--people', '2']);
  });

  test.runIf(HAS_REAL_FOOTAGE)("the label files: people, marks, and the person's own left", async () => {
    const [coco, mpii, jhmdb] = await Promise.all((['coco', 'mpii', 'jhmdb'] as const).map(readStillLabels));
    const asked = (pictures: LabelledPicture[]) =>
      pictures.flatMap(picture => picture.people.filter(one => one.marks >= 8));
    const joints = (pictures: LabelledPicture[]) => asked(pictures).reduce((sum, { joints }) => sum + joints.size, 0);
    expect([asked(coco!).length, joints(coco!)]).toEqual([12, 135]);
    expect([asked(mpii!).length, joints(mpii!)]).toEqual([5, 56]);
    expect([asked(jhmdb!).length, joints(jhmdb!)]).toEqual([3, 36]);
    // The woman who plays curling faces the camera; the goalkeeper turns his back to it.
    const across = (pictures: LabelledPicture[], name: string) => {
      const person = pictures.find(picture => picture.path.includes(name))?.people[0];
      return (person?.joints.get(11)?.[0] ?? 0) - (person?.joints.get(12)?.[0] ?? 0);
    };
    expect(across(mpii!, '005808361')).toBeGreaterThan(0);
    expect(across(jhmdb!, 'Goalkeeper')).toBeLessThan(0);
    expect(coco!.find(picture => picture.path.includes('000000000785'))?.people[0]?.marks).toBe(17);
  });
});
