import type { CompareLimits } from '../compare/comparison.js';
import { readLimit, readMetres, readTolerance } from '../compare/tolerance.js';
import { UsageError } from '../errors.js';
import { LANDMARK_NAMES, type LandmarkName } from '../model/blazepose.js';
import type { COMPARE } from './compare-table.js';
import type { Values } from './option.js';
import { closest } from './suggest.js';

export type CompareValues = Values<typeof COMPARE>;

/** The tolerances, from the checked values. @throws UsageError for an unknown landmark */
export function toCompareLimits(values: CompareValues): CompareLimits {
  return {
    position: readTolerance(values.tolerance),
    depth: readTolerance(values.depthTolerance),
    world: readMetres(values.worldTolerance),
    visibility: values.visibilityTolerance,
    confidence: values.confidenceTolerance,
    minVisibility: values.minVisibility,
    landmarks: landmarkTolerances(values.landmarks ?? {}),
    maxDifferent: readLimit(values.maxDifferent),
    maxMissing: readLimit(values.maxMissing),
    maxSwaps: readLimit(values.maxSwaps),
    worst: values.worst,
  };
}

function landmarkTolerances(given: Readonly<Record<string, string>>): CompareLimits['landmarks'] {
  const names: readonly string[] = LANDMARK_NAMES;
  const entries = Object.entries(given).map(([name, text]) => {
    if (!names.includes(name)) {
      const near = closest(name, names);
      throw new UsageError(
        `landmarks: unknown landmark "${name}"`,
        near === undefined ? 'See "bodyscript help csv" for all landmark names.' : `Did you mean ${near}?`,
      );
    }
    return [name as LandmarkName, readTolerance(text)] as const;
  });
  return Object.fromEntries(entries);
}
