import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { VideoSource } from '../decode/input.js';
import { BodyscriptError } from '../errors.js';
import { exportNames } from '../export/open-exporters.js';
import { partialPath, prepareOutputFolder, STDOUT } from '../system/whole-file.js';
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

/** The input that an earlier run's record names, or undefined where there is no record that can be believed. */
async function recordedInput(recordPath: string): Promise<string | undefined> {
  try {
    await stat(recordPath); // Most runs find none, and need not load what checks it.
    const { readRunRecord } = await import('../sinks/read-run-record.js');
    const { input } = await readRunRecord(recordPath);
    return resolve(input.path);
  } catch {
    return undefined;
  }
}

/**
 * Makes the output folder and keeps a run from writing over anything but an earlier run of the same video.
 * @throws BodyscriptError `OUTPUT_NOT_WRITABLE`, `OUTPUT_TAKEN`
 */
export async function prepareOutputs(plan: OutputPlan, source: VideoSource, options: AnalyzeOptions): Promise<void> {
  const files = possibleFiles(plan);
  for (const folder of new Set(files.map(file => dirname(file)))) await prepareOutputFolder(folder);
  const inputs = new Set(source.files);
  const own = files.find(file => inputs.has(resolve(file)));
  if (own) {
    throw new BodyscriptError('OUTPUT_TAKEN', `${own}: is the video itself`, {
      remedy: 'Choose another folder with --out.',
    });
  }
  // A run that died between two renames leaves outputs beside a record that is still a draft.
  const { record } = plan;
  const records = record === undefined ? [] : await Promise.all([record, partialPath(record)].map(recordedInput));
  // What comes through stdin may be another video each time.
  if (options.overwrite || (!source.pipe && records.includes(resolve(source.path)))) return;
  for (const file of files) {
    const exists = await stat(file).then(
      () => true,
      () => false,
    );
    if (!exists) continue;
    throw new BodyscriptError(
      'OUTPUT_TAKEN',
      `${file}: exists already and is not of an earlier run of ${source.path}`,
      {
        remedy: source.pipe
          ? 'Call this one something else with --name, or replace it with --overwrite.'
          : 'Choose another folder with --out, or replace it with --overwrite.',
      },
    );
  }
}
