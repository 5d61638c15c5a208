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
  const counts = new Map<string, number>();
  let [frames, memory, failing] = [0, 0, 0];
  for await (const video of videos) {
    counts.set(video.what, (counts.get(video.what) ?? 0) + 1);
    if (video.what === 'analyse') frames += video.frames ?? 0;
    if (video.what === 'fail') failing++;
    memory = Math.max(memory, video.memory ?? 0);
    say(lineOf(video, speed));
  }
  const parts = passedOverParts(passed);
  const jobs = request.jobs === 'auto' ? '' : `, ${request.jobs} at a time`;
  const basis =
    framesPerSecond === undefined ? 'estimated: no video was analysed here yet' : 'at the speed of earlier videos here';
  say([
    `${[...counts].map(([what, count]) => `${count} to ${what}`).join(', ') || 'no videos'}; ` +
      `about ${counted(frames, 'frame')} in ${duration(frames / speed)} one after another (${basis})${jobs}, ` +
      `at most ${megabytes(memory)} for one`,
    `skipped: ${parts.join(', ') || 'nothing'}; nothing was written`,
  ]);
  return failing > 0 ? EXIT_CODES.someFailed : EXIT_CODES.done;
}

function lineOf({ path, what, frames, memory, error }: PlannedVideo, speed: number): string {
  const parts = [
    what.padEnd(8),
    (frames === undefined ? '? frames' : counted(frames, 'frame')).padStart(14),
    (frames === undefined || what !== 'analyse' ? '' : duration(frames / speed)).padStart(12),
    (memory === undefined ? '' : megabytes(memory)).padStart(8),
    ` ${path}`,
    error ? ` ${error.code}` : '',
  ];
  return parts.join(' ').trimEnd();
}
