import type { Frame } from '../model/frame.js';
import type { FrameResult } from '../model/result.js';
import { GrowingFile, publish } from '../system/whole-file.js';
import { csvHeader, csvRows, type DisplaySize } from './csv-rows.js';
import { type Sink, type SinkState, StageClock } from './sink.js';

/** Writes the landmark table while frames are read: each frame's rows are with the operating system before the next frame's. */
export class CsvSink implements Sink {
  readonly warnings: readonly string[] = [];
  readonly #file: GrowingFile;
  readonly #display: DisplaySize;
  readonly #clock = new StageClock();

  private constructor(file: GrowingFile, display: DisplaySize) {
    this.#file = file;
    this.#display = display;
  }

  /** @param resume where to go on in a table that is there */
  static async create(path: string, display: DisplaySize, resume?: SinkState): Promise<CsvSink> {
    const file = await GrowingFile.create(path, resume?.bytes);
    if (!resume) await file.append(csvHeader());
    return new CsvSink(file, display);
  }

  get path(): string {
    return this.#file.path;
  }

  get stageMs(): Readonly<Record<string, number>> {
    return this.#clock.ms;
  }

  async write(_frame: Frame, result: FrameResult): Promise<void> {
    await this.#clock.time('csv', () => this.#file.append(csvRows(result, this.#display)));
  }

  get state(): SinkState {
    return { bytes: this.#file.bytes };
  }

  async finish(): Promise<void> {
    await this.#file.close();
  }

  async publish(): Promise<void> {
    await publish(this.path);
  }

  async abort(): Promise<void> {
    await this.#file.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}
