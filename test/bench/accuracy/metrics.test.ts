import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SAMPLES } from '../../support/reference-clips.js';
import { otherSide, type Point3, procrustesError, quantile, rootAlignedError, swapSides } from './metrics.js';
import { type PredictedFrame, readTruth, type TrueClip } from './poses.js';
import { scoreClip } from './score-clip.js';

const wave = await readTruth(join(SAMPLES, 'wave.truth.json'));
const crossing = await readTruth(join(SAMPLES, 'crossing.truth.json'));
const empty = await readTruth(join(SAMPLES, 'empty-room.truth.json'));

/** The truth in the form of a result. */
function asFound(clip: TrueClip): PredictedFrame[] {
  return clip.frames.map((people, i) => ({
    timestamp: clip.times[i]!,
    people: people.map(({ image, camera }, personId) => ({ personId, score: 1, image, world: camera })),
  }));
}

describe('the accuracy bench', () => {
  test.each([
    ['one person', wave],
    ['two people', crossing],
  ])('truth as prediction, %s: no error, PCK 1, no swaps', (_, clip) => {
    const score = scoreClip(clip, asFound(clip));
    expect(score).toMatchObject({ meanError: 0, p95Error: 0, pck10: 1, pck20: 1, swaps: 0, falsePersons: 0 });
    expect(score).toMatchObject({ jitter: 0, mpjpe: 0, identitySwitches: 0, right: score.wanted, posed: score.wanted });
    expect(score.paMpjpe).toBeCloseTo(0, 6);
  });

  test('truth with left and right swapped: every frame is swapped', () => {
    const frames = asFound(wave).map(frame => ({
      ...frame,
      people: frame.people.map(pose => ({ ...pose, image: swapSides(pose.image), world: swapSides(pose.world) })),
    }));
    const score = scoreClip(wave, frames);
    expect(score.swaps).toBe(wave.frames.length);
    expect(score.meanError).toBeGreaterThan(0.25);
    expect(score.right).toBe(0);
  });

  test('no person found: none right, none false; a person in the empty room: false', () => {
    const nobody = wave.times.map(timestamp => ({ timestamp, people: [] }));
    expect(scoreClip(wave, nobody)).toMatchObject({ posed: 0, right: 0, falsePersons: 0, wanted: wave.frames.length });
    const [pose] = asFound(wave)[0]!.people;
    const ghosts = empty.times.map((timestamp, i) => ({ timestamp, people: i < 4 ? [pose!] : [] }));
    expect(scoreClip(empty, ghosts)).toMatchObject({ wanted: 0, falsePersons: 4 });
  });

  test('two people whose ids are swapped midway: one switch each', () => {
    const half = Math.floor(crossing.frames.length / 2);
    const frames = asFound(crossing).map((frame, i) => ({
      ...frame,
      people: frame.people.map(pose => ({ ...pose, personId: i < half ? pose.personId : 1 - pose.personId })),
    }));
    expect(scoreClip(crossing, frames)).toMatchObject({ identitySwitches: 2, meanError: 0 });
  });

  test('a constant offset is an error without jitter; every second frame off is jitter', () => {
    const moved = (by: (i: number) => number) =>
      asFound(wave).map((frame, i) => ({
        ...frame,
        people: frame.people.map(pose => ({ ...pose, image: pose.image.map(([x, y]) => [x + by(i), y] as const) })),
      }));
    const steady = scoreClip(
      wave,
      moved(() => 5),
    );
    expect(steady.jitter).toBeCloseTo(0, 6);
    expect(steady.meanError).toBeGreaterThan(0.03);
    // Alternately off by 1 px: the second difference is 2 px.
    expect(
      scoreClip(
        wave,
        moved(i => i % 2),
      ).jitter,
    ).toBeCloseTo(2, 6);
  });

  test('a lost clip frame is rejected rather than shifted', () => {
    expect(() => scoreClip(wave, asFound(wave).slice(1))).toThrow(/119 frames were analysed, the truth has 120/);
  });

  test('Procrustes ignores a rotation, a scale and a shift, but not mirroring; root alignment ignores only a shift', () => {
    const points = wave.frames[40]![0]!.camera;
    const turned = points.map(([x, y, z]): Point3 => [2 * z + 1, 2 * y - 3, -2 * x]);
    const shifted = points.map(([x, y, z]): Point3 => [x + 1, y, z - 2]);
    const mirrored = points.map(([x, y, z]): Point3 => [-x, y, z]);
    expect(procrustesError(turned, points)).toBeCloseTo(0, 9);
    expect(rootAlignedError(turned, points)).toBeGreaterThan(0.1);
    expect(rootAlignedError(shifted, points)).toBeCloseTo(0, 9);
    expect(procrustesError(mirrored, points)).toBeGreaterThan(0.02);
  });

  test('swapping sides twice changes nothing, and quantiles are values that occur', () => {
    for (let id = 0; id < 33; id++) expect(otherSide(otherSide(id))).toBe(id);
    expect([1, 4, 7, 9, 11, 31].map(otherSide)).toEqual([4, 1, 8, 10, 12, 32]);
    expect(quantile([5, 1, 3, 2, 4], 0.95)).toBe(5);
    expect(quantile([5, 1, 3, 2, 4], 0.5)).toBe(3);
  });
});
