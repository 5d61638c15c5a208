import { describe, expect, test } from 'vitest';
import { PersonNumbers } from '../../src/draw/person-numbers.js';
import { personColour } from '../../src/model/person-colours.js';
import { planeLayout, toYuv, YUV_ZERO, type YuvImage, yuvBytes } from '../../src/model/picture.js';
import type { PersonResult } from '../../src/model/result.js';

const [WIDTH, HEIGHT] = [320, 240];

function blank(): YuvImage {
  const data = new Uint8Array(yuvBytes(WIDTH, HEIGHT)).fill(YUV_ZERO.chroma);
  data.fill(120, 0, WIDTH * HEIGHT);
  return { width: WIDTH, height: HEIGHT, data, matrix: 'bt601' };
}

/** A person with the head at a point, in fractions of the picture. */
function person(personId: number, x: number, y: number): PersonResult {
  const landmarks = Array.from({ length: 33 }, (_, id) => ({
    x: x + (id < 11 ? (id % 3) * 0.01 : 0),
    y: y + (id < 11 ? 0 : 0.3),
    z: 0,
    visibility: 1,
  }));
  const pose = { landmarks, worldLandmarks: landmarks.map(() => ({ x: 0, y: 0, z: 0 })) };
  return { personId, pose, status: 'tracked', strategy: 'original', score: 1 };
}

/** The drawn area of a picture: its columns and rows, from the first to the last. */
function drawn({ data }: YuvImage) {
  const places = [...data.subarray(0, WIDTH * HEIGHT).entries()].filter(([, luma]) => luma !== 120).map(([i]) => i);
  const [columns, rows] = [places.map(i => i % WIDTH), places.map(i => Math.floor(i / WIDTH))];
  return {
    pixels: places.length,
    left: Math.min(...columns),
    right: Math.max(...columns),
    top: Math.min(...rows),
    bottom: Math.max(...rows),
  };
}

function painted(numbers: PersonNumbers, frameId: number, people: readonly PersonResult[]) {
  const image = blank();
  numbers.paint(image, { frameId, people });
  return drawn(image);
}

describe("people's numbers", () => {
  test('are not written for a single person, and stay from the moment when a second one was seen', () => {
    const numbers = new PersonNumbers();
    expect(painted(numbers, 0, [person(0, 0.3, 0.2)]).pixels).toBe(0);
    expect(painted(numbers, 1, [person(0, 0.3, 0.2), person(1, 0.7, 0.2)]).pixels).toBeGreaterThan(200);
    expect(painted(numbers, 2, [person(0, 0.3, 0.2)]).pixels).toBeGreaterThan(100);
  });

  test('are the same in a continued film, even in frames that it receives again', () => {
    const before = new PersonNumbers();
    painted(before, 0, [person(0, 0.3, 0.2)]);
    painted(before, 1, [person(0, 0.3, 0.2)]);
    painted(before, 2, [person(1, 0.3, 0.2)]);
    const after = new PersonNumbers(1, before.state);
    expect(painted(after, 1, [person(0, 0.3, 0.2)]).pixels).toBe(0);
    expect(painted(after, 3, [person(0, 0.3, 0.2)]).pixels).toBeGreaterThan(100);
    expect(painted(new PersonNumbers(), 3, [person(0, 0.3, 0.2)]).pixels).toBe(0);
  });

  test('stand beside the head, inside the picture, with as many digits as they have', () => {
    const numbers = new PersonNumbers(1, { firstPerson: 0, severalFrom: 0 });
    const beside = painted(numbers, 1, [person(3, 0.5, 0.2)]);
    expect(beside.left).toBeGreaterThan(0.52 * WIDTH);
    expect((beside.top + beside.bottom) / 2 / HEIGHT).toBeCloseTo(0.2, 1);
    const atEdge = painted(numbers, 1, [person(3, 0.97, 0.01)]);
    expect(atEdge.right).toBeLessThan(0.97 * WIDTH);
    expect(atEdge.top).toBeGreaterThanOrEqual(0);
    const [one, two] = [3, 33].map(id => painted(numbers, 1, [person(id, 0.5, 0.2)]));
    expect(two!.right - two!.left).toBeGreaterThan(1.4 * (one!.right - one!.left));
    expect(painted(numbers, 1, [person(3, 1.4, 0.2), person(4, Number.NaN, 0.2)]).pixels).toBe(0);
  });

  test('have the colour of the person, the same as everywhere', () => {
    const { chromaWidth, cb } = planeLayout(WIDTH, HEIGHT);
    for (const id of [0, 1, 9]) {
      const image = blank();
      new PersonNumbers(1, { firstPerson: 0, severalFrom: 0 }).paint(image, {
        frameId: 1,
        people: [person(id, 0.5, 0.5)],
      });
      const [, blue] = toYuv(personColour(id), 'bt601');
      const blues = [...image.data.subarray(cb, cb + chromaWidth * (HEIGHT / 2))];
      const strongest = blues.reduce((a, b) => (Math.abs(b - 128) > Math.abs(a - 128) ? b : a));
      expect(Math.abs(strongest - blue)).toBeLessThan(12);
    }
    expect(personColour(9)).toEqual(personColour(1));
  });

  test('differ from each other', () => {
    const numbers = new PersonNumbers(1, { firstPerson: 0, severalFrom: 0 });
    const shapes = Array.from({ length: 10 }, (_, id) => {
      const image = blank();
      numbers.paint(image, { frameId: 1, people: [{ ...person(id, 0.5, 0.5) }] });
      return Array.from(image.data.subarray(0, WIDTH * HEIGHT), luma => (luma > 60 && luma !== 120 ? 1 : 0)).join('');
    });
    expect(new Set(shapes).size).toBe(10);
  });
});
