import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BodyscriptError, toPlainError } from '../errors.js';
import type { RecordedObject, RunRecord } from '../model/run-record.js';
import { isBucketAddress } from '../storage/address.js';
import { checkStore } from '../storage/open-store.js';
import { publishResults } from '../storage/publish.js';
import { type PublishedRun, readPublished } from '../storage/published-run.js';
import { Scratch } from '../storage/scratch.js';
import { putSmall } from '../storage/small-objects.js';
import { stageVideo, unstageVideo } from '../storage/stage.js';
import type { JobOutput } from './ledger/job.js';
import type { VideoOutcome, VideoTask } from './worker/protocol.js';

/** A place for results that is not a folder of this machine. */
export interface Destination {
  /** `s3://bucket/results`. */
  readonly place: string;
  /** Where results are until they are uploaded. */
  readonly localDir: string;
  /** Whether objects are replaced that this program did not put. */
  readonly overwrite: boolean;
}

/** Brings videos of a bucket to this machine, and results to theirs, around the analysis of each. */
export class Staging implements AsyncDisposable {
  readonly #named: string | undefined;
  /** Opened when it is needed. */
  #scratch: Promise<Scratch> | undefined;
  #destination: Destination | undefined;

  /** @param scratch a folder that the user named; undefined: a private one, removed at the end */
  constructor(scratch: string | undefined) {
    this.#named = scratch;
  }

  get destination(): Destination | undefined {
    return this.#destination;
  }

  /**
   * Sends results to a bucket.
   * @param place `s3://bucket/results`
   * @param overwrite whether objects are replaced that this program did not put
   * @throws BodyscriptError `OUTPUT_NOT_WRITABLE`, `OUTPUT_DISK_FULL`; `BUCKET_MISSING`, `STORAGE_*` before any work
   */
  async writeTo(place: string, overwrite: boolean): Promise<void> {
    await checkStore(place);
    const scratch = await this.#open();
    const named = place.replace(/\/+$/, '');
    this.#destination = { place: named, localDir: await scratch.resultsFolder(named), overwrite };
  }

  /** Removes the scratch folder, unless the user named it. */
  async [Symbol.asyncDispose](): Promise<void> {
    const scratch = await this.#scratch?.catch(() => undefined);
    await scratch?.[Symbol.asyncDispose]();
  }

  #open(): Promise<Scratch> {
    this.#scratch ??= Scratch.open(this.#named);
    return this.#scratch;
  }

  /** Whether a video needs this at all. */
  isFor(path: string): boolean {
    return this.destination !== undefined || isBucketAddress(path);
  }

  /**
   * Analyses a video between download and upload.
   * @param signal ends both early
   * @param analyse never rejects
   */
  async run(
    task: VideoTask,
    signal: AbortSignal,
    analyse: (task: VideoTask) => Promise<VideoOutcome>,
  ): Promise<VideoOutcome> {
    let replaces: PublishedRun | undefined;
    try {
      replaces = await this.#earlier(task.name);
      const copy = isBucketAddress(task.path) ? await stageVideo(task.path, await this.#open(), signal) : undefined;
      const outcome = await analyse(copy ? { ...task, copy } : task);
      signal.throwIfAborted();
      if (outcome.kind === 'done') return await this.#publish(task.name, outcome, replaces, signal);
      return outcome.kind === 'failed' ? this.#shown(outcome) : outcome;
    } catch (error) {
      return { kind: 'failed', error: toPlainError(signal.aborted ? signal.reason : error), kept: [] };
    } finally {
      if (isBucketAddress(task.path)) await unstageVideo(task.path, await this.#open());
    }
  }

  /** The run that this one replaces, which must still be there when it does. */
  async #earlier(name: string): Promise<PublishedRun | undefined> {
    return this.destination && readPublished(this.destination.place, name);
  }

  async #publish(
    name: string,
    outcome: Extract<VideoOutcome, { kind: 'done' }>,
    replaces: PublishedRun | undefined,
    signal: AbortSignal,
  ): Promise<VideoOutcome> {
    if (!this.destination) return outcome;
    const { place, localDir, overwrite } = this.destination;
    const { record } = outcome;
    const { by, run } = await publishResults({
      localDir,
      name,
      record,
      destination: place,
      replaces,
      overwrite,
      signal,
    });
    await this.#clear(record, name);
    return { kind: 'done', record: run.record, outputs: outputsOf(run.record), byAnother: by === 'another' };
  }

  /** Uploads the report of a command beside its results. @param path of the report */
  async publishReport(path: string): Promise<void> {
    if (!this.#destination) return;
    await putSmall(this.#destination.place, basename(path), this.shown(await readFile(path, 'utf8')));
  }

  /** Results that have been uploaded need no room any more. */
  async #clear({ outputs }: RunRecord, name: string): Promise<void> {
    const localDir = this.destination?.localDir ?? '';
    for (const path of [...outputs, join(localDir, `${name}.run.json`)])
      await rm(path, { recursive: true, force: true });
  }

  /** A failure that names places of the scratch folder by those that the user knows. */
  #shown(outcome: Extract<VideoOutcome, { kind: 'failed' }>): VideoOutcome {
    const { error, kept } = outcome;
    const isKept = this.#named !== undefined || !this.#destination;
    return { ...outcome, error: { ...error, message: this.shown(error.message) }, kept: isKept ? kept : [] };
  }

  /** A text with the destination in place of the folder where results wait for it. */
  shown(text: string): string {
    return this.destination ? text.replaceAll(this.destination.localDir, this.destination.place) : text;
  }
}

/** What a ledger knows of outputs, from the objects that they have become. */
export function outputsOf({ objects, endedAt }: Pick<RunRecord, 'objects' | 'endedAt'>): JobOutput[] {
  const modified = Date.parse(endedAt ?? '') || 0;
  return objects.map(({ key, bytes, sha256 }: RecordedObject) => ({ path: key, bytes, modified, sha256 }));
}

/** Whether an error is one of this program, and of a kind. */
export function isCode(error: unknown, code: BodyscriptError['code']): boolean {
  return error instanceof BodyscriptError && error.code === code;
}
