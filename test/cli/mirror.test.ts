import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { idsOf, LANDMARK_IDS, LIMB_JOINTS, type Side } from '../../src/model/body.js';
import { readPoses, readTruth } from '../bench/accuracy/poses.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { firstOf } from '../support/full-tests.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const FRAMES = 16;
const folder = await temporaryFolder();
const truth = await readTruth(join(SAMPLES, 'wave.truth.json'));
/** As stored by a selfie camera. */
const stored = await makeWithFfmpeg(
  ['-i', join(SAMPLES, 'wave.mp4'), '-vf', 'hflip', '-c:v', 'libx264', '-crf', '12'],
  join(folder, 'selfie.mp4'),
);

async function analyse(name: string, more: readonly string[]): Promise<string> {
  const out = join(folder, name);
  const { code, stderr } = await runCli(['analyze', stored, '-o', out, '--max-frames', String(FRAMES), '-q', ...more]);
  expect([code, stderr]).toEqual([0, '']);
  return out;
}

interface Errors {
  readonly pixels: number;
  readonly metres: number;
  /** The same, if the body's x ran the other way. */
  readonly metresReversed: number;
}

/**
 * Mean distances of the limbs' joints from the truth: in pixels of the stored picture, and in metres across and along
 * the body.
 */
async function errorsOf(out: string): Promise<Errors> {
  const poses = await readPoses(join(out, 'selfie.csv'));
  const errors = poses.flatMap(({ people }, frame) =>
    LIMB_JOINTS.map(id => {
      const [x = 0, y = 0] = people[0]?.image[id] ?? [];
      const [across = 0, down = 0] = people[0]?.world[id] ?? [];
      const { image, camera } = truth.frames[frame]![0]!;
      const [trueX, trueY] = image[id]!;
      const [left, right, joint] = [LANDMARK_IDS.left_hip, LANDMARK_IDS.right_hip, id].map(part => camera[part]!);
      const [trueAcross = 0, trueDown = 0] = joint!.map((value, k) => value - (left![k]! + right![k]!) / 2);
      return {
        pixels: Math.hypot(x - (truth.width - trueX), y - trueY),
        metres: Math.hypot(across - trueAcross, down - trueDown),
        metresReversed: Math.hypot(-across - trueAcross, down - trueDown),
      };
    }),
  );
  const mean = (name: keyof Errors) => errors.reduce((sum, error) => sum + error[name], 0) / errors.length;
  return { pixels: mean('pixels'), metres: mean('metres'), metresReversed: mean('metresReversed') };
}

/** Colour of the overlay's first picture in the middle of an upper arm, mean of 3x3. */
async function colourOfArm(out: string, side: Side): Promise<readonly number[]> {
  const [frame] = await readPoses(join(out, 'selfie.csv'));
  const ends = idsOf(`${side}_shoulder`, `${side}_elbow`).map(id => frame?.people[0]?.image[id] ?? [0, 0]);
  const [x = 0, y = 0] = [0, 1].map(k => ends.reduce((sum, end) => sum + (end[k] ?? 0), 0) / ends.length);
  const crop = `crop=3:3:${Math.round(x) - 1}:${Math.round(y) - 1}:exact=1,scale=1:1:flags=area`;
  const film = ['-i', join(out, 'selfie.overlay.mp4'), '-frames:v', '1', '-vf', `format=rgb24,${crop}`];
  return [...(await readFile(await makeWithFfmpeg([...film, '-f', 'rawvideo'], join(out, `${side}.rgb`))))];
}

test.each(firstOf(['native', 'mediapipe'], 1))(
  "--mirror: left and right of a clip that is stored mirrored are the person's own, in pixels and in metres (%s)",
  async engine => {
    const out = await analyse(engine, ['--mirror', '--no-overlay', '--engine', engine]);
    const own = await errorsOf(out);
    expect(own.pixels).toBeLessThan(8);
    expect(own.metres).toBeLessThan(0.05);
    const asSeen = await errorsOf(await analyse(`${engine}-as-seen`, ['--no-overlay', '--engine', engine]));
    expect(asSeen.pixels).toBeGreaterThan(5 * own.pixels);
    expect(own.metresReversed).toBeGreaterThan(3 * own.metres);
    const record = JSON.parse(await readFile(join(out, 'selfie.run.json'), 'utf8'));
    expect(record.options.source.mirror).toBe(true);
  },
  120_000,
);

test("--mirror: the overlay's colours follow, warm on the person's left", async () => {
  const out = await analyse('drawn', ['--mirror', '--engine', 'native']);
  const [leftRed = 0, , leftBlue = 0] = await colourOfArm(out, 'left');
  const [rightRed = 0, , rightBlue = 0] = await colourOfArm(out, 'right');
  expect(leftRed - leftBlue).toBeGreaterThan(40);
  expect(rightBlue - rightRed).toBeGreaterThan(40);
}, 120_000);
