import { describe, expect, test } from 'vitest';
import { LANDMARK_NAMES } from '../../src/model/blazepose.js';
import { toRgba, type YuvImage, yuvBytes } from '../../src/model/picture.js';
import { type Pose, SIGNALS, signalOf } from '../../src/model/pose.js';
import type { Region } from '../../src/model/region.js';
import { toPicture } from '../../src/regions/region.js';
import { STRATEGIES, tileAreas, zoomed } from '../../src/strategies/catalogue.js';
import { mirrorPose } from '../../src/strategies/mirror.js';
import { makeView } from '../../src/strategies/view.js';

/** Numbers that look random, the same each time (a linear congruential generator). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

const frame = (width = 320, height = 240): YuvImage => ({
  width,
  height,
  matrix: 'bt709',
  data: new Uint8Array(yuvBytes(width, height)).fill(128),
});

function somePose(random: () => number): Pose {
  const landmarks = LANDMARK_NAMES.map(() => ({ x: random(), y: random(), z: random() - 0.5, visibility: random() }));
  const worldLandmarks = LANDMARK_NAMES.map(() => ({ x: random() - 0.5, y: random() - 0.5, z: random() - 0.5 }));
  return { landmarks, worldLandmarks };
}

/** What a view shows of a pose in the frame: the forward mapping, written without the view's own code. */
function intoView(pose: Pose, area: Region, isMirrored: boolean, { width, height }: YuvImage): Pose {
  const [cos, sin] = [Math.cos(area.rotation), Math.sin(area.rotation)];
  const turned: Pose = {
    landmarks: pose.landmarks.map(({ x, y, z, visibility }) => {
      const [dx, dy] = [(x * width - area.x) / area.size, (y * height - area.y) / area.size];
      return { x: cos * dx + sin * dy + 0.5, y: -sin * dx + cos * dy + 0.5, z: (z * width) / area.size, visibility };
    }),
    worldLandmarks: pose.worldLandmarks.map(({ x, y, z }) => ({ x: cos * x + sin * y, y: -sin * x + cos * y, z })),
  };
  if (!isMirrored) return turned;
  const other = (name: string) =>
    name.includes('left') ? name.replace('left', 'right') : name.replace('right', 'left');
  const ids = LANDMARK_NAMES.map(name => (LANDMARK_NAMES as readonly string[]).indexOf(other(name)));
  return {
    landmarks: ids.map(id => ({ ...turned.landmarks[id]!, x: 1 - turned.landmarks[id]!.x })),
    worldLandmarks: ids.map(id => ({ ...turned.worldLandmarks[id]!, x: -turned.worldLandmarks[id]!.x })),
  };
}

function expectSame(a: Pose, b: Pose): void {
  for (const [id, landmark] of a.landmarks.entries()) {
    for (const key of ['x', 'y', 'z', 'visibility'] as const) {
      expect(Math.abs(landmark[key] - b.landmarks[id]![key])).toBeLessThan(1e-4);
    }
    for (const key of ['x', 'y', 'z'] as const) {
      expect(Math.abs(a.worldLandmarks[id]![key] - b.worldLandmarks[id]![key])).toBeLessThan(1e-4);
    }
  }
}

