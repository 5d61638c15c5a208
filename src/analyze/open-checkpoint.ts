import type { EngineInfo } from '../engine/pose-engine.js';
import { BodyscriptError } from '../errors.js';
import { type Checkpoint, CheckpointWriter, checkpointKey, removeCheckpoint } from './checkpoint.js';
import type { Job } from './job.js';
import { loadCheckpoint } from './load-checkpoint.js';

/** Where a run keeps what a later one needs to go on from the middle of the video. */
export interface CheckpointPlace {
  readonly path: string;
  /** Whether to go on from the one that is there, if it fits. */
  readonly resume: boolean;
}

/** What writes checkpoints, and the one to go on from. */
export interface OpenedCheckpoint {
  readonly checkpoints: CheckpointWriter | undefined;
  readonly resume: Checkpoint | undefined;
}

/** Both, where they are wanted. A checkpoint that cannot be used is told, and goes. */
export async function openCheckpoint(
  job: Job,
  { info, segments }: { readonly info: EngineInfo; readonly segments: object | undefined },
  place: CheckpointPlace | undefined,
  warn: (message: string) => void,
): Promise<OpenedCheckpoint> {
  if (!place) return { checkpoints: undefined, resume: undefined };
  const origin = { engine: info.name, isSegmented: segments !== undefined };
  const key = await checkpointKey(job, info, origin.isSegmented);
  const { checkpoint: resume, problem } = place.resume ? await loadCheckpoint(place.path, key, job, origin) : {};
  if (problem !== undefined) warn(`${problem}; the video is analysed from its beginning`);
  if (!resume) await removeCheckpoint(place.path);
  return { checkpoints: new CheckpointWriter(place.path, key, resume?.undrawn ?? []), resume };
}

/**
 * Removes a checkpoint from which a run came to nothing but a failure that may be its fault: the next run begins anew.
 */
export async function blameCheckpoint(
  error: unknown,
  { checkpoints, resume }: OpenedCheckpoint,
  path: string,
): Promise<void> {
  if (resume && !checkpoints?.hasWritten && mayBeOfState(error)) await removeCheckpoint(path);
}

/** What a state, or a table, that a run goes on with can be the reason of. */
function mayBeOfState(error: unknown): boolean {
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
  return errors.some(
    one => !(one instanceof BodyscriptError) || ['INTERNAL', 'ENGINE_FAILED', 'TABLE_INVALID'].includes(one.code),
  );
}
