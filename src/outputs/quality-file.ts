import { rm } from 'node:fs/promises';
import type { TableFollower } from '../formats/table-follower.js';
import type { Quality } from '../model/quality.js';
import type { TableFrame } from '../model/table-frame.js';
import { QualitySums } from '../signal/quality.js';
import { partialPath, publish, writePartial } from '../system/whole-file.js';

/** Writes `NAME.quality.json`. */
export class QualityFile implements TableFollower {
  readonly stage = 'quality';
  readonly #path: string;
  readonly #sums = new QualitySums();

  constructor(path: string) {
    this.#path = path;
  }

  /** Of the frames so far. */
  get quality(): Quality {
    return this.#sums.result();
  }

  add(frame: TableFrame): void {
    this.#sums.add(frame);
  }

  async finish(): Promise<void> {
    await writePartial(this.#path, `${JSON.stringify(this.quality, null, 2)}\n`);
  }

  async publish(): Promise<readonly string[]> {
    await publish(this.#path);
    return [this.#path];
  }

  async abort(): Promise<void> {
    await rm(partialPath(this.#path), { force: true });
  }
}
