import { describe, expect, test } from 'vitest';
import { type Degradation, degrade, parseDegradation, type RgbPicture } from '../../samples/render/degrade.js';

const picture = (...values: number[]): RgbPicture => ({
  width: values.length,
  height: 1,
  data: Uint8Array.from(values.flatMap(value => [value, value, value])),
});

async function* film(...pictures: RgbPicture[]) {
  yield* pictures;
}

async function result(how: Degradation, ...pictures: RgbPicture[]): Promise<number[][]> {
  const greys: number[][] = [];
  for await (const { data } of degrade(film(...pictures), how)) greys.push([...data].filter((_, i) => i % 3 === 0));
  return greys;
}

describe('degradations', () => {
  test('darkness multiplies the stored values and rounds them to 8 bits', async () => {
    expect(await result({ kind: 'dark', factor: 0.1, noise: 0 }, picture(0, 14, 16, 255))).toEqual([[0, 1, 2, 26]]);
  });

  test('fog draws all values together around its level', async () => {
    expect(await result({ kind: 'fog', contrast: 0.15, level: 150, noise: 0 }, picture(0, 150, 250))).toEqual([
      [128, 150, 165],
    ]);
  });

  test('a wrong exposure cuts both ends', async () => {
    expect(await result({ kind: 'crush', black: 50, white: 200 }, picture(20, 50, 125, 200, 255))).toEqual([
      [0, 0, 128, 255, 255],
    ]);
  });

  test('motion blur is a mean in linear light, over fewer frames at the ends', async () => {
    const frames = await result({ kind: 'blur', frames: 3 }, picture(0), picture(255), picture(0), picture(0));
    // Half of full light is 188 in sRGB, a third 156.
    expect(frames).toEqual([[188], [156], [156], [0]]);
  });

  test('motion blur of a film that stands still changes nothing, and keeps its length', async () => {
    expect(await result({ kind: 'blur', frames: 9 }, picture(7, 200), picture(7, 200))).toEqual([
      [7, 200],
      [7, 200],
    ]);
  });

  test('noise is the same for the same frame number and another for the next', async () => {
    const grey = picture(...Array.from({ length: 400 }, () => 100));
    const how: Degradation = { kind: 'dark', factor: 1, noise: 2 };
    const [first, second] = await result(how, grey, grey);
    expect(await result(how, grey, grey)).toEqual([first, second]);
    expect(first).not.toEqual(second);
    const mean = first!.reduce((a, b) => a + b) / first!.length;
    const deviation = Math.sqrt(first!.reduce((sum, value) => sum + (value - mean) ** 2, 0) / first!.length);
    expect(mean).toBeCloseTo(100, 0);
    expect(deviation).toBeGreaterThan(1.7);
    expect(deviation).toBeLessThan(2.3);
  });

  test('strengths are read from text, and an unknown one is refused', () => {
    expect(parseDegradation('dark:0.1')).toMatchObject({ kind: 'dark', factor: 0.1 });
    expect(parseDegradation('crush:40:200')).toEqual({ kind: 'crush', black: 40, white: 200 });
    expect(() => parseDegradation('sepia:1')).toThrow(/known are dark/);
    expect(() => parseDegradation('dark')).toThrow(/strength is missing/);
  });
});
