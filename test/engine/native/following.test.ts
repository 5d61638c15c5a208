import { describe, expect, test } from 'vitest';
import { apart, confirmed } from '../../../src/engine/native/pipeline/following.js';

const at = (x: number, size = 100) => ({ x, y: 100, size, rotation: 0 });

describe('the choice of followed regions', () => {
  test('of two regions in one place, the later one stays', () => {
    expect(apart([at(100), at(400), at(110)], 0.2)).toEqual([at(400), at(110)]);
    expect(apart([at(100), at(400)], 0.2)).toEqual([at(100), at(400)]);
  });

  test('a region where the detector finds no person makes room for a new person', () => {
    expect(confirmed([at(100), at(400)], [at(405), at(700)], 0.2)).toEqual([at(400), at(700)]);
  });

  test('no region makes room if there is no new person, as behind a pillar', () => {
    expect(confirmed([at(100), at(400)], [at(405)], 0.2)).toEqual([at(400), at(100)]);
    expect(confirmed([at(100), at(400)], [], 0.2)).toEqual([at(100), at(400)]);
  });

  test('people who are followed and seen stay, however many others appear', () => {
    expect(confirmed([at(100), at(400)], [at(100), at(405), at(700)], 0.2)).toEqual([at(100), at(400)]);
  });
});
