import type { RunRecord } from '../model/run-record.js';

/** Number of poses won by each network, which the strategies' names reveal. */
export interface Won {
  readonly poses: number;
  /** Won by the first landmark network. */
  readonly byModel: number;
  /** Won by the network that refines doubtful poses. */
  readonly byRefiner: number;
  /** Won by these two, in boxes of the person finder. */
  readonly inBoxes: number;
  /** Filled in between others, by no network. */
  readonly filled: number;
}

/** @see `strategies/plan.ts`, which names strategies */
export function wonBy({ strategyUse }: Pick<RunRecord, 'strategyUse'>): Won {
  const uses = Object.entries(strategyUse);
  const sumOf = (is: (parts: readonly string[]) => boolean) =>
    uses.reduce((sum, [name, count]) => (is(name.split('+')) ? sum + count : sum), 0);
  const filled = sumOf(parts => parts[0] === 'filled');
  const byRefiner = sumOf(parts => parts.includes('heavy') && parts[0] !== 'filled');
  const poses = sumOf(() => true);
  return { poses, byModel: poses - byRefiner - filled, byRefiner, inBoxes: sumOf(parts => parts[0] === 'box'), filled };
}
