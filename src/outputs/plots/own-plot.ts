import { readStart } from '../../system/own-file.js';

/** By these a plot is known as this program's, as the plot of cycles, and as one of two tables. */
export const PLOT_MARK = '<desc>bodyscript plots</desc>';
export const CYCLES_MARK = '<desc>bodyscript cycles</desc>';
export const PAIR_MARK = '<desc>bodyscript compare</desc>';
const MARK_WITHIN_BYTES = 1024;
/** The first four bytes of a PNG, of which the first is no text. */
const PNG_MARK = '\ufffdPNG';

/** Whether `NAME.plots.svg` was drawn by this program; `NAME.plots.png` is, where the drawing beside it is. */
export async function isOwnPlot(path: string, mark = PLOT_MARK): Promise<boolean> {
  if (path.endsWith('.png') && !(await readStart(path, PNG_MARK.length)).endsWith(PNG_MARK)) return false;
  return (await readStart(path.replace(/\.png$/, '.svg'), MARK_WITHIN_BYTES)).includes(mark);
}
