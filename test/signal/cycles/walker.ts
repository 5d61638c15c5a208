import type { Side } from '../../../src/model/body.js';
import type { FeetSeries, Heading } from '../../../src/signal/cycles/passes.js';

/** A person who walks with machine-like regularity. */
export interface Walker {
  readonly heading: Heading;
  /** Seconds of a stride; the left foot strikes at whole ones. */
  readonly period?: number;
  /** Fraction of a stride in which a foot stands, and from the left strike to the right one. */
  readonly stance?: number;
  readonly rightStrike?: number;
}

/** Pixels per metre, and leg length in metres. */
const SCALE = 200;
const LEG = 0.9;
const FOOT = 0.24;
const STRIDE = 1.2;
/** How much lower a camera above the floor sees a foot that is one metre nearer, in metres. */
const RISE = 0.35;

/**
 * Metres by which a foot is in front of the hips: it moves back evenly while it stands, and swings from rest to rest.
 */
function forwardAt(phase: number, stance: number): number {
  const reach = (STRIDE * stance) / 2;
  if (phase < stance) return reach * (1 - (2 * phase) / stance);
  return -reach * Math.cos((Math.PI * (phase - stance)) / (1 - stance));
}

const phaseOf = (side: Side, t: number, { period = 1.1, rightStrike = 0.5 }: Walker) => {
  const strides = t / period - (side === 'right' ? rightStrike : 0);
  return strides - Math.floor(strides);
};

/** Feet of a walker at some times. @param isSeen of a frame and a side */
export function walkerFeet(
  walker: Walker,
  times: readonly number[],
  isSeen: (side: Side, frame: number) => boolean = () => true,
): FeetSeries {
  const { heading, stance = 0.6 } = walker;
  const isAcross = heading === 'left' || heading === 'right';
  const across = heading === 'left' ? -1 : 1;
  const away = heading === 'towards' ? -1 : 1;
  const foot = (side: Side) => {
    const places = times.map((t, frame) => {
      const ahead = isSeen(side, frame) ? forwardAt(phaseOf(side, t, walker), stance) : Number.NaN;
      return [ahead, ahead + FOOT] as const;
    });
    const part = (i: 0 | 1) => ({
      x: places.map(place => (isAcross ? across * place[i] * SCALE : place[i] * 0)),
      y: places.map(place => (LEG - (isAcross ? 0 : away * RISE * place[i])) * SCALE + place[i] * 0),
    });
    const inSpace = (i: 0 | 1) => ({
      x: places.map(place => (isAcross ? across * place[i] : place[i] * 0)),
      z: places.map(place => (isAcross ? place[i] * 0 : away * place[i])),
    });
    return { heel: part(0), toe: part(1), heelInSpace: inSpace(0), toeInSpace: inSpace(1) };
  };
  return { times, left: foot('left'), right: foot('right') };
}

/** When a foot of a walker strikes or leaves the floor between two times, in seconds. */
export function trueEvents(
  walker: Walker,
  side: Side,
  kind: 'heel_strike' | 'toe_off',
  [from, to]: readonly [number, number],
): number[] {
  const { period = 1.1, stance = 0.6, rightStrike = 0.5 } = walker;
  const phase = (side === 'right' ? rightStrike : 0) + (kind === 'toe_off' ? stance : 0);
  const all = Array.from({ length: 200 }, (_, i) => (i - 2 + phase) * period);
  return all.filter(t => t >= from && t <= to);
}

/** Times at a constant rate, in seconds. */
export const timesAt = (rate: number, seconds: number, from = 0) =>
  Array.from({ length: Math.round(rate * seconds) }, (_, i) => from + i / rate);
