import { derivative } from '../derivative.js';
import { highestOf } from './highest.js';
import { inQuadrature, joinNotes, type Measurement } from './measurement.js';
import type { PictureScale } from './picture-scale.js';
import { peakSpeed } from './travel.js';
import { filterOf, placeError, STRAIGHT_SECONDS, secondsOf, velocityError, type Way, type Ways } from './way.js';

const unseenNote = ({ unseen }: Ways) => (unseen > 0 ? `not seen for ${unseen.toFixed(2)} s` : undefined);

/** How far and how fast a joint moves in the picture plane, in both directions. */
export function jointMeasures(name: string, joint: Ways, { relative }: PictureScale): Measurement[] {
  const [first, last] = [joint.ways[0], joint.ways.at(-1)];
  if (!first || !last) return [];
  const span = { from: first.times[0]!, to: last.times.at(-1)! };
  const speedError = velocityError(joint);
  let [longest, shortest] = [0, 0];
  for (const way of joint.ways) {
    for (let i = 1; i < way.times.length; i++) {
      const step = Math.hypot(way.along[i]! - way.along[i - 1]!, way.up[i]! - way.up[i - 1]!);
      const error = speedError * (way.times[i]! - way.times[i - 1]!);
      longest += step;
      // The contribution of errors in two directions to the square of a step.
      shortest += Math.sqrt(Math.max(0, step ** 2 - 2 * error ** 2));
    }
  }
  const seen = (longest + shortest) / 2;
  const gaps = gapsOf(joint, seen);
  const path = seen + gaps.length;
  const ends = placeError(joint) * Math.sqrt(2 * joint.ways.length);
  const pathError = inQuadrature(path * relative, (longest - shortest) / 2, gaps.error, ends);
  const both = `the middle of ${longest.toFixed(2)} m as found and ${shortest.toFixed(2)} m without its errors`;
  const note = joinNotes(
    both,
    unseenNote(joint),
    gaps.isMissed ? `the way in gaps of more than ${STRAIGHT_SECONDS} s is not counted` : undefined,
  );
  const measured: Measurement[] = [
    { measure: `${name}_path`, value: path, unit: 'm', uncertainty: pathError, ...span, note },
  ];
  const peak = peakSpeed(joint, speedOf);
  if (!peak) return measured;
  const uncertainty = inQuadrature(peak.speed * relative, peak.error);
  const peakNote = joinNotes(`at ${peak.time.toFixed(2)} s`, filterOf(joint), unseenNote(joint));
  return [
    ...measured,
    { measure: `${name}_peak_speed`, value: peak.speed, unit: 'm/s', uncertainty, ...span, note: peakNote },
  ];
}

/**
 * The distance in short gaps: between the straight line and that at the mean speed of what was seen.
 * @param seen metres of the observed path
 */
function gapsOf(
  { ways }: Ways,
  seen: number,
): { readonly length: number; readonly error: number; readonly isMissed: boolean } {
  const speed = seen / ways.reduce((sum, way) => sum + secondsOf(way), 0);
  let [length, error, isMissed] = [0, 0, false];
  for (const [i, { times, along, up }] of ways.slice(1).entries()) {
    const before = ways[i]!;
    const seconds = times[0]! - before.times.at(-1)!;
    if (seconds > STRAIGHT_SECONDS) {
      isMissed = true;
      continue;
    }
    const straight = Math.hypot(along[0]! - before.along.at(-1)!, up[0]! - before.up.at(-1)!);
    const usual = Math.max(straight, speed * seconds);
    length += (straight + usual) / 2;
    error += (usual - straight) / 2;
  }
  return { length, error, isMissed };
}

function speedOf({ times, along, up }: Way): number[] {
  const [vx, vy] = [derivative(times, along), derivative(times, up)];
  return times.map((_, i) => Math.hypot(vx[i]!, vy[i]!));
}

/** The distance of two joints in the picture plane. @param between positions of the second relative to the first */
export function betweenMeasures(name: string, between: Ways, { relative }: PictureScale): Measurement[] {
  const [first, last] = [between.ways[0], between.ways.at(-1)];
  if (!first || !last) return [];
  const span = { from: first.times[0]!, to: last.times.at(-1)! };
  const apart = between.ways.flatMap(({ along, up }) => along.map((x, i) => Math.hypot(x, up[i]!)));
  const times = between.ways.flatMap(way => way.times);
  // The jitter is already that of the difference.
  const error = Math.SQRT2 * placeError(between);
  const mean = apart.reduce((sum, value) => sum + value, 0) / apart.length;
  const most = highestOf(apart, error, (2 * between.cutoffHz) / between.rateHz);
  if (!most) return [];
  return [
    {
      measure: `${name}_apart_max`,
      value: most.value,
      unit: 'm',
      uncertainty: inQuadrature(most.value * relative, most.error),
      ...span,
      note: joinNotes(`at ${times[most.index]!.toFixed(2)} s`, unseenNote(between)),
    },
    {
      measure: `${name}_apart_mean`,
      value: mean,
      unit: 'm',
      uncertainty: inQuadrature(mean * relative, error),
      ...span,
      note: joinNotes(unseenNote(between)),
    },
  ];
}
