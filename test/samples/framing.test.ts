import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CLIPS } from '../../samples/render/clips.js';
import type { TrueLandmark, Truth } from '../../samples/render/truth.js';
import { LANDMARK_NAMES, type LandmarkName } from '../../src/model/blazepose.js';
import { SAMPLES } from '../support/reference-clips.js';

type Person = readonly TrueLandmark[];

const ids = (...names: LandmarkName[]) => names.map(name => LANDMARK_NAMES.indexOf(name));
const NOSE = ids('nose');
const FACE = ids('nose', 'left_eye', 'right_eye', 'mouth_left', 'mouth_right');
const SHOULDERS = ids('left_shoulder', 'right_shoulder');
const WRISTS = ids('left_wrist', 'right_wrist');
const FINGERS = ids('left_index', 'right_index');
const HIPS = ids('left_hip', 'right_hip');
const KNEES = ids('left_knee', 'right_knee');
const FEET = ids('left_ankle', 'right_ankle', 'left_heel', 'right_heel', 'left_foot_index', 'right_foot_index');

async function truthOf(name: string): Promise<Truth> {
  return JSON.parse(await readFile(join(SAMPLES, `${name}.truth.json`), 'utf8')) as Truth;
}

const isInside = ({ width, height }: Truth, [x, y]: TrueLandmark) => x >= 0 && y >= 0 && x <= width && y <= height;

/**
 * The shares of the frames in which all of some landmarks of the first person, and none of them, are in the picture.
 */
function shareInside(truth: Truth, landmarks: readonly number[]): { all: number; none: number } {
  const inside = truth.frames.map(([person]) => landmarks.map(id => isInside(truth, person![id]!)));
  const share = (counts: (frame: readonly boolean[]) => boolean) => inside.filter(counts).length / inside.length;
  return { all: share(frame => frame.every(Boolean)), none: share(frame => !frame.some(Boolean)) };
}

const seen = (person: Person) => person.filter(point => point[5] > 0).length;
const across = (person: Person) => (person[HIPS[0]!]![0] + person[HIPS[1]!]![0]) / 2;
const away = (person: Person) => (person[HIPS[0]!]![4] + person[HIPS[1]!]![4]) / 2;

/** The landmarks in the picture in every frame, and those in none. */
const CUTS: Readonly<Record<string, { inside: readonly number[]; outside: readonly number[] }>> = {
  'cut-hips': { inside: [...FACE, ...SHOULDERS, ...HIPS], outside: [...KNEES, ...FEET] },
  'cut-chest': { inside: [...FACE, ...SHOULDERS], outside: [...WRISTS, ...HIPS, ...KNEES, ...FEET] },
  'cut-knees': { inside: [...FACE, ...SHOULDERS, ...WRISTS, ...HIPS], outside: FEET },
  'legs-only': { inside: [...HIPS, ...KNEES], outside: [...FACE, ...SHOULDERS] },
  'side-cut': {
    inside: ids('left_shoulder', 'left_elbow', 'left_wrist', 'left_hip', 'left_knee', 'left_ankle'),
    outside: ids('right_shoulder', 'right_elbow', 'right_wrist', 'right_hip', 'right_knee', 'right_ankle'),
  },
  'close-webcam': { inside: [...FACE, ...SHOULDERS], outside: [...HIPS, ...KNEES, ...FEET] },
  'hands-up': { inside: [...FACE, ...SHOULDERS, ...HIPS], outside: [...KNEES, ...FEET] },
};

