import { basename, dirname, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { RecordedFile, RunRecord } from '../model/run-record.js';
import { decidingOptions, isAsItWas } from '../outputs/describe-files.js';
import { CSV, NDJSON } from '../outputs/lines-output.js';
import { filesOf, type PlannedOutput } from '../outputs/planned-outputs.js';
import { sha256OfFiles } from '../system/file-hash.js';
import type { Job } from './job.js';
import type { AnalyzeOptions } from './options.js';
import { tableHash } from './options-hash.js';

/** Tables from which everything else can be made. */
export const TABLES: readonly string[] = [CSV.name, NDJSON.name];

/** A finished analysis of the same video with the same options, whose table is as it was. */
export interface EarlierRun {
  readonly record: RunRecord;
  /** Path of the table. */
  readonly table: string;
}

/**
 * The record that lies where this run will write its own; undefined where there is none that can be believed, or it is
 * not of a finished run.
 */
export async function readEarlierRecord({ plan, source }: Job): Promise<RunRecord | undefined> {
  if (plan.record === undefined || source.pipe) return undefined;
  try {
    const { readRunRecord } = await import('../formats/read-run-record.js');
    const record = await readRunRecord(plan.record);
    return record.status === 'done' ? record : undefined;
  } catch {
    return undefined; // The run begins as if it were the first; whose the files are is asked elsewhere.
  }
}

/** Undefined where the numbers have to be computed: other options, another video, or a table that has changed since. */
export async function findEarlierRun(job: Job, record: RunRecord | undefined): Promise<EarlierRun | undefined> {
  if (!record || !hasTableOf(record, job.options)) return undefined;
  const table = await tableOf(job, record);
  return table !== undefined && (await isOfVideo(job, record)) ? { record, table } : undefined;
}

/** Whether a run's options decide the same table. */
export function hasTableOf({ options }: RunRecord, others: AnalyzeOptions): boolean {
  return tableHash(options as unknown as AnalyzeOptions) === tableHash(others);
}

/** The same file, unchanged since the run began, or else the same content. */
async function isOfVideo({ source }: Job, { input, startedAt }: RunRecord): Promise<boolean> {
  if (input.bytes !== source.bytes) return false;
  const isSamePath = resolve(input.path) === resolve(source.path);
  if (isSamePath && source.modified !== undefined && source.modified <= Date.parse(startedAt)) return true;
  return input.sha256 !== null && (await source.sha256()) === input.sha256;
}

async function tableOf(job: Job, record: RunRecord): Promise<string | undefined> {
  for (const file of record.files) {
    if (!TABLES.includes(file.output) || file.sha256 === null) continue;
    const path = placeOf(job, file);
    if (path === undefined) continue;
    const isSame = (await isAsItWas(file, path)) || (await sha256OfFiles([path]).catch(() => '')) === file.sha256;
    if (isSame) return path;
  }
  return undefined;
}

/**
 * Where a file of the record lies now: beside the record, under a name that begins like the video's, or where this run
 * would write it. Undefined for any other place: the record may be a stranger's.
 */
export function placeOf({ plan }: Pick<Job, 'plan'>, { path }: RecordedFile): string | undefined {
  const name = basename(path);
  if (name.startsWith(`${basename(plan.stem)}.`)) return join(dirname(plan.stem), name);
  return filesOf(plan.outputs, 'grows', 'whole').find(planned => resolve(planned) === resolve(path));
}

/**
 * The planned outputs that the earlier run did not make, or made with other options, or whose files are no longer as it
 * left them.
 */
export async function outputsToMake(job: Job, record: RunRecord): Promise<PlannedOutput[]> {
  const missing: PlannedOutput[] = [];
  for (const planned of job.plan.outputs) if (!(await isMade(job, planned, record))) missing.push(planned);
  return missing;
}

async function isMade(job: Job, { kind, files }: PlannedOutput, record: RunRecord): Promise<boolean> {
  const made = record.files.filter(({ output }) => output === kind.name);
  if (made.length === 0) return false;
  const possible = [...files.map(({ path }) => path), ...((await kind.existing?.(job.plan.stem)) ?? [])];
  const options = decidingOptions(kind, job.options.outputs);
  for (const file of made) {
    const place = placeOf(job, file);
    const isPossible = place !== undefined && possible.some(path => resolve(path) === resolve(place));
    if (!isPossible || !isDeepStrictEqual(file.options, options) || !(await isAsItWas(file, place))) return false;
  }
  return true;
}
