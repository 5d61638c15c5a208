import * as z from '#zod';
import type { AnalyzeOptions, MachineOptions } from '../analyze/options.js';
import { optionsHash } from '../analyze/options-hash.js';
import type { FileFacts } from '../batch/ledger/ledger.js';
import { faultOfName } from '../batch/output-name.js';
import { isBelowPlace, isPlainPlace, placeOfOutputs } from '../batch/places.js';
import { BodyscriptError, shortMessage, UsageError } from '../errors.js';
import { checked, count, name, text } from '../formats/bounds.js';
import { toAnalyzeOptions } from '../options/analyze-options.js';
import { ANALYZE } from '../options/analyze-table.js';
import { doesAct, type OptionTable } from '../options/option.js';
import { CARRIED } from '../options/queue-table.js';
import { type Resolved, resolveOptions } from '../options/resolve.js';
import { sha256 } from '../system/file-hash.js';
import { outside } from './outside-jobs.js';

/**
 * Version of a job's layout; grows when a field changes its meaning. The second is of a piece of a video; a job for a
 * whole one is still written as the first, for workers of before.
 */
const VERSIONS = { whole: 1, piece: 2 } as const;
const LONGEST_PATH = 4096;
const ID_DIGITS = 40;
const MOST_OPTIONS = 100;
const MOST_SEGMENTS = 1_000_000;

const segment = () => z.int().check(z.gte(0), z.lte(MOST_SEGMENTS));

const DATA = z.object({
  jobVersion: z.union([z.literal(VERSIONS.whole), z.literal(VERSIONS.piece)]),
  /** Absolute, or `s3://bucket/key`. */
  path: text(LONGEST_PATH).check(z.minLength(1)),
  /** Of the results: absolute, or `s3://bucket/prefix`. */
  outDir: text(LONGEST_PATH).check(z.minLength(1)),
  /** Of the outputs, without suffix, relative to the folder of results. */
  name: text(LONGEST_PATH),
  /** Of the file when it was submitted; null where it could not be read. */
  bytes: z.nullable(count()),
  /** Milliseconds since 1970. */
  modified: z.nullable(z.number()),
  /** Of an object of a bucket; null for a file. */
  etag: z._default(z.nullable(name()), null),
  /** Indices of the first and the last segment that the job analyses; absent: the whole video. */
  piece: z.optional(z.object({ from: segment(), to: segment() })),
  /** The options that were given, as a configuration file spells them. */
  options: z.record(name(), z.unknown()).check(z.refine(options => Object.keys(options).length <= MOST_OPTIONS)),
  /** Whether results of before are replaced. */
  force: z.boolean(),
  /** Whether a failure of before is tried again. */
  retryFailed: z.boolean(),
  /** Milliseconds since 1970. */
  submittedAt: count(),
});

/** What Redis keeps of a video: the whole task, so that a worker needs no options of analysis. */
export type JobData = z.output<typeof DATA>;

/** A job that was read back and checked. */
export interface QueuedVideo extends JobData {
  readonly facts: FileFacts | undefined;
  readonly analysis: AnalyzeOptions;
  readonly hash: string;
}

/** The options that decide what a job's outputs hold, of those that were given anywhere. @throws UsageError */
export function carriedOptions({ origins, isGiven }: Resolved<typeof ANALYZE>): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(CARRIED as OptionTable)) {
    const origin = origins[name];
    if (!origin || !isGiven(name as keyof typeof ANALYZE)) continue;
    if (doesAct(option, origin.given)) {
      throw new UsageError(
        `${origin.name} names a file, and a job of a queue carries no names of files`,
        'Choose one of the words that this option takes, or analyse these videos without a queue.',
      );
    }
    options[name] = origin.given;
  }
  return options;
}

/** The same video, file, options and place of results have the same id, so that submitting them again adds nothing. */
export function jobId(data: JobData, options: AnalyzeOptions): string {
  const { path, bytes, modified, etag, outDir, name, piece } = data;
  // An object that is copied over itself has another time, and the same ETag.
  const content = etag === null ? [bytes, modified] : [etag];
  const key = JSON.stringify([
    path,
    ...content,
    optionsHash(options),
    outDir,
    name,
    ...(piece ? [piece.from, piece.to] : []),
  ]);
  return `v-${sha256(key).slice(0, ID_DIGITS)}`; // BullMQ takes neither ":" nor plain numbers.
}

export function newJob(fields: Omit<JobData, 'jobVersion'>): JobData {
  return { jobVersion: fields.piece ? VERSIONS.piece : VERSIONS.whole, ...fields };
}

/**
 * Checks a job that anybody who can write to Redis may have made.
 * @param machine what this worker may do and use, which no job decides, but for the hash that a network must have
 * @param within the folders and prefixes of which one must hold the video, and one its results; empty: any place
 * @throws BodyscriptError `JOB_INVALID`; `JOB_OUTSIDE` where other workers may do it
 */
export async function readJob(
  value: unknown,
  machine: MachineOptions,
  within: readonly string[] = [],
): Promise<QueuedVideo> {
  const result = checked(DATA, value);
  if ('problem' in result) throw invalid(result.problem);
  const { data } = result;
  checkPlaces(data);
  await checkWithin(data, within);
  const given = analysisOf(data);
  const { modelSha256, segmentsAtOnce } = given.machine;
  const analysis = { ...given, machine: { ...machine, modelSha256, segmentsAtOnce } };
  return { ...data, facts: factsIn(data), analysis, hash: optionsHash(analysis) };
}

function factsIn({ bytes, modified, etag }: JobData): FileFacts | undefined {
  return bytes === null || modified === null ? undefined : { bytes, modified, ...(etag === null ? {} : { etag }) };
}

const OUTSIDE = 'the name leads out of the folder of results';

/** @throws BodyscriptError `JOB_INVALID` */
function checkPlaces({ path, outDir, name }: JobData): void {
  for (const place of [path, outDir]) {
    if (!isPlainPlace(place)) throw invalid(`${JSON.stringify(place)} is not an absolute path`);
  }
  const fault = faultOfName(outDir, name) ?? (placeOfOutputs(outDir, name) === undefined ? OUTSIDE : undefined);
  if (fault !== undefined) throw invalid(fault);
}

async function checkWithin({ path, outDir, name }: JobData, within: readonly string[]): Promise<void> {
  if (within.length === 0) return;
  for (const place of [path, placeOfOutputs(outDir, name) ?? outDir]) {
    const isIn = await Promise.all(within.map(folder => isBelowPlace(folder, place)));
    if (!isIn.includes(true)) throw outside(place, within);
  }
}

function analysisOf({ options, outDir }: JobData): AnalyzeOptions {
  for (const [name, given] of Object.entries(options)) {
    const option = Object.hasOwn(CARRIED, name) ? (CARRIED as OptionTable)[name] : undefined;
    if (!option || doesAct(option, given)) throw invalid(`it may not hold the option ${JSON.stringify(name)}`);
  }
  const layer = { source: 'the job', nameOf: String, values: { ...options, out: outDir } };
  try {
    return toAnalyzeOptions(resolveOptions(ANALYZE, [layer]));
  } catch (cause) {
    throw invalid(shortMessage(cause), cause);
  }
}

function invalid(what: string, cause?: unknown): BodyscriptError {
  return new BodyscriptError('JOB_INVALID', `not a job that this worker can do: ${what}`, {
    cause,
    remedy: 'Submit the video again, with the version of bodyscript that the workers have.',
  });
}
