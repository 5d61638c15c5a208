import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { YuvImage, YuvMatrix } from '../../model/picture.js';
import { memoryOf, SCRATCH, type SharedMemory } from '../../model/picture-memory.js';
import type { Grid } from '../grid.js';
import type { Border, Range } from '../sampled-values.js';
import { COLOUR_COEFFICIENTS } from './colour-coefficients.js';

/** Compiled from `.build/assembly/sample-yuv.ts`; a test that runs this file uncompiled uses the build's, too. */
const FILE = fileURLToPath(new URL('./sample-yuv.wasm', import.meta.url)).replace(
  /([\\/])src([\\/]regions[\\/]wasm[\\/])/,
  '$1dist$2',
);

/** Exports of the compiled code. */
interface Sampler {
  usePicture(at: number, width: number, height: number): void;
  useRedAndBlue(
    scratch: number,
    light: number,
    redOfCr: number,
    redBase: number,
    blueOfCb: number,
    blueBase: number,
  ): void;
  useGreen(
    scratch: number,
    ofLuma: number,
    ofLumaFine: number,
    lumaFineBase: number,
    ofCb: number,
    ofCr: number,
    ofCbFine: number,
    ofCrFine: number,
    fineBase: number,
    base: number,
  ): void;
  writeMasks(scratch: number): void;
  sampleRows(
    size: number,
    from: number,
    to: number,
    x: number,
    y: number,
    cos: number,
    sin: number,
    border: number,
    scale: number,
    offset: number,
    scratch: number,
    out: number,
  ): void;
}

interface Wasm {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

const BORDERS: Readonly<Record<Border, number>> = { nearest: 1, black: 2 };
/** Bytes that the compiled code reserves at the beginning of an area. */
const KEPT_BYTES = 11_520;
/** Samples computed at once. */
const LANES = 4;
/** Three planes of 32-bit floats. */
const SAMPLE_BYTES = 12;
/** Positions beyond this, in 1/32 of a pixel, approach or exceed the range of 32-bit numbers. */
const FARTHEST = 2 ** 30;

let wasm: Wasm | undefined;
let compiled: object | undefined;

/** The compiled code, read once in each thread; undefined without WebAssembly SIMD. */
function load(): object | undefined {
  if (wasm) return compiled;
  try {
    ({ WebAssembly: wasm } = globalThis as unknown as { WebAssembly: Wasm });
    compiled = new wasm.Module(readFileSync(FILE));
  } catch {
    wasm ??= {} as Wasm;
  }
  return compiled;
}

/**
 * The sampler of one memory and thread: it writes its samples to its area, slice by slice, and they are copied from
 * there.
 */
class MemorySampler {
  readonly #code: Sampler;
  readonly #scratch: number;
  readonly #out: number;
  readonly #samples: Float32Array;
  #matrix: YuvMatrix | undefined;

  constructor(code: Sampler, memory: SharedMemory, area: number) {
    this.#code = code;
    this.#scratch = area * SCRATCH.bytes + SCRATCH.reserved;
    this.#out = this.#scratch + KEPT_BYTES;
    this.#samples = new Float32Array(memory.buffer, this.#out, ((area + 1) * SCRATCH.bytes - this.#out) / 4);
    code.writeMasks(this.#scratch);
  }

  sample({ data, width, height, matrix }: YuvImage, grid: Grid, border: Border, range: Range, out: Float32Array): void {
    const [code, scratch, samples] = [this.#code, this.#scratch, this.#samples];
    const { size, x, y, cos, sin } = grid;
    if (matrix !== this.#matrix) this.#use(matrix);
    code.usePicture(data.byteOffset, width, height);
    const area = size * size;
    const rows = Math.floor((samples.length * 4) / (SAMPLE_BYTES * size));
    for (let from = 0; from < size; from += rows) {
      const to = Math.min(size, from + rows);
      const { scale, offset } = range;
      code.sampleRows(size, from, to, x, y, cos, sin, BORDERS[border], scale, offset, scratch, this.#out);
      const count = (to - from) * size;
      for (let plane = 0; plane < 3; plane++) {
        out.set(samples.subarray(plane * count, (plane + 1) * count), plane * area + from * size);
      }
    }
  }

  /** Whether slices of at least one row fit, and positions fit the numbers that the code computes with. */
  canSample({ size, x, y, cos, sin }: Grid): boolean {
    const reach = Math.max(Math.abs(x), Math.abs(y)) + size * (Math.abs(cos) + Math.abs(sin));
    return size % LANES === 0 && size * SAMPLE_BYTES <= this.#samples.byteLength && reach < FARTHEST;
  }

  #use(matrix: YuvMatrix): void {
    const c = COLOUR_COEFFICIENTS[matrix];
    this.#code.useRedAndBlue(this.#scratch, c.light, c.redOfCr, c.redBase, c.blueOfCb, c.blueBase);
    this.#code.useGreen(
      this.#scratch,
      c.greenOfLuma,
      c.greenOfLumaFine,
      c.greenOfLumaFineBase,
      c.greenOfCb,
      c.greenOfCr,
      c.greenOfCbFine,
      c.greenOfCrFine,
      c.greenFineBase,
      c.greenBase,
    );
    this.#matrix = matrix;
  }
}

/** By memory: samplers of finished videos are freed with it. `undefined` if none exists. */
const samplers = new WeakMap<SharedMemory, { readonly sampler: MemorySampler | undefined }>();

function samplerOf(memory: SharedMemory): MemorySampler | undefined {
  const known = samplers.get(memory) ?? { sampler: create(memory) };
  samplers.set(memory, known);
  return known.sampler;
}

function create(memory: SharedMemory): MemorySampler | undefined {
  const module = load();
  if (!module || !wasm) return undefined;
  const area = Atomics.add(new Int32Array(memory.buffer, 0, 1), SCRATCH.counterIndex, 1);
  if (area >= SCRATCH.areas) return undefined;
  const { exports } = new wasm.Instance(module, { env: { memory } });
  return new MemorySampler(exports as Sampler, memory, area);
}

/**
 * Does what `sampleYuv` does, bit by bit, in a quarter of the time, if possible.
 * @returns false if nothing was done: the picture is not in a WebAssembly memory, or the machine has no SIMD for it
 */
export function sampleInWasm(image: YuvImage, grid: Grid, border: Border, range: Range, out: Float32Array): boolean {
  const memory = memoryOf(image.data);
  const sampler = memory && samplerOf(memory);
  if (!sampler?.canSample(grid)) return false;
  sampler.sample(image, grid, border, range, out);
  return true;
}
