import { inspectVideo } from '../analyze/inspect-video.js';
import type { AnalyzeOptions } from '../analyze/options.js';
import type { Piece } from '../analyze/segments/analyse-piece.js';
import { planSegments } from '../analyze/segments/plan-segments.js';
import { isInBucket } from '../batch/places.js';

/** Segments of a job: two minutes of a video, which take longer than a worker takes to start them. */
const SEGMENTS_OF_A_JOB = 4;
const WHOLE: readonly undefined[] = [undefined];

/**
 * The pieces of a video for the jobs of a queue; only undefined for a whole one: a short video, one that cannot be cut
 * or read, or an object of a bucket, which is not downloaded for this.
 */
export async function piecesOf(
  path: string,
  options: AnalyzeOptions,
  signal: AbortSignal,
): Promise<readonly (Piece | undefined)[]> {
  if (options.analysis.segments === undefined || options.source.selection.maxFrames !== undefined) return WHOLE;
  if (isInBucket(path)) return WHOLE;
  const count = await segmentsOf(path, options, signal);
  const jobs = Math.ceil(count / SEGMENTS_OF_A_JOB);
  if (jobs < 2) return WHOLE;
  const edge = (job: number) => Math.round((job * count) / jobs);
  return Array.from({ length: jobs }, (_, job) => ({ from: edge(job), to: edge(job + 1) - 1 }));
}

async function segmentsOf(path: string, options: AnalyzeOptions, signal: AbortSignal): Promise<number> {
  try {
    const inspected = await inspectVideo(path, options, signal);
    await using _source = inspected.source;
    return (planSegments(inspected, () => {}, true)?.last ?? 0) + 1;
  } catch {
    signal.throwIfAborted();
    return 1; // The worker records the failure.
  }
}
