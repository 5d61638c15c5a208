import { describe, expect, test } from 'vitest';
import { apart, confirmed } from '../../../src/engine/native/pipeline/following.js';

const at = (x: number, size = 100) => ({ x, y: 100, size, rotation: 0 });

describe('whom to follow', () => {
  test('of two regions in one place the later one stays', () => {
    expect(apart([at(100), at(400), at(110)], 0.2)).toEqual([at(400), at(110)]);
    expect(apart([at(100), at(400)], 0.2)).toEqual([at(100), at(400)]);
  });

  test('a region where the detector sees nobody gives way to somebody new', () => {
    expect(confirmed([at(100), at(400)], [at(405), at(700)], 0.2)).toEqual([at(400), at(700)]);
  });

  test('nobody gives way when nobody new is seen, as behind a pillar', () => {
    expect(confirmed([at(100), at(400)], [at(405)], 0.2)).toEqual([at(400), at(100)]);
    expect(confirmed([at(100), at(400)], [], 0.2)).toEqual([at(100), at(400)]);
  });

  test('people who are followed and seen stay, however many others there are', () => {
    expect(confirmed([at(100), at(400)], [at(100), at(405), at(700)], 0.2)).toEqual([at(100), at(400)]);
  });
});
