import type { FrameAttempts } from '../model/attempts.js';
import { GrowingFile, publish } from '../system/whole-file.js';
import { type Sink, type SinkState, StageClock } from './output.js';

/** What `--explain` writes: a line of JSON for each frame that needed more than its first attempt, with names in snake_case, as `NAME.attempts.ndjson`. */
export class AttemptsSink implements Sink {
  readonly warnings: readonly string[] = [];
  readonly #file: GrowingFile;
  readonly #clock = new StageClock();
  #lines = '';

  private constructor(file: GrowingFile) {
    this.#file = file;
  }

  /** @param resume where to go on in a file that is there */
  static async create(path: string, resume?: SinkState): Promise<AttemptsSink> {
    return new AttemptsSink(await GrowingFile.create(path, resume?.bytes));
  }

  get path(): string {
    return this.#file.path;
  }

  get stageMs(): Readonly<Record<string, number>> {
    return this.#clock.ms;
  }

  /** Keeps a line for the next `write`. */
  add(attempts: FrameAttempts): void {
    this.#lines += attemptsLine(attempts);
  }

  async write(): Promise<void> {
    if (this.#lines === '') return;
    const lines = this.#lines;
    this.#lines = '';
    await this.#clock.time('explain', () => this.#file.append(lines));
  }

  get state(): SinkState {
    return { bytes: this.#file.bytes };
  }

  async finish(): Promise<void> {
    await this.write();
    await this.#file.close();
  }

  async publish(): Promise<void> {
    await publish(this.path);
  }

  async abort(): Promise<void> {
    await this.write().catch(() => {}); // The run's own failure is told.
    await this.#file.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

/** Fields have the names of the table's columns. */
function attemptsLine({ frameId, timestamp, personId, situation, tried, won, why }: FrameAttempts): string {
  return `${JSON.stringify({ frame_id: frameId, timestamp, person_id: personId, situation, tried, won, why })}\n`;
}
