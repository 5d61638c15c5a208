import type { BatchEvents } from '../batch/batch.js';
import type { JobEntry } from '../batch/ledger/job.js';
import type { VideoOutcome } from '../batch/worker/protocol.js';
import type { RunRecord } from '../model/run-record.js';
import { counted } from '../text/counted.js';
import { duration } from './durations.js';
import type { StyledLine } from './styled.js';

type Settled = Parameters<NonNullable<BatchEvents['onSettled']>>;

/**
 * The line for a video that was analysed, or whose outputs were completed. @param beganAt start of the command, in
 * milliseconds since 1970
 */
export function doneLine(given: string, record: RunRecord, beganAt: number): StyledLine {
  const { endedAt, madeFromTable } = record;
  if (endedAt === null || Date.parse(endedAt) >= beganAt) return analysedLine(given, record);
  const added = madeFromTable.filter(({ at }) => Date.parse(at) >= beganAt).flatMap(({ outputs }) => outputs);
  const what = added.length === 0 ? 'has all of these outputs already' : `added ${added.join(', ')} from its table`;
  return { spans: [`${given}: ${what}, without analysis`] };
}

/** `walk.mp4: 300 frames in 7.2 s; person in 98.3 %; lowest scores 0.31 at 4.2 s, 0.40 at 9.0 s; 2 warnings`. */
function analysedLine(given: string, { frames, seconds, people, lowestScores, warnings }: RunRecord): StyledLine {
  const found = frames.decoded - frames.missing;
  const head = `${given}: ${counted(frames.decoded, 'frame')} in ${duration(seconds.wall)}; `;
  if (found === 0) return { spans: [head, { text: 'nobody found', paint: 'yellow' }, ...warned(warnings)] };
  const who = people.ids > 1 ? 'people' : 'person';
  const text = `${head}${who} in ${share(found, frames.decoded)}${scoresText(lowestScores)}`;
  return { spans: [text, ...warned(warnings)] };
}

const LOWEST_SHOWN = 3;
/** Poses with a lower score are worth checking. */
const DOUBTFUL = 0.9;

/** The moments to check; for a video without doubtful poses, the lowest score. */
function scoresText(lowest: RunRecord['lowestScores']): string {
  const [first] = lowest;
  if (!first) return '';
  const low = lowest.filter(({ score }) => score < DOUBTFUL).slice(0, LOWEST_SHOWN);
  if (low.length === 0) return `; lowest score ${first.score.toFixed(2)}`;
  const shown = low.map(({ score, at }) => `${score.toFixed(2)} at ${at.toFixed(1)} s`);
  return `; lowest ${low.length === 1 ? 'score' : 'scores'} ${shown.join(', ')}`;
}

function warned(warnings: readonly string[]): StyledLine['spans'] {
  return warnings.length === 0 ? [] : ['; ', { text: counted(warnings.length, 'warning'), paint: 'yellow' }];
}

/** Shows 100 % only for all of them. */
function share(part: number, whole: number): string {
  return part === whole ? '100 %' : `${Math.min(99.9, (100 * part) / whole).toFixed(1)} %`;
}

/** The line for a video whose own segments are done. */
export function waitingLine(given: string, { segments, missing }: Extract<VideoOutcome, { kind: 'waiting' }>): string {
  if (missing === 0) return `${given}: its own segments are done; another command joins the video`;
  return `${given}: its own segments are done; ${missing} of ${counted(segments, 'segment')} wait for other parts`;
}

/** Why a video has no results, with the remedy. @param isLost whether nothing of an interrupted analysis is kept */
export function problemLine(
  given: string,
  outcome: string,
  decision: Settled[2],
  ended: Settled[3],
  isLost: boolean,
): string {
  if (decision?.what === 'failed') {
    return `${given}: failed in an earlier run (${decision.job.error?.code}); --retry-failed tries it again`;
  }
  if (decision?.what === 'refuse') {
    const { code, message, remedy = null } = decision.error; // A spread leaves out an error's message.
    return failureText(given, { code, message, remedy });
  }
  if (ended?.kind === 'failed' && outcome === 'failed') {
    const { error, kept } = ended;
    const partial = kept.length > 0 ? ` Partial results saved in ${kept.join(', ')}.` : '';
    return `${failureText(given, { ...error, remedy: error.remedy ?? null })}${partial}`;
  }
  if (isLost) return `${given}: stopped; the next run analyses it from its beginning (--scratch DIR keeps the state)`;
  // How to continue is in the error at the end, once for all videos.
  return `${given}: stopped${ended?.kind === 'failed' && hasResults(ended.kept) ? '; partial results saved' : ''}`;
}

/** Whether there are files besides the run record: a run that failed before its first frame leaves only that. */
export function hasResults(kept: readonly string[]): boolean {
  return kept.some(file => !file.endsWith('.run.json.partial'));
}

/** `bad.mp4: the file is empty (INPUT_EMPTY). Copy it again.` */
export function failureText(given: string, { code, message, remedy }: NonNullable<JobEntry['error']>): string {
  const named = message.includes(given) ? message : `${given}: ${message}`;
  return `${named} (${code}). ${remedy ?? ''}`.trim();
}
