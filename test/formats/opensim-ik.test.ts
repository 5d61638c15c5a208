import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Pose } from '../../src/model/pose.js';
import { median } from '../bench/bench-report.js';
import { writeMadeTable } from '../support/made-table.js';
import { type IkResult, readByOpenSim, runIk } from '../support/opensim.js';
import { pythonWith } from '../support/readers.js';
import { HAS_OPENSIM_MODEL, SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { type LegAngles, trueLegAngles } from '../support/true-angles.js';
import { truePose } from '../support/true-pose.js';

const OPENSIM = pythonWith('opensim');
const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
const NAMES = ['knee_angle_l', 'knee_angle_r', 'hip_flexion_l', 'hip_flexion_r'] as const;

/** The median error of each angle in degrees. @param truth of the solved frames */
function errorsOf({ coordinates }: IkResult, truth: readonly (LegAngles | undefined)[]): number[] {
  return NAMES.map(name =>
    median(coordinates[name]?.map((found, i) => Math.abs(found - (truth[i]?.[name] ?? Number.NaN))) ?? []),
  );
}

const meanRms = ({ rms }: IkResult) => Math.sqrt(rms.reduce((sum, value) => sum + value ** 2, 0) / rms.length);

/** The same pose with uncertain joints. */
const without = (pose: Pose, unsure: readonly number[]): Pose => ({
  ...pose,
  landmarks: pose.landmarks.map((mark, id) => ({ ...mark, confidence: unsure.includes(id) ? 0.2 : 0.9 })),
});

/** Frames of samples' truth. @param posesOf people of a frame */
async function writeTrueTable(
  name: string,
  frames: number,
  posesOf: (frame: number) => Promise<Record<number, Pose>> | Record<number, Pose>,
) {
  const rows = await Promise.all(
    Array.from({ length: frames }, async (_, i) => ({ time: i / 30, people: await posesOf(i) })),
  );
  await writeMadeTable(at(`${name}.csv`), rows);
}

describe('an export for inverse kinematics', () => {
  test('has markers, set-ups and a README for each person, with the names of the marker set', async () => {
    await writeTrueTable('two', 12, async i => ({ 0: await truePose('squat', i), 4: await truePose('sit', i) }));
    const { code, stderr } = await runCli(['export', at('two.csv'), '-f', 'opensim', '--person-height', '1.7']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('two.opensim/')]);
    const files = ['ik.xml', 'scale.xml', 'trc'].flatMap(suffix => [`person-0.${suffix}`, `person-4.${suffix}`]);
    expect((await readdir(at('two.opensim'))).sort()).toEqual(['README.md', ...files].sort());
    const readme = await readFile(at('two.opensim', 'README.md'), 'utf8');
    expect(readme).toContain("opensim.ScaleTool('person-4.scale.xml').run()");
    expect(readme).toContain('- `person-0`: 12 of 12 frames; scaled by 0-0.3 s; turned by 90 degrees');
    const trc = await readFile(at('two.opensim', 'person-0.trc'), 'utf8');
    expect(trc.split('\n')[3]).toMatch(/^Frame#\tTime\tNose\t\t\tLEye\t\t\tREye\t\t\tLShoulder\t\t\tRShoulder/);
  });

  test("replaces an earlier one, and keeps OpenSim's own results", async () => {
    await writeFile(at('two.opensim', 'person-0.mot'), "OpenSim's");
    expect((await runCli(['export', at('two.csv'), '-f', 'opensim'])).code).toBe(0);
    expect(await readFile(at('two.opensim', 'person-0.mot'), 'utf8')).toBe("OpenSim's");
    await writeFile(at('two.opensim', 'README.md'), 'mine');
    const taken = await runCli(['export', at('two.csv'), '-f', 'opensim']);
    expect([taken.code, taken.stderr]).toEqual([1, expect.stringContaining('already exists')]);
  });

  test('is not written without people', async () => {
    await writeMadeTable(at('nobody.csv'), [{ time: 0, people: {} }]);
    expect((await runCli(['export', at('nobody.csv'), '-f', 'opensim'])).stderr).toContain('nothing was written');
    expect((await readdir(folder)).filter(name => name.startsWith('nobody'))).toEqual(['nobody.csv']);
  });
});

describe.skipIf(!OPENSIM || !HAS_OPENSIM_MODEL)("OpenSim's inverse kinematics", () => {
  test('finds knees and hips of a video from the side within 8 degrees', async () => {
    const clip = join(SAMPLES, 'lying-sofa.mp4');
    const args = ['analyze', clip, '-o', folder, '--no-overlay', '--export', 'opensim', '-q'];
    expect((await runCli(args)).code).toBe(0);
    const result = await runIk(OPENSIM!, at('lying-sofa.opensim'), 'person-0');
    const truth = await trueLegAngles('lying-sofa');
    expect(result.times).toHaveLength(truth.length);
    expect(meanRms(result)).toBeLessThan(0.04);
    for (const error of errorsOf(result, truth)) expect(error).toBeLessThan(8);
  });

  test('handles frames without the person and with an unseen leg; the person stands on the ground', async () => {
    const LEFT_LEG = [25, 27, 29, 31];
    const isThere = (i: number) => i > 2 && (i < 30 || i > 40) && i < 116;
    await writeTrueTable(
      'gaps',
      120,
      async (i): Promise<Record<number, Pose>> =>
        isThere(i) ? { 0: without(await truePose('squat', i), i > 60 && i < 70 ? LEFT_LEG : []) } : {},
    );
    expect((await runCli(['export', at('gaps.csv'), '-f', 'opensim', '--person-height', '1.62'])).code).toBe(0);
    const [trc, result, truth] = await Promise.all([
      readByOpenSim(OPENSIM!, at('gaps.opensim', 'person-0.trc')),
      runIk(OPENSIM!, at('gaps.opensim'), 'person-0'),
      trueLegAngles('squat'),
    ]);
    const there = truth.map((_, i) => i).filter(isThere);
    expect(trc.times).toEqual(there.map(i => expect.closeTo(i / 30, 5)));
    expect(result.times).toEqual(trc.times.map(time => expect.closeTo(time, 6)));
    expect(trc.rate).toBeCloseTo(30, 2); // Of the video, even if the person is not in each frame.
    const knee = trc.labels.indexOf('LKnee');
    expect(trc.rows.map(row => Number.isNaN(row[knee]![0]))).toEqual(there.map(i => i > 60 && i < 70));
    const [kneeLeft, kneeRight, ...hips] = errorsOf(
      result,
      there.map(i => truth[i]),
    );
    expect([kneeLeft! < 8, kneeRight! < 8, hips.every(error => error < 8)]).toEqual([true, true, true]);
    const { pelvis_ty = [], pelvis_rotation = [] } = result.coordinates;
    expect(Math.max(...pelvis_ty)).toBeGreaterThan(0.75);
    expect(Math.max(...pelvis_ty)).toBeLessThan(1.05);
    expect(Math.max(...pelvis_ty) - Math.min(...pelvis_ty)).toBeGreaterThan(0.25); // It moves down with the squat.
    expect(Math.max(...pelvis_rotation.map(Math.abs))).toBeLessThan(50);
  });

  test('keeps left and right if the video is mirrored', async () => {
    await writeTrueTable('mirrored', 24, async i => {
      const pose = await truePose('push-up', i);
      return { 0: { ...pose, landmarks: pose.landmarks.map(mark => ({ ...mark, x: 1 - mark.x })) } };
    });
    expect((await runCli(['export', at('mirrored.csv'), '-f', 'opensim'])).code).toBe(0);
    const result = await runIk(OPENSIM!, at('mirrored.opensim'), 'person-0');
    expect(meanRms(result)).toBeLessThan(0.04);
    for (const error of errorsOf(result, await trueLegAngles('push-up'))) expect(error).toBeLessThan(8);
  });
});
