import type { SetComparison } from './compare-folders.js';
import type { Aspect, Comparison, WorstFrame, WorstLandmark } from './comparison.js';
import { describeDifferences } from './record-differences.js';
import { isBeyond } from './worst-frames.js';

const LABEL_WIDTH = 12;

/** The report for people, as lines: the verdict, then the positions that differ most, then depths. */
export function reportText({ files, lost, added, passed }: SetComparison): string[] {
  const all = files.length + lost.length;
  const lines = [
    ...files.flatMap(fileLines),
    ...lost.map(name => `LOST       ${name}: not in the new folder`),
    ...added.map(name => `new        ${name}: no golden file yet (--update adds it)`),
  ];
  if (all + added.length < 2) return lines;
  const failed = files.filter(file => !file.passed).length + lost.length;
  return [
    ...lines,
    passed ? summaryOfSame(files.length) : `${failed} of ${all} files ${failed === 1 ? 'differs' : 'differ'}`,
  ];
}

function summaryOfSame(count: number): string {
  if (count === 0) return 'no files to compare';
  return count === 1 ? 'the file agrees' : `all ${count} files agree`;
}

function fileLines(file: Comparison): string[] {
  const { frames, poses, landmarks, distance, swaps, identityChanges, statusChanges, drift } = file;
  const lines = [
    `${file.passed ? 'same' : 'DIFFERENT'}  ${file.new} (golden: ${file.golden})`,
    ...file.failures.map(text => line('fails', text)),
    ...file.hints.map(text => line('looks like', text)),
    ...recordLine(file),
    line('frames', `${frames.compared} compared, ${frames.lost} lost, ${frames.added} added`),
    line('poses', `${poses.compared} compared, ${poses.lost} lost, ${poses.added} added`),
    line('landmarks', `${landmarks.compared} compared, ${landmarks.different} beyond the tolerance${aspects(file)}`),
    line('distance', `mean ${distance.mean.toFixed(3)} px, largest ${distance.max.toFixed(2)} px`),
    line('swaps', `${swaps} left and right, ${identityChanges} of people`),
  ];
  if (statusChanges > 0)
    lines.push(line('status', `differs in ${statusChanges} ${statusChanges === 1 ? 'frame' : 'frames'}`));
  if (drift) lines.push(line('drift', `x ${drift.x.toFixed(2)}, y ${drift.y.toFixed(2)} px a minute`));
  return file.passed ? lines : [...lines, ...worstLines(file)];
}

/** Different library versions are not reported if the landmarks agree. */
function recordLine({ passed, records }: Comparison): string[] {
  return passed || records.length === 0 ? [] : [line('made with', describeDifferences(records))];
}

function worstLines({ lostAt, addedAt, frames, worstFrames, worstLandmarks, worstDepths }: Comparison): string[] {
  return [
    ...moments('lost at', lostAt, frames.lost),
    ...moments('added at', addedAt, frames.added),
    ...worstFrames.filter(isBeyond).map(worst => line('worst', describeWorst(worst))),
    ...worstLandmarks.filter(({ positions }) => positions > 0).map(mark => line('landmark', describeLandmark(mark))),
    ...worstDepths.map(worst => line('depth', describeWorst(worst))),
  ];
}

function describeLandmark({ name, positions, mean, max }: WorstLandmark): string {
  return `${name}: beyond the tolerance ${times(positions)}, mean ${mean.toFixed(2)} px, largest ${max.toFixed(2)} px`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function line(label: string, text: string): string {
  return `  ${label.padEnd(LABEL_WIDTH)}${text}`;
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

/** `frame 12 (0.400 s), person 0, left_wrist: position differs by 12.3 px, 6.2 times the tolerance`. */
export function describeWorst({ frameId, timestamp, personId, landmark, aspect, off, ratio }: WorstFrame): string {
  const where = `frame ${frameId} (${timestamp.toFixed(3)} s), person ${personId}, ${landmark}`;
  if (aspect === 'absent') return `${where}: absent in the new file`;
  if (!Number.isFinite(off)) return `${where}: no ${aspect} in one of the files`;
  const beyond = ratio > 1000 ? ', far beyond the tolerance' : `, ${ratio.toFixed(1)} times the tolerance`;
  return `${where}: ${aspect} differs by ${off.toPrecision(3)}${UNITS[aspect]}${ratio > 1 ? beyond : ''}`;
}

function moments(label: string, seconds: readonly number[], count: number): string[] {
  if (count === 0) return [];
  const more = count > seconds.length ? `, and ${count - seconds.length} more` : '';
  return [line(label, `${seconds.map(time => `${time.toFixed(3)} s`).join(', ')}${more}`)];
}
