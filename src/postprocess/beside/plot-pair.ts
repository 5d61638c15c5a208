import { rm } from 'node:fs/promises';
import { BodyscriptError } from '../../errors.js';
import { checkTable } from '../../formats/check-table.js';
import { PAIR_MARK } from '../../outputs/plots/own-plot.js';
import { claimOutputs, type Writing } from '../../system/claim-outputs.js';
import { readStart } from '../../system/own-file.js';
import { partialPath, publish, writePartial } from '../../system/whole-file.js';
import { namesBeside } from './align.js';
import { commonCycles } from './common-cycles.js';
import { pairPlots } from './pair-courses.js';

const MARK_WITHIN_BYTES = 1024;

/**
 * Draws the joint angles of two landmark files into one plot: their mean curves over a cycle with standard deviations
 * and their difference, or their curves over time if the files share no cycles.
 * @param output `.svg` or `.png`; an earlier SVG by this function is replaced
 * @returns why they are drawn over time; undefined if they are drawn over a cycle
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`, `OUTPUT_NOT_WRITABLE`, `OUTPUT_TAKEN`, `OUTPUT_BUSY`
 */
export async function plotPair(
  tables: readonly [string, string],
  output: string,
  writing: Writing = {},
): Promise<string | undefined> {
  for (const table of tables) await checkTable(table);
  await using _claim = await claimOutputs({ ...writing, outputs: [output], inputs: tables, isOwn });
  const common = await commonCycles(tables, writing.signal);
  const plots = pairPlots(namesBeside(tables), common);
  if (plots.angles.length === 0) {
    throw new BodyscriptError('TABLE_INVALID', `${tables.join(', ')}: neither has a joint angle`, {
      remedy: 'Check the poses in the videos: bodyscript render draws a table into its video.',
    });
  }
  const { drawPair } = await import('../../outputs/plots/draw-pair.js');
  const svg = drawPair(plots);
  try {
    await writePartial(output, await encoded(svg, output));
    writing.signal?.throwIfAborted();
    await publish(output);
  } catch (error) {
    await rm(partialPath(output), { force: true }).catch(() => {}); // The first failure counts.
    throw error;
  }
  return typeof common.cycles === 'string' ? common.cycles : undefined;
}

async function encoded(svg: string, output: string): Promise<string | Buffer> {
  if (!output.endsWith('.png')) return svg;
  const { rasterize } = await import('../../outputs/plots/plot-sheet.js');
  return rasterize(svg, 'a PNG plot (--plot NAME.svg does not)');
}

async function isOwn(path: string): Promise<boolean> {
  return (await readStart(path, MARK_WITHIN_BYTES)).includes(PAIR_MARK);
}
