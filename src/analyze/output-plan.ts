import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { VideoSource } from '../decode/input.js';
import { existingExports, exportNames } from '../export/open-exporters.js';
import type { RunRecord } from '../sinks/run-record.js';
import { claimOutputs, type OutputClaim } from '../system/claim-outputs.js';
import type { FfmpegBinaries } from '../system/ffmpeg-binaries.js';
import { partialPath, STDOUT } from '../system/whole-file.js';
import type { AnalyzeOptions, OutputPlace } from './options.js';

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
export function planOutputs(
  name: string,
  options: Pick<
    AnalyzeOptions,
    | 'outDir'
    | 'csv'
    | 'ndjson'
    | 'overlay'
    | 'angles'
    | 'quality'
    | 'exports'
    | 'contactSheet'
    | 'thumbnail'
    | 'preview'
    | 'plots'
    | 'explain'
    | 'record'
  >,
): OutputPlan {
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

/** Of an earlier run's record, what tells whose its outputs are; undefined where there is no record that can be believed. */
async function readOwner(recordPath: string): Promise<Pick<RunRecord, 'input' | 'outputs'> | undefined> {
  try {
    await stat(recordPath); // Most runs find none, and need not load what checks it.
    const { readRunRecord } = await import('../sinks/read-run-record.js');
    return await readRunRecord(recordPath);
  } catch {
    return undefined;
  }
}

/**
 * What an earlier run of the same video may have written: whatever is called like the outputs beside its record, and the files elsewhere that the record names.
 * What comes through stdin may be another video each time.
 */
async function ownedBy({ stem, record }: OutputPlan, source: VideoSource): Promise<(path: string) => boolean> {
  if (record === undefined || source.pipe) return () => false;
  // A run that died between two renames leaves outputs beside a record that is still a draft.
  const owners = await Promise.all([record, partialPath(record)].map(readOwner));
  const own = owners.filter(owner => owner !== undefined && resolve(owner.input.path) === resolve(source.path));
  if (own.length === 0) return () => false;
  const named = new Set(own.flatMap(owner => owner?.outputs ?? []).map(output => resolve(String(output))));
  const isBeside = (path: string) =>
    resolve(dirname(path)) === resolve(dirname(stem)) && basename(path).startsWith(`${basename(stem)}.`);
  return path => isBeside(path) || named.has(resolve(path)) || named.has(resolve(partialPath(path)));
}

/**
 * Makes the output folder, keeps a run from writing over anything but an earlier run of the same video, and others from writing the same files meanwhile.
 * @returns to be disposed when the run has ended
 * @throws BodyscriptError `OUTPUT_NOT_WRITABLE`, `OUTPUT_TAKEN`, `OUTPUT_BUSY`
 */
export async function prepareOutputs(
  plan: OutputPlan,
  source: VideoSource,
  options: AnalyzeOptions,
  { ffmpeg, ffprobe }: FfmpegBinaries,
): Promise<OutputClaim> {
  const found = await existingExports(options.exports, plan.stem);
  return claimOutputs({
    outputs: [...new Set([...possibleFiles(plan), ...found])],
    inputs: [...source.files, ...(source.pipe ? ['/dev/stdin'] : []), ffmpeg.path, ffprobe.path],
    alsoRead: options.alsoRead ?? [],
    overwrite: options.overwrite,
    isOwn: await ownedBy(plan, source),
    taken: {
      says: `exists already and is not of an earlier run of ${source.path}`,
      remedy: source.pipe
        ? 'Call this one something else with --name, or replace it with --overwrite.'
        : 'Choose another folder with --out, or replace it with --overwrite.',
    },
  });
}
