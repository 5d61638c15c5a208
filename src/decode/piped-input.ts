import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { BodyscriptError } from '../errors.js';

/** ffprobe usually reads 5 MB; a container that needs more than this is rejected. */
const MOST_REMEMBERED_BYTES = 32 * 1024 * 1024;
const BOX_HEAD_BYTES = 8;
const SIZE_IS_LONG = 1;
const MP4_BEGINNINGS = ['ftyp', 'mdat', 'moov', 'free', 'skip', 'wide', 'pnot'];

/** A video that arrives through a pipe: the bytes shown to ffprobe are kept and shown to the decoder again. */
export class PipedInput {
  readonly #stream: Readable;
  readonly #chunks: AsyncIterator<Buffer>;
  #head: Buffer[] = [];
  /** A finished read whose bytes are still unused. */
  #pending: Promise<Buffer | undefined> | undefined;
  readonly #hash = createHash('sha256');
  #bytes = 0;
  #isWhole = false;

  constructor(stream: Readable) {
    this.#stream = stream;
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** Bytes given to the decoder so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** SHA-256 of all bytes; undefined until the stream has ended. */
  get sha256(): string | undefined {
    return this.#isWhole ? this.#hash.copy().digest('hex') : undefined;
  }

  /**
   * Waits for the first bytes.
   * @throws BodyscriptError `INPUT_EMPTY`, or `INPUT_NOT_STREAMABLE` for an MP4 whose index comes after its pictures
   */
  async begin(): Promise<void> {
    const first = await this.#take();
    if (!first) {
      throw new BodyscriptError('INPUT_EMPTY', '-: stdin was empty', {
        remedy: 'Check the command before the pipe.',
      });
    }
    this.#head.push(first);
    if (!hasIndexLast(first)) return;
    throw new BodyscriptError(
      'INPUT_NOT_STREAMABLE',
      '-: an MP4 whose index ("moov") is at its end cannot be read from a pipe',
      {
        remedy:
          'Give the path of the file, or pipe it as Matroska: ffmpeg -i in.mp4 -c copy -f matroska - | bodyscript analyze -',
      },
    );
  }

  /** Shows the beginning to a program until it has read enough. @param ended settles when the program ends */
  async show(stdin: Writable, ended: Promise<unknown>): Promise<void> {
    const nothing = ended.then(() => undefined);
    let shown = 0;
    for (const chunk of this.#head) {
      shown += chunk.length;
      await Promise.race([write(stdin, chunk), nothing]);
    }
    while (shown < MOST_REMEMBERED_BYTES) {
      const chunk = await Promise.race([this.#peek(), nothing]);
      if (!chunk) break;
      this.#pending = undefined;
      this.#head.push(chunk);
      shown += chunk.length;
      await Promise.race([write(stdin, chunk), nothing]);
    }
    stdin.end();
  }

  /**
   * Gives all bytes to a program, as fast as it takes them. Never rejects: a program shows by ending that it has
   * enough.
   */
  async feed(stdin: Writable): Promise<void> {
    const head = this.#head;
    this.#head = [];
    for (let chunk = head.shift() ?? (await this.#take()); chunk; chunk = head.shift() ?? (await this.#take())) {
      this.#bytes += chunk.length;
      this.#hash.update(chunk);
      if (!(await write(stdin, chunk))) return;
    }
    this.#isWhole = true;
    stdin.end();
  }

  /** Stops reading. */
  close(): void {
    this.#stream.destroy();
  }

  async #take(): Promise<Buffer | undefined> {
    const chunk = await this.#peek();
    this.#pending = undefined;
    return chunk;
  }

  #peek(): Promise<Buffer | undefined> {
    this.#pending ??= this.#chunks.next().then(
      ({ done, value }) => (done ? undefined : Buffer.from(value)),
      () => undefined, // A broken pipe counts as ended.
    );
    return this.#pending;
  }
}

/** @returns whether the program still reads */
async function write(stdin: Writable, chunk: Buffer): Promise<boolean> {
  if (stdin.destroyed || stdin.writableEnded) return false;
  if (stdin.write(chunk)) return true;
  const closed = once(stdin, 'close').then(() => false);
  return Promise.race([once(stdin, 'drain').then(() => true), closed]).catch(() => false);
}

/** Whether an MP4's pictures precede its index, as far as its beginning shows. */
function hasIndexLast(bytes: Buffer): boolean {
  for (let at = 0; at + BOX_HEAD_BYTES <= bytes.length; ) {
    const size = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + BOX_HEAD_BYTES);
    if (at === 0 && !MP4_BEGINNINGS.includes(type)) return false;
    if (type === 'moov' || type === 'moof') return false;
    if (type === 'mdat') return true;
    if (size === SIZE_IS_LONG || size < BOX_HEAD_BYTES) return false;
    at += size;
  }
  return false;
}
