/**
 * Whole runs of all ways on one clip, in alternation: first time, without sampling, then memory, since sampling takes
 * time itself.
 */
import { median } from '../bench-report.js';
import { type TreePeaks, watchTree } from '../memory/tree-peaks.js';
import { type Cost, startTimed } from '../timed-run.js';
import type { Way } from './ways.js';

/** Results of a way: medians over the rounds. */
export interface WayFigures {
  readonly way: string;
  readonly overlay: boolean;
  readonly against: string;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly peaks: TreePeaks;
  /** Each run separately. */
  readonly costs: readonly Cost[];
  readonly allPeaks: readonly TreePeaks[];
}

export interface Rounds {
  readonly time: number;
  readonly memory: number;
}

export async function runAllWays(
  ways: readonly Way[],
  { clip, folder, rounds, tell }: { clip: string; folder: string; rounds: Rounds; tell: (text: string) => void },
): Promise<WayFigures[]> {
  const costs = ways.map((): Cost[] => []);
  const peaks = ways.map((): TreePeaks[] => []);
  const named = (way: Way) => `${way.name}${way.overlay ? ', overlay' : ''}`;
  for (let round = 0; round < rounds.time; round++) {
    for (const [w, way] of ways.entries()) {
      const cost = await startTimed(way.command(clip, folder)).finished;
      costs[w]!.push(cost);
      tell(`${named(way)}: ${cost.cpuSeconds.toFixed(1)} s of CPU, ${cost.wallSeconds.toFixed(1)} s`);
    }
  }
  for (let round = 0; round < rounds.memory; round++) {
    for (const [w, way] of ways.entries()) {
      const run = startTimed(way.command(clip, folder));
      const peak = await watchTree(run.pid, run.finished);
      peaks[w]!.push(peak);
      const [rss, pss, fixed] = [peak.rss, peak.pss, peak.fixed].map(bytes => Math.round(bytes / 2 ** 20));
      tell(`${named(way)}: RSS ${rss}, PSS ${pss}, not reclaimable ${fixed} MB`);
    }
  }
  return ways.map(({ name, overlay, against }, w) => ({
    way: name,
    overlay,
    against,
    cpuSeconds: median(costs[w]!.map(cost => cost.cpuSeconds)),
    wallSeconds: median(costs[w]!.map(cost => cost.wallSeconds)),
    peaks: {
      rss: median(peaks[w]!.map(peak => peak.rss)),
      pss: median(peaks[w]!.map(peak => peak.pss)),
      fixed: median(peaks[w]!.map(peak => peak.fixed)),
    },
    costs: costs[w]!,
    allPeaks: peaks[w]!,
  }));
}
