import { MemoryLimitError } from '../errors.js';
import { allocatePictures } from '../model/picture-memory.js';

/**
 * Frames that exist at once: the engine has one; the other is drawn, written, and filled with the next frame, which
 * together take less time than the engine.
 */
const FRAMES_IN_MEMORY = 2;

/**
 * A fixed set of reusable pixel buffers: memory does not depend on the video's length. The buffers are shared memory,
 * so another thread can read them without a copy.
 */
export class FramePool {
  readonly #free: Uint8Array[];
  readonly #waiting: ((buffer: Uint8Array) => void)[] = [];

  /**
   * @param held frames that are kept longer, in addition
   * @throws MemoryLimitError if the system cannot provide the memory
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

  /** A free buffer; waits until one is returned. */
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
