import { describe, expect, test } from 'vitest';
import { CONNECTIONS, LANDMARK_COUNT, LANDMARK_NAMES, sideOf } from '../../src/model/blazepose.js';
import {
  ARMS,
  BODY_GROUPS,
  BONES,
  idsOf,
  LANDMARK_IDS,
  LEGS,
  LIMB_BONES,
  LIMB_JOINTS,
  LIMB_PAIRS,
  OTHER_SIDE,
  pairOf,
  swapSides,
  TORSO,
} from '../../src/model/body.js';

const namesOf = (ids: readonly number[]) => ids.map(id => LANDMARK_NAMES[id]);
const everyId = [...LANDMARK_NAMES.keys()];

describe('ids by name', () => {
  test('each id leads back to its name', () => {
    expect(everyId.map(id => LANDMARK_IDS[LANDMARK_NAMES[id]!])).toEqual(everyId);
  });

  test("joints have MediaPipe's numbers", () => {
    const { nose, left_shoulder, right_wrist, left_hip, right_ankle, right_foot_index } = LANDMARK_IDS;
    expect([nose, left_shoulder, right_wrist, left_hip, right_ankle, right_foot_index]).toEqual([
      0, 11, 16, 23, 28, 32,
    ]);
    expect(idsOf('right_ear', 'nose')).toEqual([8, 0]);
  });

  test('the torso is shoulders and hips, and limbs reach from them to wrists and ankles', () => {
    expect(TORSO).toEqual([11, 12, 23, 24]);
    expect(LIMB_JOINTS).toEqual([11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28]);
    expect(ARMS).toEqual([
      [11, 13, 15],
      [12, 14, 16],
    ]);
    expect(LEGS).toEqual([
      [23, 25, 27],
      [24, 26, 28],
    ]);
  });

  test('each landmark is in one group, and the groups of the face, of hands and of feet contain what is drawn of them', () => {
    const grouped = Object.values(BODY_GROUPS).flat();
    expect(grouped.toSorted((a, b) => a - b)).toEqual(everyId);
    const drawn = CONNECTIONS.filter(({ part }) => part === 'face').flatMap(({ from, to }) => [from, to]);
    expect(new Set(BODY_GROUPS.face)).toEqual(new Set(drawn));
    expect(namesOf(BODY_GROUPS.hand).every(name => /pinky|index|thumb/.test(name!))).toBe(true);
    expect(namesOf(BODY_GROUPS.foot).every(name => /heel|foot_index/.test(name!))).toBe(true);
  });
});

describe('left and right', () => {
  test('the counterpart of a landmark has the same name except for the side, and its own counterpart is the landmark', () => {
    for (const id of everyId) {
      const [name, other] = namesOf([id, OTHER_SIDE[id]!]);
      expect(other!.replace(/left|right/, '')).toBe(name!.replace(/left|right/, ''));
      expect(other === name).toBe(sideOf(id) === 'middle');
      expect(OTHER_SIDE[OTHER_SIDE[id]!]).toBe(id);
    }
  });

  test("swapped, each landmark has its counterpart's value; swapped twice, its own again", () => {
    const once = swapSides(LANDMARK_NAMES);
    expect(once[LANDMARK_IDS.left_wrist]).toBe('right_wrist');
    expect(once[LANDMARK_IDS.mouth_right]).toBe('mouth_left');
    expect(once[LANDMARK_IDS.nose]).toBe('nose');
    expect(once).toHaveLength(LANDMARK_COUNT);
    expect(swapSides(once)).toEqual(LANDMARK_NAMES);
  });

  test('the left one of a pair comes first, and the right one is its counterpart', () => {
    for (const [left, right] of [...LIMB_PAIRS, pairOf('ear'), pairOf('foot_index')]) {
      expect([sideOf(left), OTHER_SIDE[left]]).toEqual(['left', right]);
    }
  });
});

describe('bones', () => {
  test('a bone of the left and its counterpart mirror each other, and both are lines of the skeleton', () => {
    for (const { left, right } of LIMB_BONES) {
      expect([OTHER_SIDE[left.from], OTHER_SIDE[left.to]]).toEqual([right.from, right.to]);
      expect(left.name.replace('left', 'right')).toBe(right.name);
    }
    for (const { from, to } of BONES) expect(CONNECTIONS).toContainEqual(expect.objectContaining({ from, to }));
  });

  test('each bone lies between its anatomical joints', () => {
    const ends = Object.fromEntries(BONES.map(({ name, from, to }) => [name, namesOf([from, to])]));
    expect(Object.keys(ends)).toHaveLength(10);
    expect(ends).toMatchObject({
      left_upper_arm: ['left_shoulder', 'left_elbow'],
      right_forearm: ['right_elbow', 'right_wrist'],
      left_thigh: ['left_hip', 'left_knee'],
      right_shank: ['right_knee', 'right_ankle'],
      shoulders: ['left_shoulder', 'right_shoulder'],
      hips: ['left_hip', 'right_hip'],
    });
  });
});
