import type { Filtered, FilterOptions } from '../postprocess/filter-table.js';
import type { Smoothing } from '../signal/process-series.js';
import { counted } from '../text/counted.js';

const SMOOTHED: { readonly [K in Smoothing['kind']]: (by: Extract<Smoothing, { kind: K }>) => string } = {
  none: () => 'not smoothed',
  butterworth: ({ order, cutoffHz }) => `Butterworth low-pass filter of order ${order}, zero lag, ${cutoffHz} Hz`,
  'savitzky-golay': ({ window, polynomial }) =>
    `Savitzky-Golay filter over ${window} frames, polynomials of degree ${polynomial}`,
  median: ({ window }) => `median over ${window} frames`,
  loess: ({ share }) => `LOESS over a share of ${share}`,
  'one-euro': ({ minCutoffHz, beta }) => `One Euro filter, cutoff ${minCutoffHz} Hz at rest, beta ${beta}`,
};

/** Describes a filtering, with the filter's name as in a methods section. */
export function filteredText(
  output: string,
  { options, frames, filled, rejected }: { readonly options: FilterOptions } & Omit<Filtered, 'leaps'>,
): string[] {
  const { smoothing, maxGap, interpolation, rejectOutliers } = options;
  const smooth = (SMOOTHED[smoothing.kind] as (by: Smoothing) => string)(smoothing);
  const gaps =
    maxGap === 0
      ? 'gaps stay empty'
      : `${counted(filled, 'pose')} filled in gaps of up to ${counted(maxGap, 'frame')} (${interpolation})`;
  const jumps = rejectOutliers ? `; ${counted(rejected, 'landmark')} rejected as single jumps (Hampel filter)` : '';
  return [`${output}: ${counted(frames, 'frame')}; ${smooth}`, `  ${gaps}${jumps}`];
}
