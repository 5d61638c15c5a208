import type { Region } from '../../../model/region.js';
import { overlap } from '../../../regions/region.js';

/** Followed regions where the detector sees somebody too; the others give way to people whom nobody follows yet. */
export function confirmed(followed: readonly Region[], fresh: readonly Region[], least: number): readonly Region[] {
  const isSeen = (region: Region) => fresh.some(other => overlap(region, other) > least);
  const newcomers = fresh.filter(region => !followed.some(other => overlap(region, other) > least));
  const sure = followed.filter(isSeen);
  const doubtful = followed.filter(region => !isSeen(region));
  return [...sure, ...newcomers, ...doubtful].slice(0, followed.length);
}

/** Of regions that overlap, the later one stays (`AssociationNormRectCalculator`): nobody is followed twice. */
export function apart(regions: readonly Region[], most: number): readonly Region[] {
  let kept: Region[] = [];
  for (const region of regions) {
    kept = kept.filter(other => overlap(other, region) <= most);
    kept.push(region);
  }
  return kept;
}
