import { BodyscriptError } from '../errors.js';
import type { Frame } from '../model/frame.js';
import type { TableFrame } from '../model/table-frame.js';
import { readLandmarks } from './read-landmarks.js';

/** Times in files are rounded to a millisecond at the coarsest. */
const SAME_TIME_SECONDS = 0.002;

/** The frames of a landmark file that match the frames of its video, requested in rising order. */
export class TableRows {
  readonly #path: string;
  readonly #frames: AsyncGenerator<TableFrame>;
  #next: TableFrame | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#frames = readLandmarks(path);
  }

  /**
   * Undefined if the file does not have that frame.
   * @throws BodyscriptError `TABLE_INVALID` if its time differs
   */
  async of({ frameId, timestamp }: Pick<Frame, 'frameId' | 'timestamp'>): Promise<TableFrame | undefined> {
    while (!this.#next || this.#next.frameId < frameId) {
      const { done, value } = await this.#frames.next();
      if (done) return undefined;
      this.#next = value;
    }
    if (this.#next.frameId !== frameId) return undefined;
    if (Math.abs(this.#next.timestamp - timestamp) > SAME_TIME_SECONDS) {
      throw new BodyscriptError(
        'TABLE_INVALID',
        `${this.#path}: was made from another video: frame ${frameId} is at ${this.#next.timestamp} s, but at ${timestamp.toFixed(6)} s in the video`,
        { remedy: 'Give the video that was analysed.' },
      );
    }
    return this.#next;
  }

  async end(): Promise<void> {
    await this.#frames.return(undefined);
  }
}
