import { BodyscriptError } from '../../errors.js';
import { isBucketAddress } from '../../storage/address.js';
import type { PlannedPart } from '../batch.js';
import { isBelowPlace } from '../places.js';
import { readPlan } from './plan-file.js';

/**
 * Checks that the videos of a part are where this machine may read: whoever made the plan chose them, and gets pictures
 * of them with the results.
 * @param within folders and prefixes of which one must hold each video; empty: any place, but for files of this machine
 * in the plan of a bucket, to which people without access to the machine may write
 * @throws BodyscriptError `PLAN_OUTSIDE`, `PLAN_INVALID`
 */
export async function confinePart(
  { outDir, index }: PlannedPart,
  within: readonly string[],
  isFromBucket: boolean,
): Promise<void> {
  if (within.length === 0 && !isFromBucket) return;
  for await (const { part, path } of readPlan(outDir)) {
    if (part !== index) continue;
    const places = await Promise.all(within.map(place => isBelowPlace(place, path)));
    if (within.length === 0 ? !isBucketAddress(path) : !places.includes(true)) throw outside(path, within);
  }
}

function outside(path: string, within: readonly string[]): BodyscriptError {
  const what =
    within.length === 0
      ? 'a file of this machine, named by the plan of a bucket'
      : `the plan names it, and it is outside ${within.join(', ')}`;
  return new BodyscriptError('PLAN_OUTSIDE', `${path}: ${what}`, {
    remedy: 'If you trust the plan, allow the folder or prefix of its videos with --within.',
  });
}
