import { afterEach, describe, expect, test, vi } from 'vitest';
import { rgbTables, type YuvImage, type YuvMatrix, yuvBytes } from '../../src/model/picture.js';
import { allocatePictures } from '../../src/model/picture-memory.js';
import type { Region } from '../../src/model/region.js';
import { gridOf } from '../../src/regions/grid.js';
import { sampleYuv } from '../../src/regions/sample-yuv.js';
import type { Border } from '../../src/regions/sampled-values.js';
import {
  COLOUR_COEFFICIENTS,
  GREEN_CHROMA_FINE_BITS,
  GREEN_LUMA_FINE_BITS,
  LIGHT_BITS,
} from '../../src/regions/wasm/colour-coefficients.js';
import { sampleInWasm } from '../../src/regions/wasm/wasm-sampler.js';

const MATRICES: readonly YuvMatrix[] = ['bt601', 'bt709'];
const BORDERS: readonly Border[] = ['nearest', 'black'];
const NATIVE_RANGES = [
  { scale: 1 / 255, offset: 0 },
  { scale: 1 / 127.5, offset: -1 },
  { scale: 1, offset: 0 },
];

/** Pseudo-random numbers, the same in each run: from 0 up to 1 (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A picture of noise of all bytes, the second of two in a memory: one in front of it, nothing behind. */
function noise(width: number, height: number, matrix: YuvMatrix, next: () => number): YuvImage {
  const [, data] = allocatePictures(yuvBytes(width, height), 2) as [Uint8Array, Uint8Array];
  for (let i = 0; i < data.length; i++) data[i] = next() * 256;
  return { width, height, data, matrix };
}

/** The number of samples that differ; the two must be identical, not close. */
function differences(image: YuvImage, region: Region, size: number, border: Border, range = NATIVE_RANGES[0]): number {
  const [ours, plain] = [new Float32Array(3 * size * size).fill(-7), new Float32Array(3 * size * size)];
  const grid = gridOf(region, size);
  expect(sampleInWasm(image, grid, border, range!, ours)).toBe(true);
  sampleYuv(image, grid, border, range!, plain);
  return plain.reduce((count, value, i) => count + (Object.is(value, ours[i]) ? 0 : 1), 0);
}

