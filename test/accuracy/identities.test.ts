import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readLandmarks } from '../../src/formats/read-landmarks.js';
import type { TablePerson } from '../../src/model/table-frame.js';
import { readTruth } from '../bench/accuracy/poses.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { firstOf } from '../support/full-tests.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const truth = await readTruth(join(SAMPLES, 'crossing.truth.json'));
const LAST = truth.times.length - 1;
/** Frames at either end, in which both stand apart. */
const APART = 25;

/**
 * Ways for two people to pass each other, one behind the other, as mappings of a frame's number and of positions from
 * left to right.
 */
const WAYS = {
  'as it is': { filter: 'null', frame: (id: number) => id, x: (x: number) => x },
  backwards: { filter: 'reverse', frame: (id: number) => LAST - id, x: (x: number) => x },
  mirrored: { filter: 'hflip', frame: (id: number) => id, x: (x: number) => 1 - x },
} as const;

const hipsOf = (image: readonly (readonly number[])[]) => ((image[23]?.[0] ?? 0) + (image[24]?.[0] ?? 0)) / 2;

/** The truth's person whose hips are nearest to those of a person. */
function nearest({ landmarks }: TablePerson, frameId: number, way: (typeof WAYS)[keyof typeof WAYS]): number {
  const middle = way.x(((landmarks[23]?.x ?? 0) + (landmarks[24]?.x ?? 0)) / 2) * truth.width;
  const off = (truth.frames[way.frame(frameId)] ?? []).map(({ image }) => Math.abs(hipsOf(image) - middle));
  return off.indexOf(Math.min(...off));
}

describe.each(firstOf(Object.entries(WAYS), 1))('two people who pass each other, %s', (name, way) => {
  test.each(firstOf(['smart', 'track'], 1))(
    'keep their ids in %s: before and after, each is the same person',
    async mode => {
      const clip = join(folder, `${name.replaceAll(' ', '-')}.mp4`);
      await makeWithFfmpeg(['-i', join(SAMPLES, 'crossing.mp4'), '-vf', way.filter, '-crf', '12'], clip);
      const out = join(folder, mode);
      const args = ['analyze', clip, '-o', out, '--mode', mode, '--people', '2', '--no-overlay', '-q', '--force'];
      expect((await runCli(args)).code).toBe(0);
      const seen = { before: new Set<string>(), after: new Set<string>() };
      let reported = 0;
      for await (const { frameId, people } of readLandmarks(clip.replace(folder, out).replace('.mp4', '.csv'))) {
        if (frameId >= APART && frameId <= LAST - APART) continue;
        for (const person of people) {
          const name = `${person.personId} is ${nearest(person, frameId, way)}`;
          seen[frameId < APART ? 'before' : 'after'].add(name);
          reported++;
        }
      }
      expect([...seen.after].sort()).toEqual([...seen.before].sort());
      expect(seen.before.size).toBe(2);
      expect(reported).toBeGreaterThan(2 * 2 * APART * 0.9);
    },
  );
});
