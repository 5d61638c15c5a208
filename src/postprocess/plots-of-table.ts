import { plannedOutputs } from '../outputs/planned-outputs.js';
import { isOwnPlot } from '../outputs/plots/own-plot.js';
import { NO_OUTPUTS } from '../outputs/wanted-outputs.js';
import type { Writing } from '../system/claim-outputs.js';
import { makeTableOutputs } from './table-outputs.js';

/**
 * Draws status, score and joint angles of a landmark file over time: `STEM.plots.svg` and `STEM.plots.png`.
 * @param stem path of the results without suffix: `results/walk`
 * @returns the files
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`, `OUTPUT_NOT_WRITABLE`, `OUTPUT_TAKEN`, `OUTPUT_BUSY`
 */
export async function drawTablePlots(input: string, stem: string, writing: Writing = {}): Promise<string[]> {
  const options = { plots: true };
  const planned = plannedOutputs(stem, { ...NO_OUTPUTS, ...options });
  return makeTableOutputs(input, { planned, stem, options, isOwn: isOwnPlot }, writing);
}
