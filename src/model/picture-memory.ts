/** A WebAssembly memory that threads share: the part of it that is used here. Node's types do not know WebAssembly. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}

interface MemoryConstructor {
  new (size: { initial: number; maximum: number; shared: true }): SharedMemory;
}

const PAGE_BYTES = 65_536;
/** Pictures begin on the boundaries of cache lines. */
const ALIGNMENT = 64;
/** What reads two pixels at a time may read this far beyond the last one. */
const PADDING = 16;

/**
 * A memory of pictures begins with areas for those that work on them in WebAssembly, one for each thread that does: the main thread, an engine's, and one to
 * spare. Its first four bytes count those that have one. A page is used when it is first written to.
 */
export const SCRATCH = { areas: 3, bytes: PAGE_BYTES, counterIndex: 0, reserved: 64 } as const;

/** Pixel buffers that threads share. */
export interface SharedPictures {
  readonly buffers: readonly Uint8Array[];
  /** What they lie in, for code in WebAssembly to work on them in place; undefined where it cannot be had. */
  readonly memory: SharedMemory | undefined;
}

/** Room for `count` pictures, all in one WebAssembly memory, or each by itself where that memory cannot be had: under a limit on addresses, say. */
export function allocatePictures(bytesPerPicture: number, count: number): SharedPictures {
  const stride = Math.ceil((bytesPerPicture + PADDING) / ALIGNMENT) * ALIGNMENT;
  const start = SCRATCH.areas * SCRATCH.bytes;
  const memory = allocate(Math.ceil((start + count * stride) / PAGE_BYTES));
  const buffers = Array.from({ length: count }, (_, i) =>
    memory
      ? new Uint8Array(memory.buffer, start + i * stride, bytesPerPicture)
      : new Uint8Array(new SharedArrayBuffer(bytesPerPicture)),
  );
  return { buffers, memory };
}

function allocate(pages: number): SharedMemory | undefined {
  const { WebAssembly } = globalThis as { WebAssembly?: { Memory: MemoryConstructor } };
  try {
    return WebAssembly && new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch {
    return undefined;
  }
}
