import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { VideoSource } from '../decode/input.js';
import { BodyscriptError } from '../errors.js';
import type { RunRecord } from '../sinks/run-record.js';
import { partialPath, prepareOutputFolder } from '../system/whole-file.js';
import type { AnalyzeOptions } from './options.js';

/** Final names of what a run makes. */
export interface OutputPlan {
  readonly csv: string | undefined;
  readonly overlay: string | undefined;
  readonly attempts: string | undefined;
  readonly record: string;
}

/** @param name what the outputs are called, below the output folder and without suffix: `walk`, `monday/walk` */
export function planOutputs(
  name: string,
  options: Pick<AnalyzeOptions, 'outDir' | 'csv' | 'overlay' | 'explain'>,
): OutputPlan {
  const path = (suffix: string) => join(options.outDir, `${name}${suffix}`);
  return {
    csv: options.csv ? path('.csv') : undefined,
    overlay: options.overlay ? path('.overlay.mp4') : undefined,
    attempts: options.explain ? path('.attempts.ndjson') : undefined,
    record: path('.run.json'),
  };
}

/** The files of a plan, the record last. */
export function plannedFiles(plan: OutputPlan): string[] {
  return [plan.csv, plan.overlay, plan.attempts, plan.record].filter(path => path !== undefined);
}

/** The input that an earlier run's record names, or undefined where there is no record. */
async function recordedInput(recordPath: string): Promise<string | undefined> {
  try {
    const record = JSON.parse(await readFile(recordPath, 'utf8')) as RunRecord;
    return resolve(record.input.path);
  } catch {
    return undefined;
  }
}

/**
 * Makes the output folder and keeps a run from writing over anything but an earlier run of the same video.
 * @throws BodyscriptError `OUTPUT_NOT_WRITABLE`, `OUTPUT_TAKEN`
 */
export async function prepareOutputs(plan: OutputPlan, source: VideoSource, options: AnalyzeOptions): Promise<void> {
  await prepareOutputFolder(dirname(plan.record));
  const files = plannedFiles(plan);
  const inputs = new Set(source.files);
  const own = files.find(file => inputs.has(resolve(file)));
  if (own) {
    throw new BodyscriptError('OUTPUT_TAKEN', `${own}: is the video itself`, {
      remedy: 'Choose another folder with --out.',
    });
  }
  // A run that died between two renames leaves outputs beside a record that is still a draft.
  const records = await Promise.all([plan.record, partialPath(plan.record)].map(recordedInput));
  if (options.overwrite || records.includes(resolve(source.path))) return;
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
        remedy: 'Choose another folder with --out, or replace it with --overwrite.',
      },
    );
  }
}
