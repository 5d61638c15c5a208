import type { FilterNote } from '../formats/filter-note.js';

type Smoothing = FilterNote['options']['smoothing'];

const SMOOTHED: { readonly [K in Smoothing['kind']]: (by: Extract<Smoothing, { kind: K }>) => string } = {
  none: () => 'not smoothed',
  butterworth: ({ order, cutoffHz }) =>
    `smoothed with a zero-lag Butterworth filter of order ${order} at ${cutoffHz} Hz`,
  'savitzky-golay': ({ window, polynomial }) =>
    `smoothed with a Savitzky-Golay filter over ${window} frames with polynomials of degree ${polynomial}`,
  median: ({ window }) => `smoothed with a median over ${window} frames`,
  loess: ({ share }) => `smoothed with LOESS over a share of ${share}`,
  'one-euro': ({ minCutoffHz, beta }) =>
    `smoothed with a One Euro filter (least cutoff ${minCutoffHz} Hz, beta ${beta})`,
};

/** A sentence for the methods section that describes a table's filtering. */
export function filteringText(note: FilterNote | undefined): string {
  if (!note) return 'Afterwards the landmarks were filtered; the filter is unknown.';
  const { version, options, frames, filled, rejected } = note;
  const { smoothing, maxGap, interpolation, rejectOutliers } = options;
  const outliers = rejectOutliers
    ? `${rejected} single jumps of landmarks were removed as errors (Hampel filter), `
    : '';
  const fill = interpolation === 'linear' ? 'straight lines' : 'cubic splines';
  const smooth = (SMOOTHED[smoothing.kind] as (by: Smoothing) => string)(smoothing);
  return `Afterwards (bodyscript ${version} filter, ${frames} frames) ${outliers}gaps of up to ${maxGap} frames were filled by ${fill} (${filled} poses), and the series were ${smooth}.`;
}
