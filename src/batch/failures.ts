import type { ErrorCode } from '../errors.js';

/** Failures that a retry may avoid. */
export const WORTH_A_SECOND_TRY: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'WORKER_DIED',
  'STALLED',
  'TIMED_OUT',
  'ENGINE_FAILED',
  'DECODER_FAILED',
  'ENCODER_FAILED',
  'STORAGE_FAILED',
]);
/**
 * Failures that a signal to our children brings about. Slurm, and whoever stops a whole container, sends it to all
 * processes at once: where we get it as well, the video is interrupted, and has not failed.
 */
export const ENDED_FROM_OUTSIDE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'WORKER_DIED',
  'DECODER_FAILED',
  'ENCODER_FAILED',
]);
/**
 * Failures that prove nothing permanent about the video: the next command retries it automatically. A limit may have
 * been raised meanwhile, or a file that was in the way removed.
 */
export const NOT_FINAL: ReadonlySet<string> = new Set<ErrorCode>([
  'DECODER_FAILED',
  'NOT_ENOUGH_MEMORY',
  'INPUT_TOO_LARGE',
  'INPUT_CHANGED',
  'STORAGE_FAILED',
  'OUTPUT_TAKEN',
  'RECORD_INVALID',
]);
/** Failures of the machine rather than the video: the next video would meet them too. */
export const ENDS_ALL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'OUTPUT_DISK_FULL',
  'TOO_MANY_OPEN_FILES',
  'FFMPEG_MISSING',
  'FFMPEG_TOO_OLD',
  'FFMPEG_BROKEN',
  'MODEL_MISSING',
  'MODEL_INVALID',
  'MODEL_HASH',
  'CACHE_UNSAFE',
  'ENGINE_MISSING',
  'PROVIDER_MISSING',
  'LABELS_MISSING',
  'PACKAGE_MISSING',
  'STORAGE_DENIED',
  'BUCKET_MISSING',
  'SHARE_MISSING',
  'QUEUE_UNREACHABLE',
]);
