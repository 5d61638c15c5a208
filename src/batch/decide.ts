import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BodyscriptError, type ErrorCode } from '../errors.js';
import { isBucketAddress } from '../storage/address.js';
import { openStore } from '../storage/open-store.js';
import { systemPath } from '../system/byte-names.js';
import { sha256OfFiles } from '../system/file-hash.js';
import { isBeingWritten } from '../system/output-lock.js';
import { findInBucket } from './bucket-results.js';
import { findFailure, type ResultsPlace } from './failure-place.js';
import { NOT_FINAL } from './failures.js';
import { type FinishedRun, findFinishedRun } from './finished-run.js';
import type { JobEntry, JobOutput } from './ledger/job.js';
import type { FileFacts, Ledger, PendingJob } from './ledger/ledger.js';

/** The action for an input. */
export type Decision =
  | { readonly what: 'run'; readonly job: JobEntry; readonly facts: FileFacts | undefined }
  /** It is done already; `as` is its earlier path, if different. */
  | { readonly what: 'skip'; readonly job: JobEntry; readonly as: string | undefined }
  /** It is done, and only its record shows that. */
  | {
      readonly what: 'adopt';
      readonly job: JobEntry;
      readonly facts: FileFacts;
      readonly run: FinishedRun;
    }
  /** It failed before and nothing has changed. */
  | { readonly what: 'failed'; readonly job: JobEntry }
  /** Another process is analysing it. */
  | { readonly what: 'wait' }
  /** It cannot be run. */
  | {
      readonly what: 'refuse';
      readonly job: JobEntry;
      readonly facts: FileFacts | undefined;
      readonly error: BodyscriptError;
    };

export interface DecideOptions extends ResultsPlace {
  readonly optionsHash: string;
  /** Analyse finished videos again. */
  readonly force: boolean;
  readonly retryFailed: boolean;
  /** Replace the results of another video. */
  readonly overwrite: boolean;
  /** Whether failures are read from `NAME.failed.json`, since no ledger keeps them. */
  readonly noLedger: boolean;
  /** Milliseconds since 1970: results of other commands since then are not repeated even with `force`. */
  readonly since: number;
  /** Ends requests to a bucket early. */
  readonly signal?: AbortSignal | undefined;
}

/** The size and time of a file or an object; undefined where it does not exist. @throws BodyscriptError `STORAGE_*` */
export async function factsOf(path: string, signal?: AbortSignal): Promise<FileFacts | undefined> {
  if (isBucketAddress(path)) return objectFacts(path, signal);
  return stat(systemPath(path)).then(
    stats => (stats.isFile() ? { bytes: stats.size, modified: stats.mtimeMs } : undefined),
    () => undefined,
  );
}

async function objectFacts(uri: string, signal: AbortSignal | undefined): Promise<FileFacts | undefined> {
  const { store, key } = await openStore(uri);
  const found = await store.head(key, signal);
  return found && { bytes: found.bytes, modified: found.modified, etag: found.etag };
}

/** Failures to learn what is known of a video that do not concern the others. */
const OF_ONE_VIDEO: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['STORAGE_FAILED', 'RECORD_INVALID']);

/** Decides from an input, its file, and the ledger's entries for both. @throws BodyscriptError `STORAGE_DENIED` */
export async function decide(ledger: Ledger, pending: PendingJob, options: DecideOptions): Promise<Decision> {
  try {
    return await decideFrom(await factsOf(pending.job.path, options.signal), ledger, pending, options);
  } catch (error) {
    // A bucket that does not answer, or has a record that cannot be read, fails this video; the others may be found.
    if (!(error instanceof BodyscriptError) || !OF_ONE_VIDEO.has(error.code)) throw error;
    return { what: 'refuse', job: pending.job, facts: undefined, error };
  }
}

async function decideFrom(
  facts: FileFacts | undefined,
  ledger: Ledger,
  pending: PendingJob,
  options: DecideOptions,
): Promise<Decision> {
  if (ledger.holder(pending.job) !== 'nobody') return { what: 'wait' };
  // Before the record is read: a run that ends in between has left one then.
  const isWritten = await isWrittenByOthers(pending.job, options);
  const origin = await findOrigin(ledger, pending.job, facts, options);
  const job = origin ? adoptOrigin(ledger, pending.job, origin) : pending.job;
  if (origin && (await areOutputsUnchanged(job.outputs, options.outDir)))
    return { what: 'skip', job, as: origin.entry.path };
  const adopted = await (options.destination === undefined ? findRecorded : findObjects)(job, facts, options);
  if (adopted) return adopted;
  const known = options.noLedger && (await findFailed(job, facts, options));
  if (known) return { what: 'failed', job: known };
  const isSame =
    job.optionsHash === options.optionsHash && facts !== undefined && (await isUnchanged(ledger, job, facts));
  if (isSame && (await isDone(job, options))) return { what: 'skip', job, as: undefined };
  if (hasFailedForGood(job, facts, isSame, options)) return { what: 'failed', job };
  if (isWritten) return { what: 'wait' };
  const refusal = await findNamesake(ledger, job, options);
  return refusal ? { what: 'refuse', job, facts, error: refusal } : { what: 'run', job, facts };
}

/** Whether a command that has no ledger, or another one, is at the video. */
async function isWrittenByOthers({ state, name }: JobEntry, { outDir }: DecideOptions): Promise<boolean> {
  // The worker of a command that died may still have the lock of a running or interrupted one: it is ended first.
  return (state === 'queued' || state === 'failed') && isBeingWritten(join(outDir, `${name}.run.json`));
}

const isNew = ({ endedAt }: JobEntry, { since }: DecideOptions) => (endedAt ?? 0) >= since;

