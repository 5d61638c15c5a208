import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parseState, stateText } from '../../src/formats/state-text.js';

const landmarks = (count: number) =>
  Array.from({ length: count }, (_, id) => ({ x: Math.sin(id) / 3, y: -0, z: Number.NaN, visibility: 1e-310 }));

const VALUES: readonly [what: string, value: unknown][] = [
  ['numbers that JSON has not', [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0]],
  ['undefined, in objects and lists', { a: undefined, b: [undefined, null], c: { d: undefined } }],
  ['numbers to the last bit', [0.1 + 0.2, Number.MAX_VALUE, Number.MIN_VALUE, 2 ** 53, -1 / 3]],
  ['a long list of numbers', Array.from({ length: 40 }, (_, i) => (i === 3 ? -0 : i === 4 ? Number.NaN : i / 7))],
  ['33 landmarks', { landmarks: landmarks(33) }],
  [
    'landmarks of which some lack a number',
    landmarks(20).map((mark, i) => (i === 4 ? { ...mark, z: undefined } : mark)),
  ],
  ['objects with keys in another order', [...landmarks(9), { y: 1, x: 2, z: 3, visibility: 4 }]],
  ['empty things', [[], {}, '', new Map(), new Set(), new Float64Array(0)]],
  ['typed arrays', [Float32Array.from([0.1, -0, Number.NaN]), Float64Array.from([0.1, -0, Number.POSITIVE_INFINITY])]],
  [
    'maps of maps, by number and by text',
    new Map<unknown, unknown>([
      [1, new Map([['a', { b: 1 }]])],
      ['1', 2],
    ]),
  ],
  ['sets and dates', { ids: new Set(Array.from({ length: 30 }, (_, i) => i)), at: new Date(1234567890123) }],
  ['text of all kinds', ['$', 'NaN', '"\\\u2028\ud83d', '{"$":"-0"}']],
];

describe('a state as text', () => {
  test.each(VALUES)('is restored unchanged: %s', (_, value) => {
    // It distinguishes -0 from 0, and undefined from absent.
    expect(isDeepStrictEqual(parseState(stateText(value)), value)).toBe(true);
  });

  test('a part of a larger buffer holds only its own part', () => {
    const part = Float64Array.from([1, 2, 3, 4]).subarray(1, 3);
    expect(parseState(stateText(part))).toEqual(Float64Array.from([2, 3]));
  });

  test('is rejected if it could not be restored', () => {
    for (const value of [() => 1, Symbol('a'), 1n, { $: 1 }, new (class Person {})(), /a/]) {
      expect(() => stateText([value])).toThrow(TypeError);
    }
  });

  test.each([
    ['nothing', ''],
    ['an unknown kind', '{"$":"function","code":"1"}'],
    ['a kind that is no text', '{"$":{"$":"map"}}'],
    ['half a number', '{"$":"float64","base64":"AAAA"}'],
    ['numbers that are a list', '{"$":"numbers","base64":[1]}'],
    ['rows that do not come out even', '{"$":"rows","keys":["x","y"],"base64":"AAAAAAAAAAA="}'],
    ['rows with a prototype', '{"$":"rows","keys":["__proto__"],"base64":"AAAAAAAAAAA="}'],
    ['a prototype', '{"__proto__":{"a":1}}'],
    ['a map of single values', '{"$":"map","entries":[1]}'],
    ['too deep nesting', '['.repeat(100_000) + ']'.repeat(100_000)],
  ])('is refused with %s', (_, text) => {
    expect(() => parseState(text)).toThrow(expect.objectContaining({ name: 'UnfitJson' }));
  });
});
