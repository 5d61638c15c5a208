import { join } from 'node:path';
import { SAMPLES } from '../../support/reference-clips.js';
import { analyzeSample, type Engines, type Way } from './analyze-sample.js';
import { firstFrames, readTruth } from './poses.js';
import { type ClipScore, scoreClip } from './score-clip.js';
import { type JointScore, scoreJoints } from './score-joints.js';

/** A sample, or its first frames, analysed in a way and held against its truth: for tests of what the bench measures. */
export async function judgeSample(
  engines: Engines,
  name: string,
  way: Way,
  folder: string,
): Promise<{ score: ClipScore; joints: JointScore }> {
  const whole = await readTruth(join(SAMPLES, `${name}.truth.json`));
  const truth = firstFrames(whole, way.maxFrames ?? whole.frames.length);
  const { frames } = await analyzeSample(engines, join(SAMPLES, `${name}.mp4`), way, folder);
  return { score: scoreClip(truth, frames), joints: scoreJoints(truth, frames) };
}