describe('sampling in WebAssembly', () => {
  test.each(MATRICES)('its coefficients give the colours of the tables, for all luma and chroma, in %s', matrix => {
    const c = COLOUR_COEFFICIENTS[matrix];
    const { red, blue, greenOfLuma, greenOfChroma } = rgbTables(matrix);
    const clamp = (value: number) => Math.min(255, Math.max(0, value));
    const wrong = { red: 0, blue: 0, green: 0, luma: 0 };
    const count = (what: keyof typeof wrong, made: number, right: number) => {
      if (made !== right) wrong[what]++;
    };
    for (let high = 0; high < 256; high++) {
      const luma = c.greenOfLuma * high + ((c.greenOfLumaFine * high + c.greenOfLumaFineBase) >> GREEN_LUMA_FINE_BITS);
      // The tables' sum is clamped from 384 on; what is left of it belongs to either part.
      const rest = greenOfLuma[high]! - (384 << 16) - luma - c.greenBase;
      for (let low = 0; low < 256; low++) {
        const light = c.light * high;
        const at = (high << 8) | low;
        count('red', clamp((light + c.redOfCr * low + c.redBase) >> LIGHT_BITS), red[at]!);
        count('blue', clamp((light + c.blueOfCb * low + c.blueBase) >> LIGHT_BITS), blue[at]!);
        const fine = (c.greenOfCbFine * high + c.greenOfCrFine * low + c.greenFineBase) >> GREEN_CHROMA_FINE_BITS;
        const shift = -128 * (c.greenOfCb + c.greenOfCr);
        count('green', c.greenOfCb * high + c.greenOfCr * low + fine + shift, greenOfChroma[at]!);
        count('luma', rest + shift, 0);
      }
    }
    expect(wrong).toEqual({ red: 0, blue: 0, green: 0, luma: 0 });
  });

  test.each(BORDERS)('equals the plain sampling of random regions bit by bit, %s beyond the edges', border => {
    const next = random(1);
    let wrong = 0;
    for (let round = 0; round < 150; round++) {
      const [width, height] = [1 + Math.floor(next() * 200), 1 + Math.floor(next() * 200)];
      const image = noise(width, height, MATRICES[round % 2]!, next);
      const region = {
        x: (next() * 3 - 1) * width,
        y: (next() * 3 - 1) * height,
        size: Math.max(width, height) * next() * 3,
        rotation: next() < 0.2 ? 0 : (next() - 0.5) * 8,
      };
      wrong += differences(image, region, 4 * (1 + Math.floor(next() * 20)), border, NATIVE_RANGES[round % 3]);
    }
    expect(wrong).toBe(0);
  });

  test.each([
    ['of a single pixel', 1, 1, { x: 0.5, y: 0.5, size: 3, rotation: 0.4 }, 64],
    ['of two pixels', 2, 1, { x: 1, y: 0, size: 9, rotation: -1 }, 64],
    ['of odd sizes', 333, 217, { x: 300, y: 200, size: 290, rotation: 0.7 }, 256],
    ['tiny', 640, 480, { x: 320.3, y: 240.7, size: 0.01, rotation: 2 }, 64],
    ['without size', 640, 480, { x: 320, y: 240, size: 0, rotation: 0 }, 64],
    ['huge', 640, 480, { x: 320, y: 240, size: 1e6, rotation: 0.5 }, 256],
    ['far outside', 64, 48, { x: -5000, y: 9000, size: 100, rotation: 0.5 }, 64],
    ['right at the corner', 64, 48, { x: 64, y: 48, size: 16, rotation: 0 }, 64],
    ['just touching the first pixel', 64, 48, { x: -8.5, y: -8.5, size: 16, rotation: 0 }, 64],
    ['turned by a quarter', 1088, 1920, { x: 544, y: 960, size: 1900, rotation: Math.PI / 2 }, 256],
    ['of the detector', 1088, 1920, { x: 544, y: 960, size: 1920, rotation: 0 }, 224],
    ['of fine samples', 640, 480, { x: 320, y: 240, size: 300, rotation: 0.2 }, 1280],
  ] as const)('is the plain sampling of a region %s', (_, width, height, region, size) => {
    const image = noise(width, height, 'bt709', random(2));
    for (const border of BORDERS) expect(differences(image, region, size, border)).toBe(0);
  });

  test('works for each picture of a memory, whatever its matrix', () => {
    const region = { x: 20, y: 20, size: 30, rotation: 0.1 };
    const bt709 = noise(40, 40, 'bt709', random(3));
    for (const image of [bt709, { ...bt709, matrix: 'bt601' } as const, bt709]) {
      expect(differences(image, region, 32, 'nearest')).toBe(0);
    }
  });

  test.each([
    [
      'a picture outside of such a memory',
      { data: new Uint8Array(yuvBytes(40, 40)) },
      { x: 20, y: 20, size: 30, rotation: 0 },
      32,
    ],
    ['a size that is no multiple of four', {}, { x: 20, y: 20, size: 30, rotation: 0 }, 31],
    ['more samples in a row than there is room for', {}, { x: 20, y: 20, size: 30, rotation: 0 }, 8192],
    ['places that are no 32-bit numbers', {}, { x: 1e9, y: 20, size: 30, rotation: 0 }, 32],
    ['places that are no numbers', {}, { x: Number.NaN, y: 20, size: 30, rotation: 0 }, 32],
  ])('is left to the plain sampling for %s', (_, change, region, size) => {
    const image = { ...noise(40, 40, 'bt709', random(4)), ...change };
    const out = new Float32Array(3 * Math.min(size, 32) ** 2).fill(-7);
    expect(sampleInWasm(image, gridOf(region, size), 'nearest', NATIVE_RANGES[0]!, out)).toBe(false);
    expect(out.every(value => value === -7)).toBe(true);
  });
});

describe('without WebAssembly', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  const { Memory } = (globalThis as unknown as { WebAssembly: { Memory: object } }).WebAssembly;

  test.each([
    ['where none exists at all', undefined],
    ['where it compiles nothing, without SIMD say', { Memory }],
  ])('the plain sampling takes its place, %s', async (_, stub) => {
    vi.stubGlobal('WebAssembly', stub);
    vi.resetModules();
    const { allocatePictures: allocate, memoryOf } = await import('../../src/model/picture-memory.js');
    const { sampleRegion } = await import('../../src/regions/sampling.js');
    const [data] = allocate(yuvBytes(40, 30), 2) as [Uint8Array];
    expect(memoryOf(data) === undefined).toBe(stub === undefined);
    for (let i = 0; i < data.length; i++) data[i] = i * 7919;
    const image = { width: 40, height: 30, data, matrix: 'bt709' } as const;
    const region = { x: 20, y: 20, size: 30, rotation: 0.1 };
    const [out, plain] = [new Float32Array(3 * 32 * 32), new Float32Array(3 * 32 * 32)];
    sampleRegion(image, region, 32, 'nearest', NATIVE_RANGES[0]!, out);
    sampleYuv(image, gridOf(region, 32), 'nearest', NATIVE_RANGES[0]!, plain);
    expect(out).toEqual(plain);
    expect(new Set(out).size).toBeGreaterThan(1);
  });

  test('pictures have separate buffers if no such memory can be allocated', async () => {
    class Refusing {
      constructor() {
        throw new RangeError('WebAssembly.Memory(): could not allocate memory');
      }
    }
    vi.stubGlobal('WebAssembly', { Memory: Refusing });
    const buffers = allocatePictures(1000, 3);
    expect(buffers.map(({ length, buffer }) => [length, buffer instanceof SharedArrayBuffer])).toEqual(
      Array(3).fill([1000, true]),
    );
  });
});
