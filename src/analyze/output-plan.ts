import { join } from 'node:path';
import type { VideoSource } from '../decode/input.js';
import { CSV } from '../outputs/lines-output.js';
import { filesOf, type PlannedOutput, plannedOutputs, possibleFiles } from '../outputs/planned-outputs.js';
import { claimOutputs, type OutputClaim } from '../system/claim-outputs.js';
import type { FfmpegBinaries } from '../system/ffmpeg-binaries.js';
import { copyLeftover } from '../system/own-file.js';
import { partialPath } from '../system/whole-file.js';
import type { AnalyzeOptions, OutputOptions } from './options.js';
import { findOwner, type OutputOwner, takenBy } from './output-owner.js';

/** The outputs of a run. */
export interface OutputPlan {
  /** Base path of files named after the video, without suffix: `results/walk`. */
  readonly stem: string;
  readonly outputs: readonly PlannedOutput[];
  /** The run record, which is written separately: it lists all others. */
  readonly record: string | undefined;
}

/** @param name of the outputs, below the output folder and without suffix: `walk`, `monday/walk` */
export function planOutputs(name: string, options: OutputOptions): OutputPlan {
  const stem = join(options.outDir, name);
  return {
    stem,
    outputs: plannedOutputs(stem, options),
    record: options.record ? `${stem}.run.json` : undefined,
  };
}

/** The files that the outputs of a name may have, but for the record. */
export async function filesOfOutputs(name: string, options: OutputOptions): Promise<string[]> {
  const { outputs, stem } = planOutputs(name, options);
  return possibleFiles(outputs, stem);
}

/** The files that grow while frames are read, and that a stopped run continues; stdout is not one. */
export function grownFiles({ outputs }: OutputPlan): string[] {
  return filesOf(outputs, 'grows');
}

/** The landmark table, if it is a file. */
export function tableOf({ outputs }: OutputPlan): string | undefined {
  return filesOf(
    outputs.filter(({ kind }) => kind === CSV),
    'grows',
  )[0];
}

/**
 * Creates the output folder, prevents a run from replacing anything but an earlier run of the same video, and prevents
 * other processes from writing the same files meanwhile.
 * @param warn receives each file that `--overwrite` replaces and that was not the run's own
 * @returns dispose it when the run has ended
 * @throws BodyscriptError `OUTPUT_NOT_WRITABLE`, `OUTPUT_TAKEN`, `OUTPUT_BUSY`
 */
export async function prepareOutputs(
  plan: OutputPlan,
  source: VideoSource,
  { machine }: Pick<AnalyzeOptions, 'machine'>,
  { ffmpeg, ffprobe }: FfmpegBinaries,
  warn: (message: string) => void,
): Promise<OutputClaim> {
  const files = await possibleFiles(plan.outputs, plan.stem);
  let owner: OutputOwner | undefined;
  // Not before other runs are kept out: one of them may just be publishing the same video.
  const findOnce = async () => {
    owner ??= await findOwner(plan, source);
    return owner;
  };
  const claim = await claimOutputs({
    outputs: plan.record === undefined ? files : [...files, plan.record],
    inputs: [...source.files, ...(source.pipe ? ['/dev/stdin'] : []), ffmpeg.path, ffprobe.path],
    alsoRead: machine.alsoRead ?? [],
    overwrite: machine.overwrite,
    isOwn: async path => (await findOnce()).isOwn(path),
    taken: path => takenBy(path, owner as OutputOwner, source, plan.outputs), // `isOwn` was asked before.
    unwritable: 'Choose a folder that you may write to with --out.',
    onReplace: path =>
      warn(
        `${path}: not known to be from an earlier run of ${source.path}; files that this run writes are replaced (--overwrite)`,
      ),
  });
  if (claim.mayBeWritten) await copyLeftovers(plan, claim);
  return claim;
}

/** The files that a run would continue to write. */
async function copyLeftovers({ outputs }: OutputPlan, claim: OutputClaim): Promise<void> {
  try {
    for (const path of filesOf(outputs, 'grows', 'working')) await copyLeftover(partialPath(path));
  } catch (error) {
    await claim[Symbol.asyncDispose]();
    throw error;
  }
}
