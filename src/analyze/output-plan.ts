import { join } from 'node:path';
import type { VideoSource } from '../decode/input.js';
import { existingExports, exportNames } from '../formats/open-exporters.js';
import { claimOutputs, type OutputClaim } from '../system/claim-outputs.js';
import type { FfmpegBinaries } from '../system/ffmpeg-binaries.js';
import { STDOUT } from '../system/whole-file.js';
import type { AnalyzeOptions, OutputOptions, OutputPlace } from './options.js';
import { findOwner, takenBy } from './output-owner.js';

/** Final names of what a run makes; `-` is stdout. */
export interface OutputPlan {
  /** Path of what is named after the video, without suffix: `results/walk`. */
  readonly stem: string;
  readonly csv: string | undefined;
  readonly ndjson: string | undefined;
  readonly overlay: string | undefined;
  readonly angles: string | undefined;
  /** Made of the table by `followers-sink.ts`. */
  readonly quality: string | undefined;
  /** The names that exports may take. */
  readonly exports: readonly string[];
  readonly contactSheet: string | undefined;
  readonly thumbnail: string | undefined;
  /** Where small pictures are kept for both, until the end. */
  readonly pictures: string | undefined;
  readonly preview: string | undefined;
  /** Path without suffix. */
  readonly plots: string | undefined;
  readonly attempts: string | undefined;
  readonly record: string | undefined;
}

/** @param name what the outputs are called, below the output folder and without suffix: `walk`, `monday/walk` */
export function planOutputs(name: string, options: OutputOptions): OutputPlan {
  const stem = join(options.outDir, name);
  const own = (suffix: string) => `${stem}${suffix}`;
  const path = (place: OutputPlace | undefined, suffix: string) => (place === 'auto' ? own(suffix) : place);
  return {
    stem,
    csv: path(options.csv, '.csv'),
    ndjson: path(options.ndjson, '.ndjson'),
    overlay: path(options.overlay?.to, '.overlay.mp4'),
    angles: options.angles ? own('.angles.csv') : undefined,
    quality: options.quality ? own('.quality.json') : undefined,
    exports: exportNames(options.exports, stem),
    contactSheet: options.contactSheet ? own('.contact-sheet.jpg') : undefined,
    thumbnail: options.thumbnail ? own('.thumbnail.jpg') : undefined,
    pictures: options.contactSheet || options.thumbnail ? own('.pictures') : undefined,
    preview: options.preview === undefined ? undefined : own('.preview.mp4'),
    plots: options.plots ? own('.plots') : undefined,
    attempts: options.explain ? own('.attempts.ndjson') : undefined,
    record: options.record ? own('.run.json') : undefined,
  };
}

const isFile = (path: string | undefined): path is string => path !== undefined && path !== STDOUT;

/** The files that grow while frames are read, and that a run which was stopped goes on with; stdout is none. */
export function grownFiles(plan: OutputPlan): string[] {
  return [plan.csv, plan.ndjson, plan.angles, plan.overlay, plan.attempts].filter(isFile);
}

/** All files that a run may write. */
function possibleFiles(plan: OutputPlan): string[] {
  const { quality, exports, contactSheet, thumbnail, preview, plots, record } = plan;
  const drawn = plots === undefined ? [] : [`${plots}.svg`, `${plots}.png`];
  return [...grownFiles(plan), quality, ...exports, contactSheet, thumbnail, preview, ...drawn, record].filter(isFile);
}

/**
 * Makes the output folder, keeps a run from writing over anything but an earlier run of the same video, and others from writing the same files meanwhile.
 * @param warn told each file that `--overwrite` replaces and that was not the run's own
 * @returns to be disposed when the run has ended
 * @throws BodyscriptError `OUTPUT_NOT_WRITABLE`, `OUTPUT_TAKEN`, `OUTPUT_BUSY`
 */
export async function prepareOutputs(
  plan: OutputPlan,
  source: VideoSource,
  { outputs, machine }: Pick<AnalyzeOptions, 'outputs' | 'machine'>,
  { ffmpeg, ffprobe }: FfmpegBinaries,
  warn: (message: string) => void,
): Promise<OutputClaim> {
  const found = await existingExports(outputs.exports, plan.stem);
  const owner = await findOwner(plan, source);
  return claimOutputs({
    outputs: [...new Set([...possibleFiles(plan), ...found])],
    inputs: [...source.files, ...(source.pipe ? ['/dev/stdin'] : []), ffmpeg.path, ffprobe.path],
    alsoRead: machine.alsoRead ?? [],
    overwrite: machine.overwrite,
    isOwn: path => owner.isOwn(path),
    taken: path => takenBy(path, owner, source, outputs),
    unwritable: 'Choose a folder that you may write to with --out.',
    onReplace: path =>
      warn(
        `${path}: is not known to be of an earlier run of ${source.path}, and is replaced where this run writes it (--overwrite)`,
      ),
  });
}
