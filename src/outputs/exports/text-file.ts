import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { GrowingFile, partialPath } from '../../system/whole-file.js';

/** Text is passed to the operating system in pieces of about this size. */
const PIECE_LENGTH = 64 * 1024;

/**
 * A text file that grows under its `*.partial` name, a piece at a time: text lost with this process can be recreated.
 */
export class TextFile {
  readonly #file: GrowingFile;
  #waiting = '';

  private constructor(file: GrowingFile) {
    this.#file = file;
  }

  static async create(path: string): Promise<TextFile> {
    return new TextFile(await GrowingFile.create(path));
  }

  get path(): string {
    return this.#file.path;
  }

  async add(text: string): Promise<void> {
    this.#waiting += text;
    if (this.#waiting.length >= PIECE_LENGTH) await this.#flush();
  }

  /** Appends another file unchanged. */
  async addAll(other: TextFile): Promise<void> {
    await other.#flush();
    await this.#flush();
    for await (const bytes of createReadStream(partialPath(other.path))) await this.#file.append(bytes as Buffer);
  }

  /** The bytes so far followed by a text, in pieces. */
  async *bytes(end: string): AsyncGenerator<Buffer> {
    await this.#flush();
    for await (const piece of createReadStream(partialPath(this.path))) yield piece as Buffer;
    yield Buffer.from(end);
  }

  /** The lines so far, one at a time. */
  async *lines(): AsyncGenerator<string> {
    await this.#flush();
    const input = createReadStream(partialPath(this.path));
    try {
      yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
    } finally {
      input.destroy(); // A reader that stops midway leaves it open.
    }
  }

  async close(): Promise<void> {
    await this.#flush();
    await this.#file.close();
  }

  async publish(): Promise<void> {
    await this.#file.publish();
  }

  async remove(): Promise<void> {
    this.#waiting = '';
    await this.#file.remove();
  }

  async #flush(): Promise<void> {
    const text = this.#waiting;
    this.#waiting = '';
    if (text !== '') await this.#file.append(text);
  }
}
