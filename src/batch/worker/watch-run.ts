import { BodyscriptError } from '../../errors.js';
import { AwakeClock } from '../../system/awake-clock.js';
import { counted } from '../../text/counted.js';
import type { VideoOutcome, VideoTask } from './protocol.js';
import type { RunnerEvents, VideoRunner } from './video-runner.js';

/** Time limits of a video, in milliseconds. */
export interface WatchLimits {
  /** From its start to its end; undefined: unlimited. */
  readonly timeoutMs: number | undefined;
  /** Without a new frame. */
  readonly stallMs: number;
}

/** Finishing files of hours, with audio, takes longer than a frame. */
const FINISHING_FACTOR = 30;
const LOOK_EVERY_MS = 500;
/** Time for a runner to stop on request. */
const STOP_WITHIN_MS = 5000;

/**
 * Runs a video and stops it if it takes too long, or if no frame arrives. Waiting for memory does not count, nor time
 * in which all processes were stopped.
 */
export async function watchRun(
  runner: VideoRunner,
  task: VideoTask,
  { timeoutMs, stallMs }: WatchLimits,
  events: RunnerEvents,
): Promise<VideoOutcome> {
  const clock = new AwakeClock(LOOK_EVERY_MS);
  let [startedAt, movedAt, decoded, frames, allowedMs] = [0, 0, -1, -1, stallMs];
  let isWaiting = false;
  let force: NodeJS.Timeout | undefined;
  const end = (error: BodyscriptError) => {
    runner.stop(error);
    force ??= setTimeout(() => runner.kill(error), STOP_WITHIN_MS);
  };
  const timer = setInterval(() => {
    const now = clock.now();
    if (isWaiting || force) return;
    if (timeoutMs !== undefined && now - startedAt > timeoutMs) end(timedOut(timeoutMs));
    else if (now - movedAt > allowedMs) end(stalled(allowedMs, frames));
  }, LOOK_EVERY_MS);
  try {
    return await runner.run(task, {
      ...events,
      admit: async needs => {
        isWaiting = true;
        const since = clock.now();
        await events.admit(needs);
        startedAt += clock.now() - since;
        movedAt = clock.now();
        isWaiting = false;
      },
      onProgress: progress => {
        if (progress.decoded !== decoded || progress.frames !== frames) movedAt = clock.now();
        [decoded, frames] = [progress.decoded, progress.frames];
        events.onProgress(progress);
      },
      onFinishing: () => {
        [movedAt, allowedMs] = [clock.now(), stallMs * FINISHING_FACTOR];
        events.onFinishing();
      },
    });
  } finally {
    clearInterval(timer);
    clearTimeout(force);
  }
}

function timedOut(timeoutMs: number): BodyscriptError {
  return new BodyscriptError('TIMED_OUT', `took longer than ${timeoutMs / 1000} s (--timeout)`, {
    remedy: 'Allow more time with --timeout; finished frames are kept, and the next run continues from there.',
  });
}

function stalled(stallMs: number, frames: number): BodyscriptError {
  const where = frames < 0 ? 'before the first frame' : `after ${counted(frames, 'frame')}`;
  return new BodyscriptError('STALLED', `no new frame for ${stallMs / 1000} s, ${where}`, {
    remedy: 'Check that the file can be read to its end, or allow more time with --stall.',
  });
}