describe('the inverse mapping of a view', () => {
  test('any square, rotated, mirrored or not: there and back within 1e-4, including metres and visibility', () => {
    const random = numbers(7);
    for (let i = 0; i < 200; i++) {
      const area = { x: random() * 320, y: random() * 240, size: 20 + random() * 400, rotation: (random() - 0.5) * 8 };
      const mirrored = i % 2 === 1;
      const pose = somePose(random);
      const view = makeView(frame(), { area, holdsPerson: i % 3 === 0, mirrored });
      expectSame(view.toFrame(intoView(pose, area, mirrored, frame())), pose);
    }
  });

  test.each(Object.keys(STRATEGIES))('%s, of the whole frame and of a person', name => {
    const random = numbers(3);
    const pose = somePose(random);
    const whole = { x: 160, y: 120, size: 320, rotation: 0 };
    for (const region of [undefined, { x: 100, y: 90, size: 130, rotation: 0.4 }]) {
      const view = STRATEGIES[name]!.view(frame(), { region });
      const degrees = Number(/turned_(\d+)/.exec(name)?.[1] ?? 0);
      const base = region ?? whole;
      const area = { ...base, rotation: base.rotation - (degrees * Math.PI) / 180 };
      if (name === 'original') expect(view.toFrame(pose)).toBe(pose);
      else expectSame(view.toFrame(intoView(pose, area, name.startsWith('mirrored'), frame())), pose);
    }
  });

  test('the next region maps back from any square like the positions', () => {
    const random = numbers(9);
    for (let i = 0; i < 50; i++) {
      const area = { x: random() * 320, y: random() * 240, size: 20 + random() * 400, rotation: (random() - 0.5) * 3 };
      const mirrored = i % 2 === 1;
      const view = makeView(frame(), { area, holdsPerson: true, mirrored });
      const side = view.image.width;
      const inner = { x: random() * side, y: random() * side, size: 10 + random() * side, rotation: random() - 0.5 };
      // The centre and the top of the inner square, as two landmarks of the view: they must stay the square's.
      const marks = [toPicture(inner, 0.5, 0.5), toPicture(inner, 0.5, 0)].map(([x, y]) => ({
        x: x / side,
        y: y / side,
        z: 0,
        visibility: 1,
      }));
      const pose = { ...somePose(random), next: inner };
      const found = view.toFrame({
        ...pose,
        landmarks: pose.landmarks.map((mark, id) => marks[id === 0 ? 0 : 1] ?? mark),
      });
      const { next } = found;
      if (!next) throw new Error('the square is gone');
      const other = mirrored ? 4 : 1;
      const places = [found.landmarks[0]!, found.landmarks[other]!].map(({ x, y }) => [x * 320, y * 240]);
      for (const [k, [x, y]] of [toPicture(next, 0.5, 0.5), toPicture(next, 0.5, 0)].entries()) {
        expect(Math.hypot(x - places[k]![0]!, y - places[k]![1]!)).toBeLessThan(1e-6);
      }
      expect(next.size).toBeCloseTo((inner.size * area.size) / side, 6);
    }
  });

  test('if an engine reports neither signals nor the next region, none are invented', () => {
    const pose = makeView(frame(), { area: { x: 9, y: 9, size: 50, rotation: 0 }, holdsPerson: true, mirrored: true });
    const { signals, next } = pose.toFrame(somePose(numbers(2)));
    expect([signals, next]).toEqual([undefined, undefined]);
  });

  test("in a mirror the signals of left are those of right, and a square's rotation is reversed", () => {
    const signals = Float32Array.from({ length: LANDMARK_NAMES.length * SIGNALS.length }, (_, i) => i / 200);
    const pose = { ...somePose(numbers(5)), signals, next: { x: 50, y: 60, size: 70, rotation: 0.2 } };
    const mirror = mirrorPose(pose, 256);
    const [leftWrist, rightWrist] = ['left_wrist', 'right_wrist'].map(name =>
      (LANDMARK_NAMES as readonly string[]).indexOf(name),
    );
    for (const signal of SIGNALS) {
      expect(signalOf(mirror, leftWrist!, signal)).toBe(signalOf(pose, rightWrist!, signal));
      expect(signalOf(mirror, 0, signal)).toBe(signalOf(pose, 0, signal));
    }
    expect(mirror.next).toEqual({ x: 206, y: 60, size: 70, rotation: -0.2 });
    expect(mirrorPose(mirror, 256)).toMatchObject({ signals, next: pose.next });
  });

  test('in a mirror left becomes right, and mirroring twice changes nothing', () => {
    const pose = somePose(numbers(5));
    const leftWrist = LANDMARK_NAMES.indexOf('left_wrist');
    const rightWrist = LANDMARK_NAMES.indexOf('right_wrist');
    expect(mirrorPose(pose, 256).landmarks[leftWrist]!.x).toBeCloseTo(1 - pose.landmarks[rightWrist]!.x, 12);
    expectSame(mirrorPose(mirrorPose(pose, 256), 256), pose);
  });
});

describe("a view's pixels", () => {
  /** Dark, with one bright block. */
  function withBlock(left: number, top: number): YuvImage {
    const picture = frame();
    picture.data.fill(16, 0, 320 * 240);
    for (let y = top; y < top + 10; y++) picture.data.fill(235, y * 320 + left, y * 320 + left + 10);
    return picture;
  }
  const brightest = (view: ReturnType<typeof makeView>) => {
    const { width, height, data } = toRgba(view.image);
    let [x, y, sum] = [0, 0, 0];
    for (let i = 0; i < width * height; i++) {
      const light = data[4 * i]! > 128 ? 1 : 0;
      [x, y, sum] = [x + light * (i % width), y + light * Math.floor(i / width), sum + light];
    }
    return [x / sum / width, y / sum / height];
  };

  test.each([
    ['upright', 0, false, false],
    ['turned', 0.7, false, false],
    ['mirrored', 0, true, false],
    ['turned and mirrored', -1.2, true, false],
    ['averaged', 0, false, true],
    ['averaged and mirrored', 0, true, true],
    ['averaged, turned and mirrored', -1.2, true, true],
  ])('%s: what is seen in the view lies in the frame where it came from', (_, rotation, mirrored, averaged) => {
    const area = { x: 150, y: 110, size: 160, rotation };
    const view = makeView(withBlock(160, 120), { area, holdsPerson: true, mirrored, averaged });
    const [x, y] = brightest(view);
    const [px, py] = toPicture(area, mirrored ? 1 - x! : x!, y!);
    // The block's centre, where a pixel's position is its top left corner.
    expect(Math.hypot(px - 164.5, py - 124.5)).toBeLessThan(1);
  });
});

describe('tiles', () => {
  test('overlap, lie in the frame and cover all of it', () => {
    for (const [width, height] of [
      [640, 480],
      [1080, 1920],
      [100, 100],
    ] as const) {
      const areas = tileAreas(frame(width, height));
      for (const { x, y, size } of areas) {
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(Math.min(size, Math.min(width, height)) / 2 - 1e-9);
        expect(x + size / 2).toBeLessThanOrEqual(Math.max(width, size) + 1e-9);
      }
      for (const [x, y] of [
        [1, 1],
        [width - 1, height - 1],
        [width / 2, height / 3],
      ]) {
        expect(areas.some(area => Math.max(Math.abs(area.x - x!), Math.abs(area.y - y!)) <= area.size / 2)).toBe(true);
      }
    }
    expect(tileAreas(frame(640, 480))).toHaveLength(20);
  });

  test('start over at the end', () => {
    const [first] = tileAreas(frame());
    const view = zoomed(tileAreas(frame()).length).view(frame(), { region: undefined });
    const [x, y] = toPicture(first!, 0.5, 0.5);
    const [back] = view.toFrame({
      landmarks: [{ x: 0.5, y: 0.5, z: 0, visibility: 1 }],
      worldLandmarks: [],
    }).landmarks;
    expect([back!.x * 320, back!.y * 240]).toEqual([expect.closeTo(x, 6), expect.closeTo(y, 6)]);
  });
});
