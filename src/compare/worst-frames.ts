import type { Aspect, WorstFrame } from './comparison.js';

/** The difference of one landmark in one aspect, in the aspect's unit, with the tolerance. */
export type Off = readonly [aspect: Aspect, off: number, permitted: number];

/** The frame and the person, shared by the differences of one person in one frame. */
export type Place = Pick<WorstFrame, 'frameId' | 'timestamp' | 'personId'>;

/** Positions matter most to people who judge a pose; depth is the least exact value, and is listed separately. */
const GROUPS: Readonly<Record<Aspect, 'positions' | 'depths' | 'others'>> = {
  position: 'positions',
  absent: 'positions',
  depth: 'depths',
  world: 'others',
  visibility: 'others',
  confidence: 'others',
};

type Group = (typeof GROUPS)[Aspect];

/** Keeps the frames that differ most, one landmark for each person and group of aspects, in constant memory. */
export class WorstFrames {
  readonly #most: number;
  readonly #kept: Record<Group, WorstFrame[]> = { positions: [], depths: [], others: [] };
  #person: Partial<Record<Group, WorstFrame>> = {};

  constructor(most: number) {
    this.#most = most;
  }

  add(place: Place, landmark: string, offs: readonly Off[]): void {
    for (const [aspect, off, permitted] of offs) {
      const ratio = off / Math.max(permitted, 1e-12);
      const group = GROUPS[aspect];
      if (!(ratio > (this.#person[group]?.ratio ?? 0))) continue;
      this.#person[group] = { ...place, landmark, aspect, off, ratio };
    }
  }

  /** Call it after all landmarks of a person in a frame have been added. */
  endPerson(): void {
    for (const [group, frame] of Object.entries(this.#person)) this.#keep(this.#kept[group as Group], frame);
    this.#person = {};
  }

  /** Positions beyond the tolerance first, then other aspects beyond it, then positions within it. */
  get frames(): WorstFrame[] {
    const [positions, others] = [sorted(this.#kept.positions), sorted(this.#kept.others)];
    const ordered = [...positions.filter(isBeyond), ...others.filter(isBeyond), ...positions.filter(f => !isBeyond(f))];
    return ordered.slice(0, this.#most);
  }

  /** Depths beyond the tolerance, the worst first. */
  get depths(): WorstFrame[] {
    return sorted(this.#kept.depths).filter(isBeyond);
  }

  #keep(kept: WorstFrame[], frame: WorstFrame): void {
    if (kept.length < this.#most) kept.push(frame);
    else if (this.#most > 0) {
      const least = kept.reduce((a, b, at) => (b.ratio < (kept[a]?.ratio ?? 0) ? at : a), 0);
      if (frame.ratio > (kept[least]?.ratio ?? 0)) kept[least] = frame;
    }
  }
}

export function isBeyond({ ratio }: WorstFrame): boolean {
  return ratio > 1;
}

function sorted(frames: readonly WorstFrame[]): WorstFrame[] {
  return [...frames].sort((a, b) => b.ratio - a.ratio);
}
