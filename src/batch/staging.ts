import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { optionsHash } from '../analyze/options-hash.js';
import { filesOfOutputs } from '../analyze/output-plan.js';
import type { CopiedVideo } from '../decode/input.js';
import { BodyscriptError, isCode, toPlainError } from '../errors.js';
import type { RecordedObject, RunRecord } from '../model/run-record.js';
import { isBucketAddress } from '../storage/address.js';
import { checkStore } from '../storage/open-store.js';
import { checkObjects, publishResults } from '../storage/publish.js';
import { readPublished, recordTag } from '../storage/published-run.js';
import { Scratch } from '../storage/scratch.js';
import { putSmall, startOfSmall } from '../storage/small-objects.js';
import { claimCopy, stageVideo, unstageVideo } from '../storage/stage.js';
import { hasOptions, outputsOf } from './bucket-results.js';
import { settleLeftObjects } from './left-objects.js';
import { removeSegmentObjects } from './segment-objects.js';
import { type Seen, VideoCopies } from './video-copies.js';
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

/** A video between its download and the upload of its results. */
export interface StagedTask {
  readonly task: VideoTask;
  /** Where its results go, if that is a bucket. */
  readonly destination: Destination | undefined;
  /** Ends download and upload early. */
  readonly signal: AbortSignal;
  /** Never rejects. */
  readonly analyse: (task: VideoTask) => Promise<VideoOutcome>;
  /** Throws where the video is no longer this command's. */
  readonly mayPublish: () => Promise<void>;
  readonly warn: (message: string) => void;
}

/** A run in a bucket that another one replaces; its record is undefined where it cannot be read. */
interface Earlier {
  readonly etag: string;
  readonly record: RunRecord | undefined;
}

type DoneVideo = Extract<VideoOutcome, { kind: 'done' }>;

/** Brings videos of a bucket to this machine, and results to theirs, around the analysis of each. */
export class Staging implements AsyncDisposable {
  readonly #named: string | undefined;
  /** Opened when it is needed. */
  #scratch: Promise<Scratch> | undefined;
  /** Of videos whose pieces are analysed, or that are only looked at. */
  #copies: VideoCopies | undefined;
  #destination: Destination | undefined;
  /** Of the videos of a queue, each of which names its own. */
  readonly #destinations = new Map<string, Promise<Destination>>();
  /** What is being analysed: the same place in the scratch folder cannot serve two. */
  readonly #active = new Set<string>();
  /** Names of outputs, below their places, whose upload is under way. */
  readonly #uploading = new Set<string>();

  /** @param scratch a folder that the user named; undefined: a private one, removed at the end */
  constructor(scratch: string | undefined) {
    this.#named = scratch;
  }

  /** Where all results of the command go, if that is a bucket. */
  get destination(): Destination | undefined {
    return this.#destination;
  }

  /** Whether an interrupted analysis is continued by the next run. */
  get isKept(): boolean {
    return this.#named !== undefined;
  }

  /**
   * Makes the folder that the user named, before any video fails for it.
   * @throws BodyscriptError `OUTPUT_NOT_WRITABLE`, `OUTPUT_DISK_FULL`
   */
  async prepare(): Promise<void> {
    if (this.#named !== undefined) await this.#open();
  }

  /** Sends all results to a bucket; otherwise as `destinationOf`. */
  async writeTo(place: string, overwrite: boolean, signal?: AbortSignal): Promise<Destination> {
    this.#destination = await this.destinationOf(place, overwrite, signal);
    return this.#destination;
  }

  /**
   * Prepares a bucket as the place of results.
   * @param place `s3://bucket/results`
   * @param overwrite whether objects are replaced that this program did not put
   * @throws BodyscriptError `OUTPUT_NOT_WRITABLE`, `OUTPUT_DISK_FULL`; `BUCKET_MISSING`, `STORAGE_*` before any work
   */
  async destinationOf(place: string, overwrite: boolean, signal?: AbortSignal): Promise<Destination> {
    const named = place.replace(/\/+$/, '');
    let prepared = this.#destinations.get(named);
    if (!prepared) {
      prepared = this.#prepare(named, overwrite, signal);
      this.#destinations.set(named, prepared);
      prepared.catch(() => this.#destinations.delete(named)); // The next video asks again.
    }
    return prepared;
  }

  async #prepare(place: string, overwrite: boolean, signal: AbortSignal | undefined): Promise<Destination> {
    await checkStore(place, signal);
    const scratch = await this.#open();
    return { place, localDir: await scratch.resultsFolder(place), overwrite };
  }

  /** Removes the scratch folder, unless the user named it. */
  async [Symbol.asyncDispose](): Promise<void> {
    const scratch = await this.#scratch?.catch(() => undefined);
    await this.#copies?.[Symbol.asyncDispose]();
    await scratch?.[Symbol.asyncDispose]();
  }

  #open(): Promise<Scratch> {
    this.#scratch ??= Scratch.open(this.#named);
    return this.#scratch;
  }

