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
 * A memory of pictures begins with areas for those that work on them in WebAssembly, one for each thread that does: the
 * main thread, an engine's, and one to spare. Its first four bytes count those that have one. A page is used when it is
 * first written to.
 */
export const SCRATCH = { areas: 3, bytes: PAGE_BYTES, counterIndex: 0, reserved: 64 } as const;

/** By what they hold: whoever has a picture's bytes finds the memory that they lie in. */
const memories = new WeakMap<ArrayBufferLike, SharedMemory>();

/**
 * The memory that some bytes lie in, for code in WebAssembly to work on them in place; undefined where they lie in
 * none.
 */
export function memoryOf({ buffer }: Uint8Array): SharedMemory | undefined {
  return memories.get(buffer);
}

/** Makes a memory that another thread sent known to `memoryOf`. */
export function adoptMemory(memory: SharedMemory): void {
  memories.set(memory.buffer, memory);
}

/**
 * Buffers for `count` pictures, which threads can share, all in one WebAssembly memory. Where that cannot be had, under
 * a limit on addresses say, each is by itself, and whoever works on it does so in plain JavaScript.
 */
export function allocatePictures(bytesPerPicture: number, count: number): readonly Uint8Array[] {
  const stride = Math.ceil((bytesPerPicture + PADDING) / ALIGNMENT) * ALIGNMENT;
  const start = SCRATCH.areas * SCRATCH.bytes;
  const memory = allocate(Math.ceil((start + count * stride) / PAGE_BYTES));
  if (memory) adoptMemory(memory);
  return Array.from({ length: count }, (_, i) =>
    memory
      ? new Uint8Array(memory.buffer, start + i * stride, bytesPerPicture)
      : new Uint8Array(new SharedArrayBuffer(bytesPerPicture)),
  );
}

function allocate(pages: number): SharedMemory | undefined {
  const { WebAssembly } = globalThis as { WebAssembly?: { Memory: MemoryConstructor } };
  try {
    return WebAssembly && new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch {
    return undefined;
  }
}
