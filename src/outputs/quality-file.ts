import { rm } from 'node:fs/promises';
import type { Quality } from '../model/quality.js';
import type { TableFrame } from '../model/table-frame.js';
import { QualitySums } from '../signal/quality.js';
import { partialPath, publish, writePartial } from '../system/whole-file.js';
import { firstPath } from './first-path.js';
import type { Output, OutputKind } from './output.js';

/** Writes `NAME.quality.json`. */
class QualityFile implements Output<'table'> {
  readonly #path: string;
  readonly #sums = new QualitySums();

  constructor(path: string) {
    this.#path = path;
  }

  /** Over the frames so far. */
  get record(): { readonly quality: Quality } {
    return { quality: this.#sums.result() };
  }

  write(frame: TableFrame): void {
    this.#sums.add(frame);
  }

  async finish(): Promise<void> {
    await writePartial(this.#path, `${JSON.stringify(this.record.quality, null, 2)}\n`);
  }

  async publish(): Promise<readonly string[]> {
    await publish(this.#path);
    return [this.#path];
  }

  async abandon(): Promise<void> {
    await rm(partialPath(this.#path), { force: true });
  }
}

export const QUALITY: OutputKind<'table'> = {
  name: 'quality',
  needs: 'table',
  phase: 'reads',
  resumes: false,
  decidedBy: [],
  stage: 'quality',
  files: (stem, { quality }) => (quality ? [{ path: `${stem}.quality.json`, role: 'whole' }] : []),
  open: async ({ files }) => new QualityFile(firstPath(files)),
};
