import { readLandmarks } from '../formats/read-landmarks.js';
import type { CompareLimits, Comparison } from './comparison.js';
import { Gatherer } from './gather.js';
import { matchFrames } from './match.js';
import { recordDifferencesOf } from './record-differences.js';
import { allowed } from './tolerance.js';

/** A slower drift is not reported, in pixels per minute. */
const SLOWEST_DRIFT = 1;

/**
 * Compares two landmark files, frame by frame, in constant memory.
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`
 */
export async function compareFiles(golden: string, fresh: string, limits: CompareLimits): Promise<Comparison> {
  const sums = new Gatherer(limits);
  for await (const pair of matchFrames(readLandmarks(golden), readLandmarks(fresh))) sums.add(pair);
  const failures = failuresOf(sums, limits);
  return {
    golden,
    new: fresh,
    passed: failures.length === 0,
    failures,
    hints: failures.length === 0 ? [] : hintsOf(sums),
    records: await recordDifferencesOf(golden, fresh),
    frames: sums.frames,
    poses: sums.poses,
    landmarks: { compared: sums.compared, different: sums.different },
    aspects: sums.aspects,
    swaps: sums.swaps,
    identityChanges: sums.identityChanges,
    statusChanges: sums.statusChanges,
    distance: sums.distance,
    drift: sums.trend.drift,
    worstFrames: sums.worst.frames,
    worstDepths: sums.worst.depths,
    worstLandmarks: sums.worstLandmarks,
    lostAt: sums.lostAt,
    addedAt: sums.addedAt,
  };
}

function failuresOf(sums: Gatherer, { maxDifferent, maxMissing, maxSwaps }: CompareLimits): string[] {
  const { frames, poses, compared, different, swaps, identityChanges } = sums;
  const failures: string[] = [];
  if (frames.golden === 0 && frames.new === 0) return ['neither file has any frames'];
  const missing = frames.lost + frames.added + poses.lost + poses.added;
  if (missing > allowed(maxMissing, frames.golden)) {
    failures.push(
      `frames: ${frames.lost} lost, ${frames.added} added; poses: ${poses.lost} lost, ${poses.added} added (--max-missing)`,
    );
  }
  if (different > allowed(maxDifferent, compared)) {
    failures.push(
      `landmarks: ${different} of ${compared} ${different === 1 ? 'exceeds' : 'exceed'} the tolerance (--tolerance, --max-different)`,
    );
  }
  if (swaps + identityChanges > allowed(maxSwaps, poses.compared)) {
    failures.push(`swaps: left and right in ${swaps} poses, people in ${identityChanges} frames (--max-swaps)`);
  }
  return failures;
}

/** A description of the differences, for people who look for their cause. */
function hintsOf({ trend, frames, poses, compared, aspects }: Gatherer): string[] {
  const hints: string[] = [];
  const { drift, frameShift } = trend;
  if (frameShift !== 0) hints.push(`the new landmarks ${frameShift > 0 ? 'lag' : 'lead'} by one frame`);
  const speed = drift ? Math.hypot(drift.x, drift.y) : 0;
  if (trend.isDrifting && speed > SLOWEST_DRIFT)
    hints.push(`the new landmarks drift by ${speed.toFixed(1)} pixels a minute`);
  if (frames.compared === 0)
    hints.push('no two frames have the same time: these tables may belong to different videos');
  if (poses.new === 0 && poses.golden > 0) hints.push('the new file has no poses');
  if (compared > 0 && aspects.absent > 0) hints.push('landmarks or columns are absent in the new file');
  return hints;
}
