import type { CopiedVideo } from '../decode/input.js';
import { BodyscriptError } from '../errors.js';
import { stageOutline } from '../storage/outline.js';
import type { Scratch } from '../storage/scratch.js';
import { claimCopy, stageVideo, unstageVideo } from '../storage/stage.js';
import { factsOf } from './decide.js';

/** A copy on the disk. */
interface Copy {
  readonly video: CopiedVideo;
  readonly remove: () => Promise<void>;
  users: number;
}

/** What was read of a video, or why it cannot be read. */
export type Seen<T> = { readonly value: T } | { readonly error: unknown };

/** A copy, which stays at least until this is disposed of. */
export type LentCopy = AsyncDisposable & { readonly video: CopiedVideo };

/**
 * Copies of videos of buckets whose pieces this command analyses: all lanes share one, and it stays until another video
 * comes, since the next piece is often of the same one.
 */
export class VideoCopies implements AsyncDisposable {
  readonly #scratch: Scratch;
  /** By address of the video. */
  readonly #copies = new Map<string, Copy>();
  #turn: Promise<unknown> = Promise.resolve();
  #looking: Promise<unknown> = Promise.resolve();

  constructor(scratch: Scratch) {
    this.#scratch = scratch;
  }

  /**
   * A copy of a video, downloaded unless it is here; one call after another.
   * @throws BodyscriptError as `stageVideo` does; the signal's reason
   */
  async lend(uri: string, signal: AbortSignal): Promise<LentCopy> {
    return this.#inTurn(async () => {
      signal.throwIfAborted();
      const copy = (await this.#current(uri, signal)) ?? (await this.#add(uri, signal));
      copy.users++;
      return { video: copy.video, [Symbol.asyncDispose]: () => this.#giveBack(uri, copy) };
    });
  }

  /**
   * Looks at a video: at its index alone, or at a copy where that does not suffice. One after another, since each copy
   * may fill much of the disk.
   * @throws BodyscriptError as `lend` does
   */
  async look<T>(uri: string, signal: AbortSignal, read: (copy: CopiedVideo) => Promise<T>): Promise<Seen<T>> {
    const look = this.#looking.then(async () => {
      try {
        return (await this.#seeOutline(uri, signal, read)) ?? (await this.#seeCopy(uri, signal, read));
      } catch (error) {
        throw this.#scratch.isKept ? error : withoutScratch(error);
      }
    });
    this.#looking = look.catch(() => {});
    return look;
  }

  /** @returns undefined where the video must be downloaded whole */
  async #seeOutline<T>(
    uri: string,
    signal: AbortSignal,
    read: (copy: CopiedVideo) => Promise<T>,
  ): Promise<Seen<T> | undefined> {
    await using claim = await claimCopy(this.#scratch, `${uri}\noutline`);
    try {
      const outline = await stageOutline(uri, this.#scratch, claim.use, signal);
      const seen = outline && (await see(() => read({ ...outline, sha256: '' }), signal));
      return seen && 'value' in seen ? seen : undefined;
    } finally {
      await unstageVideo(this.#scratch, claim.use);
    }
  }

  async #seeCopy<T>(uri: string, signal: AbortSignal, read: (copy: CopiedVideo) => Promise<T>): Promise<Seen<T>> {
    await using copy = await this.lend(uri, signal);
    return await see(() => read(copy.video), signal);
  }

  /** Removes the copies that nobody uses, to make room for another one. */
  async dropIdle(): Promise<void> {
    await this.#inTurn(() => this.#dropIdle());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dropIdle();
  }

  /** The copy of a video, if the object is still the one that was copied. */
  async #current(uri: string, signal: AbortSignal): Promise<Copy | undefined> {
    const copy = this.#copies.get(uri);
    if (!copy || (await factsOf(uri, signal))?.etag === copy.video.etag) return copy;
    this.#copies.delete(uri);
    if (copy.users === 0) await copy.remove();
    return undefined;
  }

  async #add(uri: string, signal: AbortSignal): Promise<Copy> {
    await this.#dropIdle();
    const claim = await claimCopy(this.#scratch, `${uri}\npieces`);
    const remove = async () => {
      await unstageVideo(this.#scratch, claim.use);
      await claim[Symbol.asyncDispose]();
    };
    try {
      const copy = { video: await stageVideo(uri, this.#scratch, claim.use, signal), remove, users: 0 };
      this.#copies.set(uri, copy);
      return copy;
    } catch (error) {
      await remove();
      throw error;
    }
  }

  async #giveBack(uri: string, copy: Copy): Promise<void> {
    copy.users--;
    // Where the object was replaced meanwhile, nobody else will ask for this one.
    if (copy.users === 0 && this.#copies.get(uri) !== copy) await copy.remove();
  }

  async #dropIdle(): Promise<void> {
    for (const [uri, copy] of [...this.#copies]) {
      if (copy.users > 0) continue;
      this.#copies.delete(uri);
      await copy.remove();
    }
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }
}

async function see<T>(read: () => Promise<T>, signal: AbortSignal): Promise<Seen<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    signal.throwIfAborted();
    return { error };
  }
}

/** Commands that only look at videos have no option for the scratch folder. */
function withoutScratch(error: unknown): unknown {
  if (!(error instanceof BodyscriptError) || error.code !== 'OUTPUT_DISK_FULL') return error;
  const remedy = 'Free some space, or name another folder for temporary files with TMPDIR.';
  return new BodyscriptError(error.code, error.message, { cause: error, remedy });
}
