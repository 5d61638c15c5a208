import { isDeepStrictEqual } from 'node:util';
import type { RecordedFile, RunRecord } from '../model/run-record.js';
import { decidingOptions, isAsItWas } from '../outputs/describe-files.js';
import { CSV, NDJSON } from '../outputs/lines-output.js';
import type { PlannedOutput } from '../outputs/planned-outputs.js';
import { sha256OfFiles } from '../system/file-hash.js';
import type { Job } from './job.js';
import type { AnalyzeOptions } from './options.js';
import { tableHash } from './options-hash.js';
import { RecordedPlaces } from './recorded-places.js';

/** Tables from which all other outputs can be made. */
export const TABLES: readonly string[] = [CSV.name, NDJSON.name];

/** A finished analysis of the same video with the same options, with an unchanged table. */
export interface EarlierRun {
  readonly record: RunRecord;
  /** Path of the table. */
  readonly table: string;
}

/** The record at the path of this run's own; undefined if it is absent, not credible, or not of a finished run. */
export async function readEarlierRecord({ plan, source }: Job): Promise<RunRecord | undefined> {
  if (plan.record === undefined || source.pipe) return undefined;
  try {
    const { readRunRecord } = await import('../formats/read-run-record.js');
    const record = await readRunRecord(plan.record);
    return record.status === 'done' ? record : undefined;
  } catch {
    return undefined; // The run begins as if it were the first; ownership of the files is checked elsewhere.
  }
}

/**
 * Undefined if the numbers must be computed: other options, another model or video, or a changed table.
 * @param warn called if the table was changed since: it will be replaced
 */
export async function findEarlierRun(
  job: Job,
  record: RunRecord | undefined,
  warn: (message: string) => void,
): Promise<EarlierRun | undefined> {
  if (!record || !hasTableOf(record, job.options) || !(await isOfModel(job, record))) return undefined;
  if (!(await isOfVideo(job, record))) return undefined;
  const places = await RecordedPlaces.of(job);
  for (const file of record.files) {
    const path = TABLES.includes(file.output) && file.sha256 !== null ? places.find(file) : undefined;
    if (path === undefined) continue;
    const sha256 = (await isAsItWas(file, path)) ? file.sha256 : await sha256OfFiles([path]).catch(() => undefined);
    if (sha256 === file.sha256) return { record, table: path };
    if (sha256 !== undefined) warn(`${path}: was changed after it was written, and is replaced`);
  }
  return undefined;
}

/** Whether two runs' options give the same table. */
export function hasTableOf({ options }: RunRecord, others: AnalyzeOptions): boolean {
  return tableHash(options as unknown as AnalyzeOptions) === tableHash(others);
}

/** By content: a file with the same size and time may be another video. */
async function isOfVideo({ source }: Job, { input }: RunRecord): Promise<boolean> {
  if (input.bytes !== source.bytes || input.sha256 === null) return false;
  return (await source.sha256()) === input.sha256;
}

/** A model file may have been replaced. */
async function isOfModel({ options }: Job, { model }: RunRecord): Promise<boolean> {
  const { modelSha256 } = options.machine;
  if (modelSha256 !== undefined && modelSha256 !== model?.sha256) return false;
  const name = options.analysis.engine.model;
  return !name.endsWith('.task') || (await sha256OfFiles([name]).catch(() => '')) === model?.sha256;
}

/**
 * The planned outputs that the earlier run did not make, made with other options, or whose files have changed since.
 */
export async function outputsToMake(job: Job, record: RunRecord): Promise<PlannedOutput[]> {
  const places = await RecordedPlaces.of(job);
  const missing: PlannedOutput[] = [];
  for (const planned of job.plan.outputs) if (!(await isMade(job, planned, record, places))) missing.push(planned);
  return missing;
}

/** An option that was not given is null, or absent from a record older than the option. */
function given(options: RecordedFile['options']): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null));
}

async function isMade(job: Job, { kind }: PlannedOutput, record: RunRecord, places: RecordedPlaces): Promise<boolean> {
  const made = record.files.filter(({ output }) => output === kind.name);
  if (made.length === 0) return false;
  const options = decidingOptions(kind, job.options.outputs);
  for (const file of made) {
    const path = places.find(file);
    const isSame =
      path !== undefined && isDeepStrictEqual(given(file.options), given(options)) && (await isAsItWas(file, path));
    if (!isSame) return false;
  }
  return true;
}
