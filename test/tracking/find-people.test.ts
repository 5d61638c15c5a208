import { describe, expect, test } from 'vitest';
import type { DetectOptions } from '../../src/engine/pose-engine.js';
import type { PersonBox } from '../../src/model/person-box.js';
import { type Picture, yuvBytes } from '../../src/model/picture.js';
import type { Pose } from '../../src/model/pose.js';
import { boxCover, boxesWithout, boxFit, guessedRegions, poseInBox } from '../../src/tracking/find-people.js';
import { FakeEngine } from '../support/fake-engine.js';
import { absurdBeyond, boxOf, cropped, moved, type PlacedPose, scaled, truePose } from '../support/true-pose.js';

const body = await truePose('wave', 0);
const { width, height } = body;
const [near, far] = [scaled(body, 0.4, 0.05, 0.3), scaled(body, 0.4, 0.5, 0.3)];

describe('how well a box fits a pose', () => {
  const fitOf = (pose: PlacedPose, box: PersonBox) => boxFit(pose, box, pose.width, pose.height);

  test("the pose's own box holds all of it, one beside it nothing, one of the upper half a part", () => {
    const box = boxOf(near);
    expect(fitOf(near, box)).toBe(1);
    expect(fitOf(near, boxOf(far))).toBe(0);
    const half = fitOf(near, { ...box, bottom: (box.top + box.bottom) / 2 });
    expect(half).toBeGreaterThan(0.3);
    expect(half).toBeLessThan(0.9);
  });

  test('a landmark a tenth of the box beyond its edge still counts as in it', () => {
    const box = boxOf(near);
    const tenth = (box.right - box.left) / 10;
    expect(fitOf(moved(near, (0.9 * tenth) / width), box)).toBe(1);
    expect(fitOf(moved(near, (1.5 * tenth) / width), box)).toBeLessThan(1);
  });

  test('guesses beyond the edge of the picture do not affect it', () => {
    const upper = cropped(body, { bottom: Math.min(body.landmarks[23]!.y, body.landmarks[24]!.y) });
    expect(fitOf(absurdBeyond(upper), boxOf(upper))).toBe(1);
    expect(fitOf(moved(body, 2), boxOf(body))).toBe(0);
  });

  test('a box larger than the pose is partly covered', () => {
    const box = boxOf(near);
    expect(boxCover(near, box, width, height)).toBeCloseTo(1, 6);
    const twice = { ...box, right: box.right + (box.right - box.left) };
    expect(boxCover(near, twice, width, height)).toBeCloseTo(0.5, 6);
  });
});

describe('boxes without a known person', () => {
  const without = (poses: readonly Pose[], boxes: readonly PersonBox[]) => boxesWithout(poses, boxes, width, height);
  const [ours, theirs] = [boxOf(near), boxOf(far)];

  test('are those that no pose fits', () => {
    expect(without([near], [theirs, ours])).toEqual([theirs]);
    expect(without([], [ours, theirs])).toEqual([ours, theirs]);
    expect(without([near, far], [ours, theirs])).toEqual([]);
  });

  test('of two that hold a pose it takes the tighter one: the box of a person around it is left', () => {
    const around = { left: 0, top: 0, right: width, bottom: height, score: 0.9 };
    expect(without([near], [around, ours])).toEqual([around]);
  });

  test('each pose takes only one box, so that a person close by is left', () => {
    const beside = { ...ours, left: ours.left + 4, right: ours.right + 4, score: 0.4 };
    expect(without([near], [ours, beside])).toHaveLength(1);
    expect(without([near, moved(near, 4 / width)], [ours, beside])).toEqual([]);
  });

  test('a box that holds less than half of a pose does not match it', () => {
    const hand = { ...ours, bottom: ours.top + (ours.bottom - ours.top) / 10 };
    expect(without([near], [hand])).toEqual([hand]);
  });
});

describe('likely positions of a body in a box', () => {
  test('a high box suggests a whole body first, a low one a body down to the hips', () => {
    const high = { left: 100, top: 50, right: 200, bottom: 350, score: 1 };
    const low = { left: 100, top: 50, right: 400, bottom: 350, score: 1 };
    expect(guessedRegions(high).map(({ y }) => y)).toEqual([200, 350]);
    expect(guessedRegions(low).map(({ y }) => y)).toEqual([350, 200]);
    expect(guessedRegions(high)[0]).toMatchObject({ x: 150, rotation: 0 });
    expect(guessedRegions(low)[0]!.size).toBeGreaterThan(2 * 300);
  });
});

describe('searching a box', () => {
  const image: Picture = { width, height, matrix: 'bt709', data: new Uint8Array(yuvBytes(width, height)) };

  /** Answers according to the request, and records it. */
  class Answering extends FakeEngine {
    readonly asked: DetectOptions[] = [];
    say: (options: DetectOptions, call: number) => Pose[] = () => [];

    override async detect(_: Picture, options: DetectOptions = {}): Promise<Pose[]> {
      this.asked.push(options);
      return this.say(options, this.asked.length - 1);
    }
  }

  const search = (engine: Answering, refine: boolean, mayGuess = true) =>
    poseInBox(engine, image, boxOf(near), refine, () => mayGuess);
  /** A person in the middle of the searched square. */
  const inMiddle = { ...body, landmarks: body.landmarks.map(mark => ({ ...mark, x: 0.5, y: mark.y })) };

  test('a person found by the detector is reported in coordinates of the whole picture', async () => {
    const engine = new Answering();
    engine.say = () => [inMiddle];
    const pose = await search(engine, false);
    const box = boxOf(near);
    expect(engine.asked).toEqual([{ most: 2 }]);
    expect((pose?.landmarks[0]?.x ?? 0) * width).toBeCloseTo((box.left + box.right) / 2, 6);
  });

  test('the refining network then runs where the detector found the person', async () => {
    const engine = new Answering();
    engine.say = ({ region }) => (region ? [near] : [inMiddle]);
    expect(await search(engine, true)).toBe(near);
    expect(engine.asked[1]).toMatchObject({ refine: true });
    expect(engine.asked).toHaveLength(2);
  });

  test('if the detector finds no person, the likely positions are tried', async () => {
    const engine = new Answering();
    engine.say = (_, call) => (call === 2 ? [near] : []);
    expect(await search(engine, true)).toBe(near);
    expect(engine.asked.slice(1).map(({ region }) => region)).toEqual(guessedRegions(boxOf(near)));
  });

  test('only one of them if the budget is used up', async () => {
    const engine = new Answering();
    expect(await search(engine, true, false)).toBeUndefined();
    expect(engine.asked).toHaveLength(2);
  });

  test('a person outside the box is not the one searched for', async () => {
    const engine = new Answering();
    engine.say = ({ region }) => (region ? [far] : []);
    expect(await search(engine, true)).toBeUndefined();
  });
});
