import { createHash, type Hash } from 'node:crypto';
import type { LineFormat } from '../formats/line-format.js';
import type { Frame } from '../model/frame.js';
import type { FrameResult } from '../model/result.js';
import { hashOfBeginning } from '../system/file-hash.js';
import { openOutput } from '../system/growing-output.js';
import { type GrowingOutput, partialPath } from '../system/whole-file.js';
import { type Sink, type SinkState, StageClock } from './output.js';

/** Writes lines while frames are read: each frame's are with the operating system before the next frame's. */
export class LinesSink implements Sink {
  readonly warnings: readonly string[] = [];
  readonly #output: GrowingOutput;
  readonly #format: LineFormat;
  readonly #clock = new StageClock();
  /** Of all that was written: a run that goes on with the file can tell whether it is the same. */
  readonly #hash: Hash;

  private constructor(output: GrowingOutput, format: LineFormat, hash: Hash) {
    this.#output = output;
    this.#format = format;
    this.#hash = hash;
  }

  /** @param path `-` for stdout @param resume where to go on in a file that is there */
  static async create(path: string, format: LineFormat, resume?: SinkState): Promise<LinesSink> {
    const output = await openOutput(path, resume?.bytes);
    const hash = resume ? await hashOfBeginning(partialPath(path), resume.bytes) : createHash('sha256');
    const sink = new LinesSink(output, format, hash);
    if (!resume && format.head !== '') await sink.#append(format.head);
    return sink;
  }

  get path(): string {
    return this.#output.path;
  }

  get stageMs(): Readonly<Record<string, number>> {
    return this.#clock.ms;
  }

  async write(_frame: Frame, result: FrameResult): Promise<void> {
    await this.#clock.time(this.#format.stage, () => this.#append(this.#format.lines(result)));
  }

  get state(): SinkState {
    return { bytes: this.#output.bytes, sha256: this.#hash.copy().digest('hex') };
  }

  async #append(text: string): Promise<void> {
    await this.#output.append(text);
    this.#hash.update(text);
  }

  async finish(): Promise<void> {
    await this.#output.close();
  }

  async publish(): Promise<void> {
    await this.#output.publish();
  }

  async abort(): Promise<void> {
    await this.#output.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#output.close();
  }
}
