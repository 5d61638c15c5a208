import type { FrameResult } from '../../src/model/result.js';
import type { Output, OutputKind, OutputState } from '../../src/outputs/output.js';
import { GrowingFile } from '../../src/system/whole-file.js';

/** A new output, in one file: one line with each frame's number and its number of people. */
class CountsOutput implements Output<'results'> {
  readonly #file: GrowingFile;

  constructor(file: GrowingFile) {
    this.#file = file;
  }

  get state(): OutputState {
    return { bytes: this.#file.bytes };
  }

  async write({ frameId, people }: FrameResult): Promise<void> {
    await this.#file.append(`${frameId} ${people.length}\n`);
  }

  async finish(): Promise<void> {
    await this.#file.close();
  }

  async publish(): Promise<readonly string[]> {
    await this.#file.publish();
    return [this.#file.path];
  }

  async abandon(): Promise<void> {
    await this.#file.close();
  }
}

export const COUNTS: OutputKind<'results'> = {
  name: 'counts',
  needs: 'results',
  phase: 'reads',
  resumes: true,
  decidedBy: [],
  stage: 'counts',
  files: stem => [{ path: `${stem}.counts.txt`, role: 'grows' }],
  open: async ({ files, resume }) => new CountsOutput(await GrowingFile.create(files[0]!.path, resume?.bytes)),
};
