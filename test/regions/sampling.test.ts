import { describe, expect, test } from 'vitest';
import { toRgba, type YuvImage, yuvBytes } from '../../src/model/picture.js';
import { sampleRegion } from '../../src/regions/sampling.js';

describe('sampling a region', () => {
  /** A picture of noise: each value of luma and chroma occurs. */
  const noise = (width: number, height: number): YuvImage => {
    const data = Uint8Array.from({ length: yuvBytes(width, height) }, (_, i) => (i * 7919 + (i >> 3) * 104729) & 255);
    return { width, height, data, matrix: 'bt709' };
  };

  test.each(['black', 'nearest'] as const)(
    'from planes is bit by bit sampling from RGBA, %s beyond the edges',
    border => {
      for (const [width, height] of [
        [97, 63],
        [3, 2],
        [1, 1],
      ] as const) {
        const image = noise(width, height);
        for (const rotation of [0, 0.3, -2]) {
          const region = { x: width * 0.4, y: height * 0.6, size: width * 1.1, rotation };
          const [a, b] = [new Float32Array(3 * 32 * 32), new Float32Array(3 * 32 * 32)];
          sampleRegion(image, region, 32, border, { scale: 1 / 255, offset: 0 }, a);
          sampleRegion(toRgba(image), region, 32, border, { scale: 1 / 255, offset: 0 }, b);
          expect(a).toEqual(b);
          expect(new Set(a).size).toBeGreaterThan(1);
        }
      }
    },
  );
});
