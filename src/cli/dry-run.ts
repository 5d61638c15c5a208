import { megabytes } from '../analyze/memory-guard.js';
import type { BatchRequest } from '../batch/batch.js';
import { passedOverParts } from '../batch/inputs/passed-over.js';
import { type PlannedVideo, planBatch } from '../batch/plan-batch.js';
import { isPiped } from '../decode/input.js';
import { EXIT_CODES, UsageError } from '../errors.js';
import { refuseSystemFolder } from '../system/system-folder.js';
import { counted } from '../text/counted.js';
import { duration } from './durations.js';
import { say } from './say.js';

/** Measured with two cores at 640x480 in smart mode with overlay (`npm run bench:speed`); other machines differ. */
const USUAL_FRAMES_PER_SECOND = 40;

/**
 * `--dry-run`: lists the planned work on stdout. @returns the exit code @throws BodyscriptError `OUTPUT_NOT_WRITABLE`
 */
export async function runDry(request: BatchRequest): Promise<number> {
  if (request.inputs.paths.some(isPiped)) throw new UsageError('--dry-run cannot read stdin', 'Give files or folders.');
  await refuseSystemFolder(request.options.outputs.outDir);
  const { videos, passed, framesPerSecond } = planBatch(request);
  const speed = framesPerSecond ?? USUAL_FRAMES_PER_SECOND;
  const counts = new Map<Planned, number>();
  let [frames, memory, unknown] = [0, 0, 0];
  for await (const video of videos) {
    counts.set(video.what, (counts.get(video.what) ?? 0) + 1);
    if (video.what === 'analyse') {
      frames += video.frames ?? 0;
      memory = Math.max(memory, video.memory ?? 0);
      if (video.memory === undefined) unknown++;
    }
    say(lineOf(video, speed));
  }
  const skipped = passedOverParts(passed);
  say([
    planText(counts),
    ...estimateText(
      request,
      { known: (counts.get('analyse') ?? 0) - unknown, unknown, frames, memory },
      framesPerSecond,
    ),
    ...(skipped.length === 0 ? [] : [`Files skipped: ${skipped.join(', ')}.`]),
    'Nothing was written (--dry-run).',
  ]);
  return counts.has('fail') ? EXIT_CODES.someFailed : EXIT_CODES.done;
}

/** Sums over the videos that a command would analyse. */
interface Estimate {
  readonly known: number;
  /** Videos in buckets: nothing is known of them before they are downloaded. */
  readonly unknown: number;
  readonly frames: number;
  /** Bytes, of the largest. */
  readonly memory: number;
}

function estimateText(request: BatchRequest, sums: Estimate, framesPerSecond: number | undefined): string[] {
  const { known, unknown, frames, memory } = sums;
  return [
    ...(unknown > 0
      ? [`Time and memory of ${counted(unknown, 'video')} in buckets are unknown: a dry run downloads nothing.`]
      : []),
    ...(known > 0
      ? [timeText(request, frames, framesPerSecond), `Memory: up to ${megabytes(memory)} for each video.`]
      : []),
  ];
}

function timeText({ jobs }: BatchRequest, frames: number, framesPerSecond: number | undefined): string {
  const seconds = frames / (framesPerSecond ?? USUAL_FRAMES_PER_SECOND);
  const basis =
    framesPerSecond === undefined
      ? 'a usual speed, since no video was analysed here yet'
      : 'the speed of earlier videos here';
  const together = jobs === 'auto' || jobs === 1 ? '' : `; ${jobs} videos run at the same time`;
  return `Time: about ${duration(seconds)} for ${counted(frames, 'frame')}, one video after another (from ${basis})${together}.`;
}

type Planned = PlannedVideo['what'];

/** The first word of a video's line, and its part of the sentence below. */
const ACTIONS: Readonly<Record<Planned, { readonly word: string; readonly part: (count: string) => string }>> = {
  analyse: { word: 'analyse', part: count => `analyse ${count}` },
  skip: { word: 'skip', part: count => `skip ${count} (done already)` },
  'wait for --retry-failed': {
    word: 'leave',
    part: count => `leave ${count} that failed before (--retry-failed analyses them again)`,
  },
  fail: { word: 'fail', part: count => `fail for ${count}` },
};
const ACTION_COLUMNS = Math.max(...Object.values(ACTIONS).map(({ word }) => word.length));

/** `The command would analyse 2 videos, skip 1 video (done already).` */
function planText(counts: ReadonlyMap<Planned, number>): string {
  const parts = Object.entries(ACTIONS).flatMap(([what, { part }]) => {
    const count = counts.get(what as Planned) ?? 0;
    return count === 0 ? [] : [part(counted(count, 'video'))];
  });
  return parts.length === 0 ? 'No videos found.' : `The command would ${parts.join(', ')}.`;
}

function lineOf({ path, what, frames, memory, error }: PlannedVideo, speed: number): string {
  const parts = [
    ACTIONS[what].word.padEnd(ACTION_COLUMNS),
    (frames === undefined ? '? frames' : counted(frames, 'frame')).padStart(14),
    (frames === undefined || what !== 'analyse' ? '' : duration(frames / speed)).padStart(12),
    (memory === undefined ? '' : megabytes(memory)).padStart(8),
    ` ${path}`,
    error ? ` ${error.code}` : '',
  ];
  return parts.join(' ').trimEnd();
}
