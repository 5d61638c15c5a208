import { jobId, newJob, type QueuedVideo } from './job-data.js';
import type { HeldJob, JobStore } from './job-store.js';
import { piecesOfJobs } from './pieces.js';

/** States of a job that stores no more segments. A job that the queue has forgotten ended long ago. */
const OVER: ReadonlySet<string> = new Set(['completed', 'unknown']);

/**
 * After the last piece of a video has ended although segments are missing: adds a job for the whole video, which uses
 * what is stored. Otherwise no job would be left for it. Segments are missing where they were removed, or where
 * machines have other versions of ffmpeg and cannot use each other's. A piece that failed is left alone: it is listed,
 * and can be retried.
 * @param segments of the whole video
 * @returns whether it has added one
 */
export async function addWholeIfUnjoined(
  store: JobStore,
  { job }: Pick<HeldJob, 'job'>,
  video: QueuedVideo,
  segments: number,
): Promise<boolean> {
  const { piece: _, jobVersion: __, facts: ___, analysis, hash: ____, ...fields } = video;
  const idOf = (piece: QueuedVideo['piece']) => {
    const data = newJob(piece ? { ...fields, piece } : fields);
    return { id: jobId(data, analysis), data };
  };
  const states = await store.statesOf(piecesOfJobs(segments).map(piece => idOf(piece).id));
  if (!states.every(state => OVER.has(state))) return false;
  const added = await store.add([idOf(undefined)], job.opts.attempts ?? 1, state => state === 'completed');
  return added > 0;
}
