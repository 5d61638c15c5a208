import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BodyscriptError } from '../errors.js';
import { sha256OfFiles } from '../system/file-hash.js';
import { NOT_FINAL } from './failures.js';
import { type FinishedRun, findFinishedRun } from './finished-run.js';
import type { JobEntry, JobOutput } from './ledger/job.js';
import type { FileFacts, Ledger, PendingJob } from './ledger/ledger.js';

/** What is to be done with an input. */
export type Decision =
  | { readonly what: 'run'; readonly job: JobEntry; readonly facts: FileFacts | undefined }
  /** It is done already; `as` names the path that it had then, if another. */
  | { readonly what: 'skip'; readonly job: JobEntry; readonly as: string | undefined }
  /** It is done, and only its record knows. */
  | {
      readonly what: 'adopt';
      readonly job: JobEntry;
      readonly facts: FileFacts;
      readonly run: FinishedRun;
    }
  /** It failed before and nothing has changed. */
  | { readonly what: 'failed'; readonly job: JobEntry }
  /** Somebody is at it. */
  | { readonly what: 'wait' }
  /** It cannot be run. */
  | {
      readonly what: 'refuse';
      readonly job: JobEntry;
      readonly facts: FileFacts | undefined;
      readonly error: BodyscriptError;
    };

export interface DecideOptions {
  readonly outDir: string;
  readonly optionsHash: string;
  /** Analyse again what is done. */
  readonly force: boolean;
  readonly retryFailed: boolean;
  /** Replace the results of another video. */
  readonly overwrite: boolean;
  /** Milliseconds since 1970: what another command did since then is not done again even with `force`. */
  readonly since: number;
}

async function factsOf(path: string): Promise<FileFacts | undefined> {
  return stat(path).then(
    stats => (stats.isFile() ? { bytes: stats.size, modified: stats.mtimeMs } : undefined),
    () => undefined,
  );
}

/** Looks at an input, its file, and what the ledger says of both. */
export async function decide(ledger: Ledger, pending: PendingJob, options: DecideOptions): Promise<Decision> {
  let { job } = pending;
  const facts = await factsOf(job.path);
  if (ledger.holder(job) !== 'nobody') return { what: 'wait' };
  const isNew = (job.endedAt ?? 0) >= options.since;
  if (job.state === 'queued' && facts) {
    const origin = await findOrigin(ledger, job, facts, options);
    if (origin) {
      ledger.adopt(job, origin, facts);
      job = { ...origin, path: job.path, modified: facts.modified };
      if (await areOutputsUnchanged(job.outputs, options.outDir)) return { what: 'skip', job, as: origin.path };
    }
  }
  if ((job.state === 'queued' || job.state === 'running') && facts && !options.force) {
    const run = await findFinishedRun(job, facts, options.outDir, options.optionsHash);
    if (run) return { what: 'adopt', job, facts, run };
  }
  const isSame =
    job.optionsHash === options.optionsHash && facts !== undefined && (await isUnchanged(ledger, job, facts));
  if (
    isSame &&
    job.state === 'done' &&
    (isNew || !options.force) &&
    (await areOutputsUnchanged(job.outputs, options.outDir))
  ) {
    return { what: 'skip', job, as: undefined };
  }
  const failedBefore =
    job.state === 'failed' &&
    job.error?.code !== 'OUTPUT_BUSY' && // Another run was at its files; that one has ended since, or is told again.
    job.optionsHash === options.optionsHash &&
    (isSame || (facts === undefined && job.bytes === null));
  const isFinal = !NOT_FINAL.has(job.error?.code ?? '');
  if (failedBefore && (isNew || (isFinal && !(options.retryFailed || options.force)))) return { what: 'failed', job };
  const refusal = await findNamesake(ledger, job, options);
  return refusal ? { what: 'refuse', job, facts, error: refusal } : { what: 'run', job, facts };
}

/** A finished video of the same content whose file is no longer where it was. */
async function findOrigin(
  ledger: Ledger,
  job: JobEntry,
  facts: FileFacts,
  { optionsHash }: DecideOptions,
): Promise<JobEntry | undefined> {
  let sha256: string | undefined;
  for (const origin of ledger.possibleOrigins(job, facts, optionsHash)) {
    if (await factsOf(origin.path)) continue;
    sha256 ??= await sha256OfFiles([job.path]).catch(() => '');
    if (origin.sha256 === sha256) return origin;
  }
  return undefined;
}

/** The same size and time, or else the same content. */
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

/** Another video's results under the same name are not written over. */
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
  return new BodyscriptError('OUTPUT_TAKEN', `${kept}: is of the results of ${other.path}`, {
    remedy: 'Choose another folder with --out, or replace them with --overwrite.',
  });
}

/** The name of a file that is there, the record before others: it is what a user can look into. */
async function anyOf(outputs: readonly JobOutput[], outDir: string): Promise<string | undefined> {
  const files = outputs.map(({ path }) => join(outDir, path));
  const isRecord = (file: string) => Number(file.endsWith('.run.json'));
  for (const file of files.sort((a, b) => isRecord(b) - isRecord(a))) if (await factsOf(file)) return file;
  return undefined;
}
