import type { FrameAttempts } from '../model/attempts.js';
import { GrowingFile, publish } from '../system/whole-file.js';
import { firstPath } from './first-path.js';
import type { Output, OutputKind, OutputState, RunContext } from './output.js';
import type { StageClock } from './stage-clock.js';

/** Output of `--explain`: one line of JSON for each frame that needed a retry, as `NAME.attempts.ndjson`. */
class AttemptsOutput implements Output<'results'> {
  readonly #file: GrowingFile;
  readonly #clock: StageClock;
  #lines = '';

  constructor(file: GrowingFile, { attempts, clock }: RunContext) {
    this.#file = file;
    this.#clock = clock;
    attempts.add(entry => this.#add(entry));
  }

  /** Stores a line for the next `write`. */
  #add(attempts: FrameAttempts): void {
    this.#lines += attemptsLine(attempts);
  }

  async write(): Promise<void> {
    if (this.#lines === '') return;
    const lines = this.#lines;
    this.#lines = '';
    await this.#clock.time('explain', () => this.#file.append(lines));
  }

  get state(): OutputState {
    return { bytes: this.#file.bytes };
  }

  async finish(): Promise<void> {
    await this.write();
    await this.#file.close();
  }

  async publish(): Promise<readonly string[]> {
    await publish(this.#file.path);
    return [this.#file.path];
  }

  async abandon(): Promise<void> {
    await this.write().catch(() => {}); // The run's own failure counts.
    await this.#file.close();
  }
}

export const ATTEMPTS: OutputKind<'results'> = {
  name: 'attempts',
  needs: 'results',
  phase: 'reads',
  resumes: true,
  decidedBy: [],
  files: (stem, { explain }) => (explain ? [{ path: `${stem}.attempts.ndjson`, role: 'grows' }] : []),
  open: async context =>
    new AttemptsOutput(await GrowingFile.create(firstPath(context.files), context.resume?.bytes), context),
};

/** Fields are named like the table's columns. */
function attemptsLine({ frameId, timestamp, personId, situation, tried, won, why }: FrameAttempts): string {
  return `${JSON.stringify({ frame_id: frameId, timestamp, person_id: personId, situation, tried, won, why })}\n`;
}
