import { readStart } from '../../system/own-file.js';

/** Marks that identify a plot as this program's, as a plot of cycles, and as one of two tables. */
export const PLOT_MARK = '<desc>bodyscript plots</desc>';
export const CYCLES_MARK = '<desc>bodyscript cycles</desc>';
export const PAIR_MARK = '<desc>bodyscript compare</desc>';
const MARK_WITHIN_BYTES = 1024;
/** The first four bytes of a PNG, the first of which is not text. */
const PNG_MARK = '\ufffdPNG';

/** Whether this program drew `NAME.plots.svg`; `NAME.plots.png` is its own if the drawing beside it is. */
export async function isOwnPlot(path: string, mark = PLOT_MARK): Promise<boolean> {
  if (path.endsWith('.png') && !(await readStart(path, PNG_MARK.length)).endsWith(PNG_MARK)) return false;
  return (await readStart(path.replace(/\.png$/, '.svg'), MARK_WITHIN_BYTES)).includes(mark);
}