  /** Analyses a video between download and upload. Never rejects. */
  async run(staged: StagedTask): Promise<VideoOutcome> {
    const { task, destination, signal, analyse } = staged;
    const use = useOf(task, destination);
    if (this.#active.has(use)) return { kind: 'failed', error: toPlainError(inUse(task)), kept: [] };
    this.#active.add(use);
    const isObject = isBucketAddress(task.path);
    try {
      const earlier = destination && (await this.#earlier(destination, task.name, signal));
      if (destination) await this.#checkObjects(destination, task, signal);
      const placed = withBucket(staged, earlier);
      const outcome = isObject ? await this.#analyseCopy(placed, use) : await analyse(placed.task);
      signal.throwIfAborted();
      return destination ? await this.#conclude(staged, destination, outcome, earlier) : outcome;
    } catch (error) {
      return { kind: 'failed', error: toPlainError(signal.aborted ? signal.reason : error), kept: [] };
    } finally {
      this.#active.delete(use);
    }
  }

  async #analyseCopy({ task, signal, analyse }: StagedTask, use: string): Promise<VideoOutcome> {
    const scratch = await this.#open();
    if (task.piece) {
      await using copy = await this.#openCopies(scratch).lend(task.path, signal);
      return await analyse({ ...task, copy: copy.video });
    }
    await this.#copies?.dropIdle();
    await using claim = await claimCopy(scratch, use);
    try {
      return await analyse({ ...task, copy: await stageVideo(task.path, scratch, claim.use, signal) });
    } finally {
      await unstageVideo(scratch, claim.use);
    }
  }

  #openCopies(scratch: Scratch): VideoCopies {
    this.#copies ??= new VideoCopies(scratch);
    return this.#copies;
  }

  /** As `VideoCopies.look` does. @throws BodyscriptError as `stageVideo` does */
  async look<T>(uri: string, signal: AbortSignal, read: (copy: CopiedVideo) => Promise<T>): Promise<Seen<T>> {
    return this.#openCopies(await this.#open()).look(uri, signal, read);
  }

