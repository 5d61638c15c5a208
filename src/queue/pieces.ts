import { type InspectedVideo, inspectVideo } from '../analyze/inspect-video.js';
import type { AnalyzeOptions } from '../analyze/options.js';
import type { Piece } from '../analyze/segments/analyse-piece.js';
import { planSegments } from '../analyze/segments/plan-segments.js';
import { isInBucket } from '../batch/places.js';
import type { Staging } from '../batch/staging.js';

/** Segments of a job: two minutes of a video, which take longer than a worker takes to start them. */
const SEGMENTS_OF_A_JOB = 4;
const WHOLE: readonly undefined[] = [undefined];

/**
 * The pieces of a video for the jobs of a queue; only undefined for a whole one: a short video, or one that cannot be
 * cut or read.
 * @param staging looks at a video of a bucket, which alone says how long it is
 * @throws BodyscriptError `STORAGE_*`, `INPUT_MISSING`, `INPUT_CHANGED`, `OUTPUT_DISK_FULL` for a video of a bucket
 */
export async function piecesOf(
  path: string,
  options: AnalyzeOptions,
  staging: Staging,
  signal: AbortSignal,
): Promise<readonly (Piece | undefined)[]> {
  if (options.analysis.segments === undefined || options.source.selection.maxFrames !== undefined) return WHOLE;
  const count = isInBucket(path)
    ? await segmentsOfObject(path, options, staging, signal)
    : await segmentsOf(inspectVideo(path, options, signal)).catch(() => 1); // The worker records the failure.
  signal.throwIfAborted();
  return piecesOfJobs(count);
}

/** The piece of each job of a video; only undefined where one job has them all. @param count segments of the video */
export function piecesOfJobs(count: number): readonly (Piece | undefined)[] {
  const jobs = Math.ceil(count / SEGMENTS_OF_A_JOB);
  if (jobs < 2) return WHOLE;
  const edge = (job: number) => Math.round((job * count) / jobs);
  return Array.from({ length: jobs }, (_, job) => ({ from: edge(job), to: edge(job + 1) - 1 }));
}

async function segmentsOfObject(
  path: string,
  options: AnalyzeOptions,
  staging: Staging,
  signal: AbortSignal,
): Promise<number> {
  const seen = await staging.look(path, signal, copy => segmentsOf(inspectVideo(path, options, signal, copy)));
  return 'value' in seen ? seen.value : 1;
}

async function segmentsOf(opening: Promise<InspectedVideo>): Promise<number> {
  const inspected = await opening;
  await using _source = inspected.source;
  return (planSegments(inspected, () => {}, true)?.last ?? 0) + 1;
}
