import { SIDES, type Side } from '../../model/body.js';
import { firstWhere } from '../first-where.js';
import type { GaitEvent, Walk } from './gait-events.js';
import type { Heading } from './passes.js';

/** One stride of a foot: from its heel strike to its next one. */
export interface Stride {
  readonly side: Side;
  readonly heading: Heading;
  readonly walk: number;
  /** In seconds, with the indexes of the nearest frames. */
  readonly start: number;
  readonly end: number;
  readonly startFrame: number;
  readonly endFrame: number;
  /** From the other foot's heel strike to the one that ends the stride, in seconds. */
  readonly step: number;
  /** Duration of stance in seconds; undefined if the toe-off was not seen. */
  readonly stance: number | undefined;
  /** Seconds in which both feet stand, below 0 in a flight; undefined if a toe-off was not seen. */
  readonly doubleSupport: number | undefined;
  /** When the other foot strikes, and the nearest frame. */
  readonly other: number;
  readonly otherFrame: number;
}

/** The complete strides of both feet in some walks, by their start. */
export function stridesOf(walks: readonly Walk[]): Stride[] {
  return walks.flatMap(walk => SIDES.flatMap(side => stridesOfFoot(walk, side))).sort((a, b) => a.start - b.start);
}

function stridesOfFoot({ heading, events }: Walk, side: Side): Stride[] {
  const strikes = events.filter(({ kind }) => kind === 'heel_strike');
  return strikes.flatMap((start, i): Stride[] => {
    const [other, end] = [strikes[i + 1], strikes[i + 2]];
    if (start.side !== side || !other || !end) return [];
    const stance = stanceOf(events, start, end, other);
    return [
      {
        side,
        heading,
        walk: start.walk,
        start: start.time,
        end: end.time,
        startFrame: start.frame,
        endFrame: end.frame,
        step: end.time - other.time,
        other: other.time,
        otherFrame: other.frame,
        ...stance,
      },
    ];
  });
}

/** The only toe-off of a foot between two moments; if there are two, neither is credible. */
function toeOff(events: readonly GaitEvent[], side: Side, from: number, to: number): number | undefined {
  let found: number | undefined;
  const first = firstWhere(events.length, i => events[i]!.time > from);
  for (let i = first; i < events.length && events[i]!.time < to; i++) {
    if (events[i]!.kind !== 'toe_off' || events[i]!.side !== side) continue;
    if (found !== undefined) return undefined;
    found = events[i]!.time;
  }
  return found;
}

function stanceOf(
  events: readonly GaitEvent[],
  start: GaitEvent,
  end: GaitEvent,
  other: GaitEvent,
): Pick<Stride, 'stance' | 'doubleSupport'> {
  const own = toeOff(events, start.side, start.time, end.time);
  // In a run the other foot leaves the floor before this one strikes.
  const step = other.time - start.time;
  const others = toeOff(events, other.side, start.time - step / 2, other.time);
  const stance = own === undefined ? undefined : own - start.time;
  const doubleSupport =
    own === undefined || others === undefined ? undefined : others - start.time + (own - other.time);
  return { stance, doubleSupport };
}
