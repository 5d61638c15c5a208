import { counted } from '../text/counted.js';
import type { AnalyzerNotes } from '../tracking/frame-analyzer.js';
import type { Tally } from './tally.js';

/** From this share of frames on, the run warns that retries were omitted. */
const MANY_OVER_BUDGET = 0.05;

/** Reasons to doubt a run's numbers, each a sentence with its remedy. @param wanted number of people to find */
export function doubtsOf(
  { counts, ids, changes, stays }: Pick<Tally, 'counts' | 'ids' | 'changes' | 'stays'>,
  { framesOverBudget }: AnalyzerNotes,
  wanted: number,
): string[] {
  const doubts: string[] = [];
  if (wanted === 1 && ids > 1) doubts.push(severalPeople(stays, ids, changes));
  // Without people there are no poses to doubt.
  if (counts.missing < counts.decoded && framesOverBudget > MANY_OVER_BUDGET * counts.decoded) {
    doubts.push(
      `the retry budget was used up in ${framesOverBudget} of ${counted(counts.decoded, 'frame')}: poses there may be less accurate (--mode quality makes every attempt, and takes several times as long)`,
    );
  }
  return doubts;
}

function severalPeople(stays: Tally['stays'], ids: number, changes: number): string {
  const parts = stays.map(({ personId, from, to }, i) => {
    if (i === 0) return `person ${personId} was followed until ${seconds(to)}`;
    return `person ${personId} from ${seconds(from)} ${i === changes ? 'on' : `to ${seconds(to)}`}`;
  });
  const further = changes + 1 - stays.length;
  if (further > 0) parts.push(`then ${counted(further, 'further change')}`);
  const who = changes > 0 ? `: ${parts.join(', ')}` : '';
  const remedy = ids === 2 ? '--people 2 follows both' : '--people 2 or more follows them all';
  return `the video shows more than one person${who} (${remedy}; --person X,Y follows the one nearest to a point in pixels)`;
}

const seconds = (time: number) => `${time.toFixed(1)} s`;