describe('the clips of parts of a body', () => {
  test.each(Object.entries(CUTS))('%s: cut where it says', async (name, { inside, outside }) => {
    const truth = await truthOf(name);
    expect(shareInside(truth, inside).all).toBe(1);
    expect(shareInside(truth, outside).none).toBe(1);
  });

  test('all show one person, and a small picture', async () => {
    for (const { name } of CLIPS.filter(({ kind }) => kind === 'partial')) {
      const { people, width, height } = await truthOf(name);
      expect(people, name).toHaveLength(1);
      expect([width, height], name).toEqual([480, 360]);
    }
  });

  test('hands-up: the fingers are in the picture at times, and beyond its top edge at others', async () => {
    const truth = await truthOf('hands-up');
    const { all, none } = shareInside(truth, FINGERS);
    expect(all).toBeGreaterThan(0.1);
    expect(none).toBeGreaterThan(0.1);
  });

  test('behind-desk: hips, knees and feet are hidden, although many would be in the picture', async () => {
    const truth = await truthOf('behind-desk');
    expect(shareInside(truth, HIPS).all).toBe(1);
    for (const [person] of truth.frames) {
      for (const id of [...HIPS, ...KNEES, ...FEET]) expect(person![id]![5]).toBe(0);
      for (const id of [...NOSE, ...SHOULDERS]) expect(person![id]![5]).toBe(2);
    }
  });

  test('close-webcam: each hand comes much nearer to the lens than the face', async () => {
    const truth = await truthOf('close-webcam');
    for (const id of FINGERS) {
      const shown = truth.frames.flatMap(([person]) => (isInside(truth, person![id]!) ? [person![id]![4]] : []));
      expect(Math.min(...shown)).toBeLessThan(0.5);
      // Nearer than this the camera would be within the hand.
      expect(Math.min(...truth.frames.map(([person]) => person![id]![4]))).toBeGreaterThan(0.2);
    }
    for (const [person] of truth.frames) expect(person![NOSE[0]!]![4]).toBeGreaterThan(0.6);
  });

  test('lying-sofa: head and hips are level', async () => {
    const { frames } = await truthOf('lying-sofa');
    for (const [person] of frames) {
      const [x, y] = [0, 1].map(axis => Math.abs(person![NOSE[0]!]![axis]! - person![HIPS[0]!]![axis]!));
      expect(x).toBeGreaterThan(2 * y!);
    }
  });

  test('from-behind: the face is never visible, the left side is on the left', async () => {
    const { frames } = await truthOf('from-behind');
    for (const [person] of frames) {
      for (const id of FACE) expect(person![id]![5]).toBe(1);
      expect(person![SHOULDERS[0]!]![0]).toBeLessThan(person![SHOULDERS[1]!]![0]);
    }
  });
});

describe('the clips of several people', () => {
  /** How often two of the people exchange their order from left to right. */
  const swaps = ({ frames }: Truth, a: number, b: number) =>
    frames.filter((people, i) => {
      const before = frames[Math.max(0, i - 1)]!;
      return across(before[a]!) < across(before[b]!) !== across(people[a]!) < across(people[b]!);
    }).length;

  test('three-people: two of them cross once, no others do', async () => {
    const truth = await truthOf('three-people');
    expect(truth.people).toHaveLength(3);
    expect([swaps(truth, 0, 1), swaps(truth, 0, 2), swaps(truth, 1, 2)]).toEqual([0, 0, 1]);
  });

  test.each(['dressed-alike', 'passer-by', 'enters-behind', 'overtaking'])(
    '%s: two people, one of them passing the other',
    async name => {
      const truth = await truthOf(name);
      expect(truth.people).toHaveLength(2);
      expect(swaps(truth, 0, 1)).toBe(1);
    },
  );

  test('two-at-hips: both are cut off between hips and knees', async () => {
    const truth = await truthOf('two-at-hips');
    for (const person of truth.frames.flat()) {
      expect([...FACE, ...SHOULDERS, ...HIPS].every(id => isInside(truth, person[id]!))).toBe(true);
      expect([...KNEES, ...FEET].some(id => isInside(truth, person[id]!))).toBe(false);
    }
  });

  test('passer-by: the second person stays behind the first', async () => {
    const { frames } = await truthOf('passer-by');
    for (const [first, second] of frames) expect(away(second!) - away(first!)).toBeGreaterThan(1);
  });

  test('enters-behind: the second person enters, is hidden for some frames, and reappears', async () => {
    const counts = (await truthOf('enters-behind')).frames.map(([, second]) => seen(second!));
    const hidden = counts.map((count, i) => ({ count, i })).filter(({ count, i }) => count < 12 && i > 20);
    expect(counts[0]).toBeLessThan(8);
    expect(Math.max(...counts.slice(0, 25))).toBe(33);
    expect(hidden.length).toBeGreaterThanOrEqual(4);
    expect(counts.at(-1)).toBe(33);
  });
});

test('far-walk: 20 to 33 % of the picture high', async () => {
  const { frames, height } = await truthOf('far-walk');
  for (const [person] of frames) {
    const rows = person!.map(point => point[1]);
    // The eyes are 7 % of the body's height below the crown.
    const share = ((Math.max(...rows) - Math.min(...rows)) / height) * 1.07;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.33);
  }
});
