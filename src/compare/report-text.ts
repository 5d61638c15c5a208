import type { SetComparison } from './compare-folders.js';
import type { Aspect, Comparison, WorstFrame } from './comparison.js';

/** The report for people: a line each. */
export function reportText({ files, lost, added, passed }: SetComparison): string[] {
  const several = files.length + lost.length + added.length > 1;
  const lines = [
    ...files.flatMap(fileLines),
    ...lost.map(name => `LOST  ${name}: not in the new folder`),
    ...added.map(name => `new   ${name}: has no golden file yet (--update makes it one)`),
  ];
  const failed = files.filter(file => !file.passed).length + lost.length;
  if (several)
    lines.push(passed ? `all ${files.length} files agree` : `${failed} of ${files.length + lost.length} files differ`);
  return lines;
}

function fileLines(file: Comparison): string[] {
  const { frames, poses, landmarks, distance, swaps, identityChanges, statusChanges, drift } = file;
  const head = `${file.passed ? 'same ' : 'DIFFERENT '} ${file.new} (golden: ${file.golden})`;
  const lines = [
    head,
    ...file.failures.map(text => `  fails      ${text}`),
    ...file.hints.map(text => `  looks like ${text}`),
    `  frames     ${frames.compared} compared, ${frames.lost} lost, ${frames.added} added; poses: ${poses.compared}, ${poses.lost} lost, ${poses.added} added`,
    `  landmarks  ${landmarks.compared} compared, ${landmarks.different} too far off${aspects(file)}; mean ${distance.mean.toFixed(3)} px, most ${distance.max.toFixed(2)} px`,
    `  swaps      ${swaps} left and right, ${identityChanges} people; another status in ${statusChanges} frames; drift ${drift.x.toFixed(2)}, ${drift.y.toFixed(2)} px a minute`,
  ];
  if (file.passed) return lines;
  return [
    ...lines,
    ...moments('lost at', file.lostAt, frames.lost),
    ...moments('added at', file.addedAt, frames.added),
    ...file.worstFrames.map(worst => `  worst      ${describeWorst(worst)}`),
    ...file.worstLandmarks
      .filter(({ different }) => different > 0)
      .map(
        ({ name, mean, max, different }) =>
          `  worst      ${name}: ${different} times too far off, mean ${mean.toFixed(2)} px, most ${max.toFixed(2)} px`,
      ),
  ];
}

function aspects({ aspects }: Comparison): string {
  const parts = Object.entries(aspects).filter(([, count]) => count > 0);
  return parts.length === 0 ? '' : ` (${parts.map(([name, count]) => `${name} ${count}`).join(', ')})`;
}

const UNITS: Readonly<Record<Aspect, string>> = {
  position: ' px',
  depth: ' px',
  world: ' m',
  visibility: '',
  confidence: '',
  absent: '',
};

/** `frame 12 (0.400 s), person 0, left_wrist: position 12.3 px off, 6.2 times what is allowed`. */
export function describeWorst({ frameId, timestamp, personId, landmark, aspect, off, ratio }: WorstFrame): string {
  const where = `frame ${frameId} (${timestamp.toFixed(3)} s), person ${personId}, ${landmark}`;
  if (!Number.isFinite(off)) return `${where}: has no ${aspect} in the new file`;
  const times = ratio > 1 ? `, ${ratio > 1000 ? 'far beyond' : `${ratio.toFixed(1)} times`} what is allowed` : '';
  return `${where}: ${aspect} ${off.toPrecision(3)}${UNITS[aspect]} off${times}`;
}

function moments(what: string, times: readonly number[], count: number): string[] {
  if (count === 0) return [];
  const more = count > times.length ? `, and ${count - times.length} more` : '';
  return [`  ${what.padEnd(10)} ${times.map(time => `${time.toFixed(3)} s`).join(', ')}${more}`];
}
