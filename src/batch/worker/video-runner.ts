import type { Progress } from '../../analyze/analyze-video.js';
import type { Needs } from '../../analyze/needs.js';
import type { BodyscriptError } from '../../errors.js';
import type { ProcessIdentity } from '../../system/process-identity.js';
import type { VideoOutcome, VideoTask } from './protocol.js';

/** Events during a video's analysis. */
export interface RunnerEvents {
  /** Settles when there is memory for it. */
  readonly admit: (needs: Needs) => Promise<void>;
  readonly onProgress: (progress: Progress) => void;
  readonly onFinishing: () => void;
  /** Settles when the files may get their final names; rejects if the video is no longer this command's. */
  readonly mayPublish: () => Promise<void>;
  readonly onWarning: (message: string) => void;
}

/** Analyses one video at a time, and several in sequence. */
export interface VideoRunner extends AsyncDisposable {
  /** Its process. */
  readonly process: ProcessIdentity | undefined;
  /** Whether it can take another video. */
  readonly isUsable: boolean;
  /** Never rejects; a process that died is reported as the failure `WORKER_DIED`. */
  run(task: VideoTask, events: RunnerEvents): Promise<VideoOutcome>;
  /** Requests a clean end of the video: its outcome is then this error. */
  stop(error: BodyscriptError): void;
  /** Kills the process at once; its video fails with this error. */
  kill(error: BodyscriptError): void;
}
