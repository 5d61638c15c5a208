/**
 * How right Python's landmarks and ours are on the webcams, by the measure of `bench:real`.
 *
 * Python's `solutions.pose` is `PoseLandmarkCpu`, not the `PoseLandmarkerGraph` of MediaPipe's tasks that `track`
 * follows. It smooths the points that the next region comes from (one-euro filter: 0.01, 10, 1), takes each frame for
 * 1/30 s, merges boxes from 30 % overlap on, measures speeds in regions without their margin, and refines by 9 x 9
 * cells of the heatmaps in place of 7 x 7: its graph asks for 7, and Python drops that option (0.10.21). With these
 * five and its colours (BT.601) the native engine finds its landmarks to 0.05 px in a first frame.
 */
import { join } from 'node:path';
import type { BenchRow } from '../bench-report.js';
import { optionsOf, runAnalysis } from '../real/run-analysis.js';
import { judgeWebcams, webcamTables } from '../real/webcams.js';
import { startTimed } from '../timed-run.js';
import { pythonCommand } from './ways.js';

/** The script's settings by name; 0.2 is what bodyscript asks for by default. */
const PYTHON_WAYS = {
  'Python, full (confidence 0.5, its default)': { complexity: 1 },
  'Python, full (confidence 0.2)': { complexity: 1, confidence: 0.2 },
  'Python, heavy (confidence 0.2)': { complexity: 2, confidence: 0.2 },
} as const;
const OUR_WAYS = ['track --model full', 'track --model heavy', 'smart'];

export async function judgeBesidePython(
  python: string,
  folder: string,
  tell: (text: string) => void,
): Promise<{ table: string; row: BenchRow }> {
  const ways = [...Object.keys(PYTHON_WAYS), ...OUR_WAYS];
  const rows = await judgeWebcams(ways, folder, {
    tell,
    analyse: async (way, input, name) => {
      if (!(way in PYTHON_WAYS)) return runAnalysis(input, optionsOf(way), folder, name);
      const csv = join(folder, `${name}.csv`);
      const settings = PYTHON_WAYS[way as keyof typeof PYTHON_WAYS];
      return { csv, ...(await startTimed(pythonCommand(python, input, csv, settings)).finished) };
    },
  });
  const best = Math.max(...rows.filter(({ way }) => way in PYTHON_WAYS).map(({ within100 }) => within100));
  const ours = rows.at(-1)?.within100 ?? 0;
  const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
  return {
    table: webcamTables(rows),
    row: {
      what: 'webcams, default options: joints within 100 mm of the other views',
      figure: `${percent(ours)} (Python at best ${percent(best)})`,
      bar: "no fewer than Python's best",
      reached: ours >= best,
      data: rows,
    },
  };
}
