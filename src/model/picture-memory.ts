/** A WebAssembly memory that threads share: the part of its interface used here. Node's types lack WebAssembly. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}

interface MemoryConstructor {
  new (size: { initial: number; maximum: number; shared: true }): SharedMemory;
}

const PAGE_BYTES = 65_536;
/** Pictures begin at cache line boundaries. */
const ALIGNMENT = 64;
/** Code that reads two pixels at a time may read this far beyond the last one. */
const PADDING = 16;

/**
 * A memory of pictures begins with one area for each thread that processes them in WebAssembly: the main thread, an
 * engine's, and a spare. Its first four bytes count the areas taken. A page takes memory only once it is written.
 */
export const SCRATCH = { areas: 3, bytes: PAGE_BYTES, counterIndex: 0, reserved: 64 } as const;

/** By buffer: from a picture's bytes to the memory that holds them. */
const memories = new WeakMap<ArrayBufferLike, SharedMemory>();

/** The memory that holds some bytes, so that WebAssembly code can process them in place; undefined if none exists. */
export function memoryOf({ buffer }: Uint8Array): SharedMemory | undefined {
  return memories.get(buffer);
}

/** Makes a memory sent by another thread known to `memoryOf`. */
export function adoptMemory(memory: SharedMemory): void {
  memories.set(memory.buffer, memory);
}

/**
 * Buffers for `count` pictures, which threads can share, all in one WebAssembly memory. If that cannot be allocated,
 * for example under an address space limit, each is separate, and plain JavaScript processes it.
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
