import type { LowScore } from '../model/quality.js';

const KEPT = 5;
/** Closer ones count as the same moment. */
const APART_SECONDS = 0.5;

/** The lowest scores of a table, those of one person separated in time. */
export class LowScores {
  #kept: LowScore[] = [];

  add(low: LowScore): void {
    const isNear = (other: LowScore) => other.personId === low.personId && Math.abs(other.at - low.at) < APART_SECONDS;
    if (this.#kept.some(other => isNear(other) && other.score <= low.score)) return;
    if (this.#kept.length === KEPT && low.score >= this.#kept[KEPT - 1]!.score) return;
    this.#kept = [...this.#kept.filter(other => !isNear(other)), low].sort((a, b) => a.score - b.score).slice(0, KEPT);
  }

  /** The lowest first. */
  get lowest(): readonly LowScore[] {
    return this.#kept;
  }
}
