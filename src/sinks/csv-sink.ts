import type { Frame } from '../model/frame.js';
import type { FrameResult } from '../model/result.js';
import { GrowingFile } from '../system/whole-file.js';
import { csvHeader, csvRows, type DisplaySize } from './csv-rows.js';
import { type Sink, StageClock } from './sink.js';

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

  static async create(path: string, display: DisplaySize): Promise<CsvSink> {
    const file = await GrowingFile.create(path);
    await file.append(csvHeader());
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

  async finish(): Promise<void> {
    await this.#file.close();
  }

  async abort(): Promise<void> {
    await this.#file.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}
