import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BodyHeight } from '../../src/signal/body-height.js';
import { SAMPLES } from '../support/reference-clips.js';

interface Truth {
  readonly height: number;
  readonly verticalFieldOfViewDegrees: number;
  readonly frames: readonly (readonly (readonly number[])[])[][];
}

/**
 * Height of a sample's person according to its truth: from its pixels, and in metres by its distance from the camera.
 */
async function heightIn(sample: string): Promise<number> {
  const truth = JSON.parse(await readFile(join(SAMPLES, `${sample}.truth.json`), 'utf8')) as Truth;
  const focal = truth.height / 2 / Math.tan((truth.verticalFieldOfViewDegrees * Math.PI) / 360);
  const height = new BodyHeight();
  let distance = 0;
  for (const [person = []] of truth.frames) {
    height.add(person.map(([x = 0, y = 0]) => ({ x, y })));
    distance += Math.abs((person[23] as number[])[4]!) / truth.frames.length;
  }
  return ((height.value ?? Number.NaN) * distance) / focal;
}

describe('the height of a body in the picture', () => {
  test.each([
    ['wave', 1.75],
    ['small', 1.75],
    ['squat', 1.6625],
    ['push-up', 1.8375],
    ['cartwheel', 1.75],
    ['walk-behind-pillar', 1.61],
    ['turn', 1.4],
  ])('%s: within 6 per cent, also of who squats, lies or turns, and of a child', async (sample, metres) => {
    expect(Math.abs((await heightIn(sample)) / metres - 1)).toBeLessThan(0.06);
  });

  test('its spread is that of the frames that show it best', () => {
    const standing = (height: number) =>
      Array.from({ length: 33 }, (_, id) => ({
        x: 0,
        y: id < 23 ? 0 : ([23, 24].includes(id) ? 0.288 : [25, 26].includes(id) ? 0.533 : 0.779) * height,
      }));
    const spreadOf = (share: number) => {
      const height = new BodyHeight();
      for (let i = 0; i < 200; i++) height.add(standing(400 * (1 + share * Math.sin(i))));
      return height.spread;
    };
    expect(spreadOf(0)).toBeLessThan(0.01);
    expect(spreadOf(0.05)).toBeGreaterThan(0.01);
    expect(spreadOf(0.1)).toBeGreaterThan(1.5 * spreadOf(0.05));
  });

  test('is undefined without a person', () => {
    expect(new BodyHeight().value).toBeUndefined();
  });
});
