import { MemoryLimitError } from '../errors.js';
import { allocatePictures } from '../model/picture-memory.js';

/**
 * Frames that exist at once: one with the engine; the other is drawn and written, and then filled with the frame to
 * come, which together take less time than the engine does.
 */
const FRAMES_IN_MEMORY = 2;

/**
 * A fixed set of pixel buffers, handed out and given back: memory does not depend on the video's length. The buffers
 * are shared memory, so that another thread can look at them without a copy.
 */
export class FramePool {
  readonly #free: Uint8Array[];
  readonly #waiting: ((buffer: Uint8Array) => void)[] = [];

  /**
   * @param held frames that are kept beside those for a while
   * @throws MemoryLimitError where the system has no memory for them
   */
  constructor(bytesPerFrame: number, held = 0) {
    const pictures = FRAMES_IN_MEMORY + held;
    try {
      this.#free = [...allocatePictures(bytesPerFrame, pictures)];
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new MemoryLimitError(
        `the system has no memory for ${pictures} frames of ${bytesPerFrame} bytes`,
        'End other programs, or analyse smaller frames with --max-size 640.',
      );
    }
  }

  /** A buffer that nobody uses; waits until one is given back. */
  async take(): Promise<Uint8Array> {
    const buffer = this.#free.pop();
    if (buffer) return buffer;
    return new Promise(resolve => this.#waiting.push(resolve));
  }

  giveBack(buffer: Uint8Array): void {
    const next = this.#waiting.shift();
    if (next) next(buffer);
    else this.#free.push(buffer);
  }
}
