import { statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BodyscriptError } from '../errors.js';
import { sha256 } from '../system/file-hash.js';
import { makeFolder } from '../system/make-folder.js';
import { makeTemporaryFolder } from '../system/temporary-folder.js';
import { outputError } from '../system/whole-file.js';

const PREFIX = 'bodyscript-scratch-';
/** Room that a disk keeps beside a video, for the results of its analysis. */
const SPARE_BYTES = 16 * 2 ** 20;

/**
 * A folder on this machine's disk for videos that are analysed now, and for results that are not in their bucket yet.
 * One that the user named stays, so that an interrupted analysis can be continued; any other is removed.
 */
export class Scratch implements AsyncDisposable {
  readonly path: string;
  /** Whether a later run finds again what this one leaves. */
  readonly isKept: boolean;
  readonly #remove: (() => Promise<void>) | undefined;

  private constructor(path: string, remove: (() => Promise<void>) | undefined) {
    this.path = path;
    this.isKept = remove === undefined;
    this.#remove = remove;
  }

  /**
   * @param named by the user; undefined: a private folder among the system's temporary ones
   * @throws BodyscriptError `OUTPUT_NOT_WRITABLE`, `OUTPUT_DISK_FULL`
   */
  static async open(named: string | undefined): Promise<Scratch> {
    try {
      if (named !== undefined) {
        await makeFolder(named, 0o700);
        return new Scratch(resolve(named), undefined);
      }
      const folder = await makeTemporaryFolder(PREFIX);
      return new Scratch(folder.path, async () => folder[Symbol.asyncDispose]());
    } catch (cause) {
      throw outputError(named ?? 'the folder for temporary files', cause);
    }
  }

  /** A place for a video, the same for each run, under its own name: its extension can decide how it is read. */
  videoFolder(use: string): string {
    return join(this.path, 'videos', sha256(use).slice(0, 24));
  }

  /** A place for the results that go to a bucket, the same for each run. */
  async resultsFolder(destination: string): Promise<string> {
    const folder = join(this.path, 'results', sha256(destination).slice(0, 24));
    try {
      await makeFolder(folder, 0o700);
    } catch (cause) {
      throw outputError(folder, cause);
    }
    return folder;
  }

  /** @throws BodyscriptError `OUTPUT_DISK_FULL` if there is no room for these bytes */
  async checkRoom(bytes: number, what: string): Promise<void> {
    const { bavail, bsize } = await statfs(this.path).catch(() => ({ bavail: Number.POSITIVE_INFINITY, bsize: 1 }));
    if (bavail * bsize < bytes + SPARE_BYTES) throw scratchFull(this.path, what);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#remove?.();
  }
}

/** @param what has no room */
export function scratchFull(path: string, what: string, cause?: unknown): BodyscriptError {
  return new BodyscriptError('OUTPUT_DISK_FULL', `${path}: the disk is full: no room for ${what}`, {
    cause,
    remedy: 'Free some space, choose another folder with --scratch, or take fewer videos at a time (--jobs 1).',
  });
}
