import { STRATEGIES, zoomed } from './catalogue.js';
import type { Strategy } from './strategy.js';

/** Why a frame needs a retry. */
export type Situation =
  /** No person is present, and none was before: the whole frame must be searched. */
  | 'nobody'
  /** A person was present a moment ago. */
  | 'lost'
  /** The network itself is uncertain of a pose. */
  | 'faint'
  /** A pose has an impossible shape, or differs from the refining network's. */
  | 'implausible'
  /** A pose is too far from the person's last position, or has left and right swapped. */
  | 'jump';

/** A strategy with the network and the region to try it on. */
export interface Attempt {
  /** As written to the CSV. */
  readonly name: string;
  readonly strategy: Strategy;
  /** Whether it needs the person's square only; otherwise the whole frame or a tile is searched. */
  readonly needsRegion: boolean;
  readonly refine: boolean;
}

interface Kind extends Attempt {
  /** Milliseconds on one core, as measured once: current measurements would make every run different. */
  readonly cost: number;
  /** Expected mean gain in score before anything is learned, by situation. */
  readonly prior: Readonly<Partial<Record<Situation, number>>>;
}

const CROP_MS = 16;
const SEARCH_MS = 32;
const REFINE_MS = 52;

function crop(tone: string, prior: Kind['prior'], refine = false): Kind {
  const name = `${tone === 'original' ? 'crop' : `crop+${tone}`}${refine ? '+heavy' : ''}`;
  return { name, strategy: STRATEGIES[tone]!, needsRegion: true, refine, cost: refine ? REFINE_MS : CROP_MS, prior };
}

function search(tone: string, prior: number): Kind {
  return {
    name: tone,
    strategy: STRATEGIES[tone]!,
    needsRegion: false,
    refine: false,
    cost: SEARCH_MS,
    prior: { nobody: prior },
  };
}

const KINDS: readonly Kind[] = [
  crop('original', { lost: 0.3, faint: 0.1, implausible: 0.1, jump: 0.15 }),
  crop('original', { lost: 0.4, faint: 0.5, implausible: 0.7, jump: 0.7 }, true),
  crop('auto_levels', { lost: 0.25, faint: 0.15, implausible: 0.1, jump: 0.1 }),
  crop('auto_levels', { lost: 0.35, faint: 0.4, implausible: 0.4, jump: 0.3 }, true),
  crop('mirrored', { lost: 0.15, faint: 0.1, implausible: 0.12, jump: 0.12 }),
  crop('lifted_shadows', { lost: 0.15, faint: 0.1, implausible: 0.1, jump: 0.08 }),
  crop('clahe', { lost: 0.15, faint: 0.1, implausible: 0.08, jump: 0.08 }),
  crop('denoised_levels', { lost: 0.15, faint: 0.12, implausible: 0.06, jump: 0.05 }),
  crop('dehaze', { lost: 0.1, faint: 0.1, implausible: 0.05, jump: 0.05 }),
  crop('turned_180', { lost: 0.05, faint: 0.03, implausible: 0.04, jump: 0.05 }),
  search('auto_levels', 0.3),
  search('denoised_levels', 0.2),
  search('lifted_shadows', 0.12),
  search('clahe', 0.11),
  search('turned_180', 0.1),
  search('turned_90', 0.09),
  search('turned_270', 0.09),
  search('mirrored', 0.08),
  search('dehaze', 0.07),
];

/** Weight of the expectations in the table above, in frames. */
const PRIOR_WEIGHT = 4;
/** Of the attempts at a frame without people, every second one is a tile. */
const TILE_EVERY = 2;

interface Experience {
  tries: number;
  gain: number;
}

/** What has been learned from a video so far. */
export interface PlanState {
  readonly experience: ReadonlyMap<string, Readonly<Experience>>;
  readonly tile: number;
  readonly next: number;
}

/**
 * Decides what to try next on a frame: whatever gained most for its cost in such situations in this video. It holds
 * only counts, and no measured time: the same video gives the same order.
 */
export class AttemptPlan {
  readonly #experience = new Map<string, Experience>();
  readonly #hasRefiner: boolean;
  #tile = 0;
  #next = 0;

  constructor(hasRefiner: boolean) {
    this.#hasRefiner = hasRefiner;
  }

  save(): PlanState {
    const experience = [...this.#experience].map(([key, value]): [string, Experience] => [key, { ...value }]);
    return { experience: new Map(experience), tile: this.#tile, next: this.#next };
  }

  restore({ experience, tile, next }: PlanState): void {
    this.#experience.clear();
    for (const [key, value] of experience) this.#experience.set(key, { ...value });
    this.#tile = tile;
    this.#next = next;
  }

  /** The attempts to make in turn, best first. */
  attempts(situation: Situation): Attempt[] {
    const fitting = KINDS.filter(kind => kind.prior[situation] !== undefined && (this.#hasRefiner || !kind.refine));
    const worth = new Map(fitting.map(kind => [kind, this.#gain(situation, kind) / kind.cost]));
    const sorted = [...fitting].sort((a, b) => (worth.get(b) ?? 0) - (worth.get(a) ?? 0));
    return situation === 'nobody' ? this.#withTiles(sorted) : sorted;
  }

  /** The gain of an attempt, in score: 0 if it was no better. */
  learn(situation: Situation, { name }: Attempt, gain: number): void {
    const key = `${situation} ${name}`;
    const { tries, gain: sum } = this.#experience.get(key) ?? { tries: 0, gain: 0 };
    this.#experience.set(key, { tries: tries + 1, gain: sum + gain });
  }

  #gain(situation: Situation, { name, prior }: Kind): number {
    const { tries, gain } = this.#experience.get(`${situation} ${name}`) ?? { tries: 0, gain: 0 };
    return (PRIOR_WEIGHT * (prior[situation] ?? 0) + gain) / (PRIOR_WEIGHT + tries);
  }

  /**
   * The search rotates: each frame continues where the one before stopped, so that all tiles and tones get their turn.
   */
  #withTiles(sorted: readonly Attempt[]): Attempt[] {
    const start = this.#next++;
    const turned = sorted.map((_, i) => sorted[(start + i) % sorted.length]);
    return turned.flatMap((attempt, i) => (i % TILE_EVERY === 0 ? [this.#nextTile(), attempt!] : [attempt!]));
  }

  #nextTile(): Attempt {
    return { name: 'zoom', strategy: zoomed(this.#tile++), needsRegion: false, refine: false };
  }
}
