import { describe, expect, test } from 'vitest';
import { AngleLabels, chosenAngles } from '../../src/draw/angle-labels.js';
import { colourOf, readColours } from '../../src/draw/colours.js';
import { FilmCanvas } from '../../src/draw/film-canvas.js';
import { Trails } from '../../src/draw/trails.js';
import { YUV_ZERO, type YuvImage, yuvBytes } from '../../src/model/picture.js';
import type { Pose } from '../../src/model/pose.js';
import type { FrameResult } from '../../src/model/result.js';

const WRIST = 15;

function blank(width = 100, height = 60, luma: number = YUV_ZERO.luma): YuvImage {
  const data = new Uint8Array(yuvBytes(width, height)).fill(YUV_ZERO.chroma);
  data.fill(luma, 0, width * height);
  return { width, height, data, matrix: 'bt601' };
}

/** A person with all landmarks in one place, except the given ones. */
function person(x: number, y: number, visibility = 1): Pose {
  const landmarks = Array.from({ length: 33 }, () => ({ x, y, z: 0, visibility }));
  return { landmarks, worldLandmarks: landmarks.map(() => ({ x: 0, y: 0, z: 0 })) };
}

function frame(timestamp: number, pose: Pose | undefined, personId = 0): FrameResult {
  const people = pose ? [{ personId, pose, status: 'tracked' as const, strategy: 'original', score: 1 }] : [];
  return { frameId: Math.round(timestamp * 30), timestamp, status: pose ? 'tracked' : 'missing', people };
}

const lit = ({ width, data }: YuvImage, x: number, y: number) => data[y * width + x]!;

describe('trails', () => {
  test('lead from position to position, fade with age, and end after their duration', () => {
    const trails = new Trails(1, [WRIST], 0.5);
    let image = blank();
    for (const [i, x] of [0.1, 0.3, 0.5, 0.7, 0.9].entries()) {
      image = blank();
      trails.paint(image, frame(i * 0.2, person(x, 0.5)));
    }
    const [old, young] = [lit(image, 20, 29), lit(image, 80, 29)];
    expect(young).toBeGreaterThan(100);
    expect(old).toBeGreaterThan(20);
    expect(old).toBeLessThan(young);
    image = blank();
    trails.paint(image, frame(2.5, person(0.9, 0.5)));
    expect(Math.max(...image.data.subarray(0, 6000))).toBe(YUV_ZERO.luma);
  });

  test('are interrupted where the person is not found or the joint is invisible', () => {
    const trails = new Trails(5, [WRIST], 0.5);
    trails.paint(blank(), frame(0, person(0.1, 0.5)));
    trails.paint(blank(), frame(0.1, undefined));
    const image = blank();
    trails.paint(image, frame(0.2, person(0.9, 0.5)));
    trails.paint(image, frame(0.3, person(0.9, 0.5, 0.1)));
    expect(lit(image, 50, 29)).toBe(YUV_ZERO.luma);
  });

  test('follow confident joints, visible or not', () => {
    const lights = [0.9, 0.1].map(confidence => {
      const pose = person(0.1, 0.5, 1 - confidence);
      const at = (x: number) => ({ ...pose, landmarks: pose.landmarks.map(mark => ({ ...mark, x, confidence })) });
      const trails = new Trails(5, [WRIST], 0.5);
      trails.paint(blank(), frame(0, at(0.1)));
      const image = blank();
      trails.paint(image, frame(0.1, at(0.9)));
      return lit(image, 50, 29) > YUV_ZERO.luma;
    });
    expect(lights).toEqual([true, false]);
  });
});

describe('angle labels', () => {
  test('choices name joints of one side, of both, or all', () => {
    expect(chosenAngles(['knee'])).toEqual(['left_knee', 'right_knee']);
    expect(chosenAngles(['right_elbow'])).toEqual(['right_elbow']);
    expect(chosenAngles(['all'])).toHaveLength(12);
  });

  test('stand beside their joint, even at the edge of the picture, and are left out if the joint is invisible', () => {
    const labels = new AngleLabels(['left_elbow'], 0.5, { width: 100, height: 60 });
    const pose = person(0.2, 0.2);
    const bent = (visibility: number): Pose => ({
      ...pose,
      landmarks: pose.landmarks.map((mark, id) => {
        const place = { 11: [0.3, 0.2], 13: [0.3, 0.6], 15: [0.7, 0.6] }[id];
        return place ? { ...mark, x: place[0]!, y: place[1]!, visibility } : mark;
      }),
    });
    const [seen, unseen] = [blank(100, 60, 128), blank(100, 60, 128)];
    labels.paint(seen, frame(0, bent(1)));
    labels.paint(unseen, frame(0, bent(0.2)));
    const light = seen.data.subarray(0, 6000);
    expect([light.some(luma => luma < 90), light.some(luma => luma > 180)]).toEqual([true, true]);
    // The joint itself, where three bones meet, is not hidden.
    expect(lit(seen, 30, 36)).toBeGreaterThan(100);
    expect(new Set(unseen.data.subarray(0, 6000))).toEqual(new Set([128]));
    labels.paint(
      seen,
      frame(0, { ...bent(1), landmarks: bent(1).landmarks.map(mark => ({ ...mark, x: mark.x + 0.69 })) }),
    );
  });
});

describe('the frame of a film', () => {
  test('side by side holds the picture and the drawing, with their colours', () => {
    const picture = blank(5, 3, 100);
    picture.data.fill(90, 15);
    const film = new FilmCanvas({ black: true, sideBySide: true }).compose(picture, into => {
      into.data[0] = 200;
    });
    expect([film.width, film.height]).toEqual([12, 3]);
    expect([...film.data.subarray(0, 12)]).toEqual([100, 100, 100, 100, 100, 16, 200, 16, 16, 16, 16, 16]);
    expect([...film.data.subarray(36, 42)]).toEqual([90, 90, 90, 128, 128, 128]);
  });
});

describe('colours', () => {
  test('are those of the sides, of people, or one', () => {
    const [
      {
        people: [zero],
      },
      {
        people: [one],
      },
    ] = [frame(0, person(0, 0)), frame(0, person(0, 0), 1)];
    if (!zero || !one) throw new Error('no people');
    expect(colourOf(readColours('sides'))(zero)).toBeUndefined();
    expect(colourOf(readColours('#0080ff'))(one)).toEqual([0, 128, 255]);
    expect(colourOf(readColours('people'))(zero)).not.toEqual(colourOf(readColours('people'))(one));
    expect(() => readColours('red')).toThrow(RangeError);
  });
});
