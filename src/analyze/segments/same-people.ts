import type { PictureSize } from '../../decode/decode-command.js';
import type { PersonResult } from '../../model/result.js';
import { poseDistance } from '../../tracking/seen.js';

/** Two poses of one frame belong to one person if they are nearer than this, in trunk lengths. */
const NEARER = 0.3;

/**
 * Pairs the people of one frame that two analyses found, the nearest first.
 * @returns by id of the second analysis, the id of the first; undefined unless each has a partner
 */
export function pairPeople(
  before: readonly PersonResult[],
  after: readonly PersonResult[],
  { width, height }: PictureSize,
): Map<number, number> | undefined {
  if (before.length !== after.length) return undefined;
  const all = before.flatMap(one =>
    after.map(other => ({ one, other, off: poseDistance(one.pose, other.pose, width, height) })),
  );
  const pairs = new Map<number, number>();
  const taken = new Set<number>();
  for (const { one, other, off } of all.sort((a, b) => a.off - b.off)) {
    if (!(off < NEARER) || pairs.has(other.personId) || taken.has(one.personId)) continue;
    pairs.set(other.personId, one.personId);
    taken.add(one.personId);
  }
  return pairs.size === after.length ? pairs : undefined;
}