  async #conclude(
    staged: StagedTask,
    destination: Destination,
    outcome: VideoOutcome,
    earlier: Earlier | undefined,
  ): Promise<VideoOutcome> {
    if (outcome.kind === 'failed') return this.#shown(destination, outcome);
    const { task, signal } = staged;
    const { place } = destination;
    if (outcome.kind === 'waiting') {
      // Where the video was published meanwhile, nobody else would remove the segments that were stored since.
      const tag = await recordTag(place, task.name, signal);
      if (tag === earlier?.etag) return outcome;
      await removeSegments(staged, place);
      return { ...outcome, missing: 0 };
    }
    const upload = `${place}\n${task.name}`;
    if (this.#uploading.has(upload)) return { kind: 'waiting', segments: 0, missing: 0 };
    this.#uploading.add(upload);
    try {
      return await this.#publish(staged, destination, outcome, earlier);
    } finally {
      this.#uploading.delete(upload);
    }
  }

  /** The run that this one replaces: its record must be the same object when it does. */
  async #earlier({ place, overwrite }: Destination, name: string, signal: AbortSignal): Promise<Earlier | undefined> {
    try {
      return await readPublished(place, name, signal);
    } catch (error) {
      if (!overwrite || !isCode(error, 'RECORD_INVALID')) throw error;
      const etag = await recordTag(place, name, signal);
      return etag === undefined ? undefined : { etag, record: undefined };
    }
  }

  async #checkObjects(
    destination: Destination,
    { path, name, options }: VideoTask,
    signal: AbortSignal,
  ): Promise<void> {
    const { place, localDir, overwrite } = destination;
    const files = await filesOfOutputs(name, { ...options.outputs, outDir: localDir });
    await checkObjects({ destination: place, localDir, overwrite, signal }, path, files);
  }

  async #publish(
    staged: StagedTask,
    { place, localDir, overwrite }: Destination,
    { record }: DoneVideo,
    earlier: Earlier | undefined,
  ): Promise<VideoOutcome> {
    const { task, signal, mayPublish, warn } = staged;
    const { options } = task;
    const hash = optionsHash(options);
    const settle = async (objects: readonly RecordedObject[]) =>
      earlier?.record &&
      settleLeftObjects({ place, name: task.name, earlier: earlier.record, record, options, objects, warn, signal });
    const { by, run } = await publishResults({
      ...{ localDir, name: task.name, record, destination: place, replaces: earlier?.etag, overwrite, signal },
      hasSameOptions: other => hasOptions(other, hash),
      beforeRecord: async objects => {
        await mayPublish();
        return settle(objects);
      },
    });
    await clear(record, localDir, task.name);
    await removeSegments(staged, place);
    return { kind: 'done', record: run.record, outputs: outputsOf(run.record), byAnother: by === 'another' };
  }

  /**
   * Checks, before hours of work, that the report of a command would replace nothing but one of an earlier command.
   * @param path of the report
   * @param head what each report begins with
   * @throws BodyscriptError `OUTPUT_TAKEN`, `STORAGE_*`
   */
  async checkReport(path: string, head: string): Promise<void> {
    if (!this.#destination || this.#destination.overwrite) return;
    const { place } = this.#destination;
    const start = await startOfSmall(place, basename(path), head.length);
    if (start === undefined || start === head) return;
    const what = `${place}/${basename(path)}: exists already, and is not a report of bodyscript`;
    throw new BodyscriptError('OUTPUT_TAKEN', what, {
      remedy: 'Choose another place with --out, or replace it with --overwrite.',
    });
  }

  /** Uploads the report of a command beside its results. @param path of the report */
  async publishReport(path: string): Promise<void> {
    if (!this.#destination) return;
    await putSmall(this.#destination.place, basename(path), shownAt(this.#destination, await readFile(path, 'utf8')));
  }

  /** A failure that names places of the scratch folder by those that the user knows. */
  #shown(destination: Destination, outcome: Extract<VideoOutcome, { kind: 'failed' }>): VideoOutcome {
    const { error, kept } = outcome;
    return {
      ...outcome,
      error: { ...error, message: shownAt(destination, error.message) },
      kept: this.isKept ? kept : [],
    };
  }
}

/** A text with the destination in place of the folder where results wait for it. */
export function shownAt(destination: Destination | undefined, text: string): string {
  return destination ? text.replaceAll(destination.localDir, destination.place) : text;
}

/** Results that have been uploaded need no room any more. */
async function clear({ outputs }: RunRecord, localDir: string, name: string): Promise<void> {
  for (const path of [...outputs, join(localDir, `${name}.run.json`)]) await rm(path, { recursive: true, force: true });
}

/** Pieces of a video that a command analyses at a time have places of their own. */
function useOf({ path, name, options, piece }: VideoTask, destination: Destination | undefined): string {
  const pieces = piece ? [`${piece.from}-${piece.to}`] : [];
  return [path, destination?.place ?? options.outputs.outDir, name, ...pieces].join('\n');
}

/** A task that finds the segments of its video in the bucket of its results. */
function withBucket(staged: StagedTask, earlier: Earlier | undefined): StagedTask {
  const { task, destination } = staged;
  if (!destination || task.options.analysis.segments === undefined) return staged;
  return { ...staged, task: { ...task, bucket: { place: destination.place, replaces: earlier?.etag } } };
}

async function removeSegments({ task, warn }: StagedTask, place: string): Promise<void> {
  if (task.options.analysis.segments !== undefined) await removeSegmentObjects(place, task.name, warn);
}

function inUse({ path, name }: VideoTask): BodyscriptError {
  return new BodyscriptError(
    'OUTPUT_BUSY',
    `${path}: is being analysed by this command, for the same outputs (${name})`,
    {
      remedy: 'Run the same command again.',
    },
  );
}
