import { soundOf } from '../decode/sound.js';
import type { OverlayAudio } from '../encode/encode-command.js';
import { readLandmarks } from '../formats/read-landmarks.js';
import type { RunContext } from '../outputs/output.js';
import { OutputSet } from '../outputs/output-set.js';
import type { PlannedOutput } from '../outputs/planned-outputs.js';
import { partialPath } from '../system/whole-file.js';
import type { Checkpoint } from './checkpoint.js';
import type { Job } from './job.js';
import { tableOf } from './output-plan.js';

/** Size of the displayed picture, in pixels. */
export function displayOf({ video }: Pick<Job, 'video'>): { width: number; height: number } {
  return { width: video.displayWidth, height: video.displayHeight };
}

/**
 * Opens outputs of a run. One that cannot be opened closes those before it.
 * @param which of the job's plan
 * @param attempts the outputs add their receivers for the decisions on doubtful frames
 * @param resume where to continue their files
 */
export async function openOutputs(
  job: Job,
  which: readonly PlannedOutput[],
  attempts: RunContext['attempts'],
  resume?: Pick<Checkpoint, 'outputs'>,
): Promise<OutputSet> {
  const { plan, video, size, binaries } = job;
  const context = {
    options: job.options.outputs,
    stem: plan.stem,
    display: displayOf(job),
    video,
    size,
    binaries,
    sound: soundFor(job),
    attempts,
  };
  const outputs = await OutputSet.open(which, context, resume?.outputs);
  if (!resume) return outputs;
  try {
    await remake(outputs, job, which);
    return outputs;
  } catch (error) {
    await outputs.abandon();
    throw error;
  }
}

/** Passes the frames that an earlier run had written to the outputs that store none of them. */
async function remake(outputs: OutputSet, { plan }: Job, which: readonly PlannedOutput[]): Promise<void> {
  const table = tableOf(plan);
  if (table === undefined || which.every(({ kind }) => kind.resumes)) return;
  for await (const frame of readLandmarks(partialPath(table))) await outputs.remake(frame);
}

/** Loads the code of the outputs while the engine loads its networks. */
export async function loadOutputs({ plan }: Job): Promise<void> {
  await Promise.all(plan.outputs.map(({ kind }) => kind.load?.()));
}

/**
 * The audio for the chosen frames; undefined if none exists, or if it arrives through a pipe, which is read only
 * once.
 */
function soundFor({ source, video, options }: Job): OverlayAudio | undefined {
  if (source.pipe || video.audio.length === 0) return undefined;
  const { start, end, maxFrames } = options.source.selection;
  const isPart = start !== undefined || end !== undefined || maxFrames !== undefined;
  return { streams: video.audio, isPart, ...soundOf(source, video) };
}
