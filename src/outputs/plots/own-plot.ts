import { readStart } from '../../system/own-file.js';

/** By this a plot is known as this program's. */
export const PLOT_MARK = '<desc>bodyscript plots</desc>';
const MARK_WITHIN_BYTES = 1024;

/** Whether `NAME.plots.svg` was drawn by this program; `NAME.plots.png` is, where the drawing beside it is. */
export async function isOwnPlot(path: string): Promise<boolean> {
  return (await readStart(path.replace(/\.png$/, '.svg'), MARK_WITHIN_BYTES)).includes(PLOT_MARK);
}
