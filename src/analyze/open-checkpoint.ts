import type { EngineInfo } from '../engine/pose-engine.js';
import { BodyscriptError } from '../errors.js';
import { type Checkpoint, CheckpointWriter, checkpointKey, removeCheckpoint } from './checkpoint.js';
import type { Job } from './job.js';
import { loadCheckpoint } from './load-checkpoint.js';

/** Where a run stores its state, so that a later one can continue midway. */
export interface CheckpointPlace {
  readonly path: string;
  /**
   * Which existing one to continue from, if it matches: any; one whose run was forced, too; or one whose run began
   * since, in milliseconds since 1970.
   */
  readonly resume: 'any' | 'forced' | number;
}

/** The writer of checkpoints, and the one to continue from. */
export interface OpenedCheckpoint {
  readonly checkpoints: CheckpointWriter | undefined;
  readonly resume: Checkpoint | undefined;
}

/** Both, if requested. A checkpoint that cannot be used is reported and removed. */
export async function openCheckpoint(
  job: Job,
  { info, segments }: { readonly info: EngineInfo; readonly segments: object | undefined },
  place: CheckpointPlace | undefined,
  warn: (message: string) => void,
): Promise<OpenedCheckpoint> {
  if (!place) return { checkpoints: undefined, resume: undefined };
  const origin = { engine: info.name, isSegmented: segments !== undefined };
  const key = await checkpointKey(job, info, origin.isSegmented);
  const { checkpoint, problem } = await loadCheckpoint(place.path, key, job, origin);
  if (problem !== undefined) warn(`${problem}; analysing the video from the beginning`);
  const resume = checkpoint && isWanted(checkpoint, place) ? checkpoint : undefined;
  if (!resume) await removeCheckpoint(place.path);
  const begun = resume ?? { undrawn: [], isForced: place.resume !== 'any' };
  return { checkpoints: new CheckpointWriter(place.path, key, begun), resume };
}

function isWanted({ record, isForced }: Checkpoint, { resume }: CheckpointPlace): boolean {
  if (resume === 'any') return true;
  return resume === 'forced' ? isForced : record.startedAt.getTime() >= resume;
}

/**
 * Removes a checkpoint if the run continued from it failed and the checkpoint may be the cause: the next run starts
 * over.
 */
export async function blameCheckpoint(
  error: unknown,
  { checkpoints, resume }: OpenedCheckpoint,
  path: string,
): Promise<void> {
  if (resume && !checkpoints?.hasWritten && mayBeOfState(error)) await removeCheckpoint(path);
}

/** Failures that a restored state, or a table, can cause. */
function mayBeOfState(error: unknown): boolean {
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
  return errors.some(
    one => !(one instanceof BodyscriptError) || ['INTERNAL', 'ENGINE_FAILED', 'TABLE_INVALID'].includes(one.code),
  );
}
