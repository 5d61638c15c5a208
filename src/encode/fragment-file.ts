import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { openOutput } from '../system/growing-output.js';
import type { GrowingOutput } from '../system/whole-file.js';

/** A box of ISO/IEC 14496-12: 4 bytes of size, 4 of type, then, for a size of 1, 8 of size. */
const HEAD_BYTES = 8;
const LONG_HEAD_BYTES = 16;
const SIZE_IS_LONG = 1;

/** Splits a byte stream into the boxes of an MP4 file, each complete. */
export class BoxSplitter {
  #parts: Buffer[] = [];
  #length = 0;

  /** The boxes that these bytes complete. */
  *split(bytes: Buffer): Generator<{ type: string; box: Buffer }> {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    for (let size = this.#boxSize(); size !== undefined && this.#length >= size; size = this.#boxSize()) {
      const all = this.#joined();
      const box = all.subarray(0, size);
      this.#parts = [all.subarray(size)];
      this.#length = all.length - size;
      yield { type: box.toString('latin1', 4, HEAD_BYTES), box };
    }
  }

  /** Size of the box that begins now; undefined while unknown. */
  #boxSize(): number | undefined {
    if (this.#length < HEAD_BYTES) return undefined;
    const [first] = this.#parts;
    const head = first && first.length >= LONG_HEAD_BYTES ? first : this.#joined();
    const size = head.readUInt32BE(0);
    if (size !== SIZE_IS_LONG) return Math.max(size, HEAD_BYTES);
    return head.length < LONG_HEAD_BYTES ? undefined : Number(head.readBigUInt64BE(HEAD_BYTES));
  }

  #joined(): Buffer {
    const [first, ...others] = this.#parts;
    if (first && others.length === 0) return first;
    const joined = Buffer.concat(this.#parts, this.#length);
    this.#parts = [joined];
    return joined;
  }
}

/** How much of a fragmented MP4 is on disk. */
export interface FragmentState {
  readonly bytes: number;
  /** Whole frames; each is a fragment. */
  readonly frames: number;
}

/**
 * A fragmented MP4 with one frame per fragment, playable at any time. It can be cut off after any frame and continued
 * by another encoder: that encoder's header is dropped, since it is the same.
 */
export class FragmentFile {
  readonly path: string;
  readonly #file: GrowingOutput;
  readonly #splitter = new BoxSplitter();
  /** Boxes of the next frame. */
  #fragment: Buffer[] = [];
  #frames: number;
  /** Whether the file has its header, `ftyp` and `moov`. */
  #hasHead: boolean;
  #failure: unknown;

  private constructor(file: GrowingOutput, frames: number) {
    this.path = file.path;
    this.#file = file;
    this.#frames = frames;
    this.#hasHead = frames > 0;
  }

  /** @param path `-` for stdout @param resume where to continue in an existing file */
  static async open(path: string, resume?: FragmentState): Promise<FragmentFile> {
    const from = resume && resume.frames > 0 ? resume.bytes : undefined;
    return new FragmentFile(await openOutput(path, from), from === undefined ? 0 : (resume?.frames ?? 0));
  }

  /** Whether there is no file to finish, as on stdout. */
  get isStream(): boolean {
    return this.#file.isStream;
  }

  get state(): FragmentState {
    return { bytes: this.#file.bytes, frames: this.#frames };
  }

  /** The cause, if the file could not be written. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Takes everything that an encoder writes. Never rejects: see `failure`. */
  async take(stream: Readable): Promise<void> {
    const closed = once(stream, 'close').catch(() => {});
    try {
      for await (const bytes of stream) {
        for (const { type, box } of this.#splitter.split(bytes as Buffer)) await this.#add(type, box);
      }
    } catch (error) {
      this.#failure ??= error;
      stream.destroy();
    }
    await closed;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #add(type: string, box: Buffer): Promise<void> {
    const isHead = type === 'ftyp' || type === 'moov';
    if (isHead && !this.#hasHead) await this.#file.append(box);
    if (type === 'moof' || type === 'mdat') this.#fragment.push(box);
    if (type !== 'mdat') return;
    this.#hasHead = true;
    const fragment = Buffer.concat(this.#fragment);
    this.#fragment = [];
    await this.#file.append(fragment);
    this.#frames++;
  }
}