/** The entry of a moved video: that of its old path, under the new one. */
function adoptOrigin(ledger: Ledger, job: JobEntry, { entry, facts }: Origin): JobEntry {
  ledger.adopt(job, entry, facts);
  return { ...entry, path: job.path, modified: facts.modified };
}

/** A run whose record says that it ended well, for a video that the ledger does not have as ended. */
async function findRecorded(
  job: JobEntry,
  facts: FileFacts | undefined,
  { outDir, optionsHash, force, since }: DecideOptions,
): Promise<Decision | undefined> {
  if ((job.state !== 'queued' && job.state !== 'running') || !facts) return undefined;
  const run = await findFinishedRun(job, facts, outDir, optionsHash);
  const isUsable = run && (!force || Date.parse(run.record.endedAt ?? '') >= since);
  return isUsable ? { what: 'adopt', job, facts, run } : undefined;
}

/** The same of results in a bucket; others' results under this name are not replaced. */
async function findObjects(
  job: JobEntry,
  facts: FileFacts | undefined,
  { destination = '', optionsHash, force, overwrite, signal }: DecideOptions,
): Promise<Decision | undefined> {
  if (!facts) return undefined;
  const known = await findInBucket(destination, job, facts, optionsHash, { overwrite, signal });
  if (known?.what === 'taken') return { what: 'refuse', job, facts, error: known.error };
  return known && !force ? { what: 'adopt', job, facts, run: known.run } : undefined;
}

/** A failure of an earlier command, of the same file and the same options, that is not to be tried again. */
async function findFailed(
  job: JobEntry,
  facts: FileFacts | undefined,
  options: DecideOptions,
): Promise<JobEntry | undefined> {
  if (job.state !== 'queued') return undefined;
  const { optionsHash, signal } = options;
  const failure = await findFailure(options, { path: job.path, name: job.name, facts, optionsHash }, signal);
  const mayRetry = options.force || options.retryFailed;
  if (!failure || (mayRetry && Date.parse(failure.endedAt) < options.since)) return undefined;
  return { ...job, state: 'failed', error: failure.error, attempts: failure.attempts };
}

async function isDone(job: JobEntry, options: DecideOptions): Promise<boolean> {
  if (job.state !== 'done' || (options.force && !isNew(job, options))) return false;
  return areOutputsUnchanged(job.outputs, options.outDir);
}

/** Whether a video failed before, under the same circumstances, and should not be retried. */
function hasFailedForGood(
  job: JobEntry,
  facts: FileFacts | undefined,
  isSame: boolean,
  options: DecideOptions,
): boolean {
  const failedBefore =
    job.state === 'failed' &&
    job.error?.code !== 'OUTPUT_BUSY' && // Another run was using its files; that run has ended, or is reported again.
    job.optionsHash === options.optionsHash &&
    (isSame || (facts === undefined && job.bytes === null));
  if (!failedBefore) return false;
  const isFinal = !NOT_FINAL.has(job.error?.code ?? '');
  return isNew(job, options) || (isFinal && !options.retryFailed && !options.force);
}

/** The finished video that a queued one was before it moved. */
interface Origin {
  readonly entry: JobEntry;
  /** Of the queued video's file. */
  readonly facts: FileFacts;
}

/** A finished video with the same content whose file is no longer in its place. */
async function findOrigin(
  ledger: Ledger,
  job: JobEntry,
  facts: FileFacts | undefined,
  { optionsHash }: DecideOptions,
): Promise<Origin | undefined> {
  if (job.state !== 'queued' || !facts) return undefined;
  let sha256: string | undefined;
  for (const entry of ledger.possibleOrigins(job, facts, optionsHash)) {
    if (await factsOf(entry.path)) continue;
    sha256 ??= await sha256OfFiles([job.path]).catch(() => '');
    if (entry.sha256 === sha256) return { entry, facts };
  }
  return undefined;
}

/** The same size and time, or otherwise the same content. */
async function isUnchanged(ledger: Ledger, job: JobEntry, facts: FileFacts): Promise<boolean> {
  if (job.bytes !== facts.bytes) return false;
  if (job.modified === facts.modified) return true;
  if (job.sha256 === null || (await sha256OfFiles([job.path]).catch(() => '')) !== job.sha256) return false;
  ledger.touch(job.id, facts);
  return true;
}

async function areOutputsUnchanged(outputs: readonly JobOutput[], outDir: string): Promise<boolean> {
  for (const { path, bytes, modified, sha256 } of outputs) {
    const file = join(outDir, path);
    const facts = await factsOf(file);
    if (facts?.bytes !== bytes) return false;
    if (facts.modified !== modified && (await sha256OfFiles([file]).catch(() => '')) !== sha256) return false;
  }
  return outputs.length > 0;
}

/** Results of another video with the same name are not replaced. */
async function findNamesake(
  ledger: Ledger,
  job: JobEntry,
  { overwrite, outDir }: DecideOptions,
): Promise<BodyscriptError | undefined> {
  const other = ledger.namesake(job);
  if (!other) return undefined;
  const kept = await anyOf(other.outputs, outDir);
  if (overwrite || kept === undefined) {
    ledger.forget(other.id);
    return undefined;
  }
  return new BodyscriptError('OUTPUT_TAKEN', `${kept}: belongs to the results of ${other.path}`, {
    remedy: 'Choose another folder with --out, or replace them with --overwrite.',
  });
}

/** The name of an existing file, the record first: users can read it. */
async function anyOf(outputs: readonly JobOutput[], outDir: string): Promise<string | undefined> {
  const files = outputs.map(({ path }) => join(outDir, path));
  const isRecord = (file: string) => Number(file.endsWith('.run.json'));
  for (const file of files.sort((a, b) => isRecord(b) - isRecord(a))) if (await factsOf(file)) return file;
  return undefined;
}
