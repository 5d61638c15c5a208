import { describe, expect, test } from 'vitest';
import { csvFormat, fixed } from '../../src/formats/csv-writer.js';
import { LONGEST_NUMBER, putFixed } from '../../src/formats/fixed-bytes.js';
import { LANDMARK_NUMBERS, LongRows } from '../../src/formats/long-rows.js';
import { LANDMARK_COUNT } from '../../src/model/blazepose.js';
import type { TableFrame } from '../../src/model/table-frame.js';

let seed = 7;
/** 0-1, the same in each run. */
function random(): number {
  seed = (seed * 48271) % 2147483647;
  return seed / 2147483647;
}

const FENCE = 0x23;

/** Whether the bytes equal the text, and no others were touched. */
function isRight(value: number, decimals: number): boolean {
  const into = new Uint8Array(LONGEST_NUMBER + 2).fill(FENCE);
  const end = putFixed(into, 1, value, decimals);
  const text = Buffer.from(into.subarray(1, end)).toString();
  return text === fixed(value, decimals) && end <= LONGEST_NUMBER + 1 && into[0] === FENCE && into[end] === FENCE;
}

describe('a number as bytes equals the text of toFixed', () => {
  test.each([0, 3, 4, 6])('with %i decimals, whatever its size', decimals => {
    const values = Array.from({ length: 20_000 }, () => (random() - 0.5) * 10 ** (12 * random() - 6));
    const all = values.flatMap(value => [
      value,
      Math.fround(value),
      Number(value.toFixed(decimals)),
      Math.round(value),
    ]);
    expect(all.filter(value => !isRight(value, decimals))).toEqual([]);
  });

  test('halfway between two decimals, at zero, and with more digits than 32 bits hold', () => {
    const halves = Array.from({ length: 4000 }, (_, i) => [(i + 0.5) / 1e3, (i + 0.5) / 1e6, (i + 0.5) / 1e4]).flat();
    const others = [0, -0, 1e-300, 0.1 + 0.2, 999.9995, 999.99949999, 1e9, 1073741823.5, 4294967296.25, 1e20, 1e21];
    for (const decimals of [0, 3, 4, 6])
      expect([...halves, ...others].filter(value => !isRight(value, decimals) || !isRight(-value, decimals))).toEqual(
        [],
      );
  });
});

describe('rows made from numbers equal those made from landmarks', () => {
  const KEYS = ['x', 'y', 'z', 'visibility', 'xPx', 'yPx', 'worldX', 'worldY', 'worldZ', 'confidence'] as const;
  const { lines } = csvFormat('long');

  function numbersOf(person: TableFrame['people'][number]): Float64Array {
    const numbers = new Float64Array(LANDMARK_COUNT * LANDMARK_NUMBERS).fill(Number.NaN);
    for (const [id, mark] of person.landmarks.entries())
      for (const [i, key] of KEYS.entries()) numbers[id * LANDMARK_NUMBERS + i] = mark[key] ?? Number.NaN;
    return numbers;
  }

  test('for several people, none, empty cells, and texts that need quotes', () => {
    const strategies = ['original', 'crop+heavy', '', 'a, b', 'say "so"', 'ends with '];
    const frames = Array.from({ length: 60 }, (_, frame): TableFrame => {
      const people = Array.from({ length: frame % 4 }, (_, at) => ({
        personId: at * 1000,
        status: at === 1 ? 'filled' : 'tracked',
        strategy: strategies[(frame + at) % strategies.length]!,
        score: random(),
        landmarks: Array.from({ length: LANDMARK_COUNT }, () => {
          const entries = KEYS.map(key => [key, random() < 0.1 ? undefined : (random() - 0.4) * 2000] as const);
          return Object.fromEntries(entries) as unknown as TableFrame['people'][number]['landmarks'][number];
        }),
      }));
      return { frameId: frame * 7, timestamp: frame / 29.97, people };
    });
    const rows = new LongRows(16); // It grows.
    const buffers = new Set<ArrayBufferLike>();
    let text = '';
    for (const { frameId, timestamp, people } of frames) {
      rows.beginFrame(frameId, timestamp);
      if (people.length === 0) rows.addNobody();
      for (const person of people) rows.addPerson({ ...person, score: person.score ?? 0 }, numbersOf(person));
      if (frameId % 3 !== 0) continue;
      const taken = rows.take();
      buffers.add(taken.buffer);
      text += Buffer.from(taken).toString();
    }
    expect(buffers.size).toBeLessThan(5); // Bytes that were taken make room for new ones.
    text += Buffer.from(rows.take()).toString();
    expect(text).toBe(frames.map(frame => lines(frame)).join(''));
  });
});
