import { type Sparsity, TENSOR_TYPE, type TfliteTensor } from './tflite.js';

export type Values = Float32Array | Int32Array;

/** IEEE 754 half precision to a number. */
export function fromHalf(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Each of the 65,536 half-precision numbers in 32 bits; made at first use. */
let widths: Float32Array | undefined;

function widened(halves: Uint16Array): Float32Array {
  widths ??= Float32Array.from({ length: 65_536 }, (_, bits) => fromHalf(bits));
  const wide = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) wide[i] = widths[halves[i]!]!;
  return wide;
}

/** The numbers of a constant in their stored form: 32-bit floats or integers; 16-bit floats are widened. */
export function storedValues({ type, data }: TfliteTensor): Values {
  // A copy, since the file's bytes may not be aligned; a Buffer's own slice() would not copy.
  const bytes = new Uint8Array(data ?? []);
  switch (type) {
    case TENSOR_TYPE.float32:
      return new Float32Array(bytes.buffer);
    case TENSOR_TYPE.int32:
      return new Int32Array(bytes.buffer);
    case TENSOR_TYPE.float16:
      return widened(new Uint16Array(bytes.buffer));
    default:
      throw new RangeError(`a constant of TFLite type ${type}, which is not known here`);
  }
}

/**
 * The numbers of a sparse constant with its zeros restored. TFLite stores them as a tree with one level for each
 * dimension in `traversalOrder`, blocks last ("SparsityParameters" in TFLite's schema; the format of Kjolstad et al.,
 * "The Tensor Algebra Compiler", 2017).
 */
export function denseValues(tensor: TfliteTensor, sparsity: Sparsity): Float32Array {
  const { shape } = tensor;
  const { traversalOrder, blockMap, levels } = sparsity;
  const values = storedValues(tensor);
  const dense = new Float32Array(shape.reduce((product, size) => product * size, 1));
  const rank = shape.length;
  const blockSizes = blockMap.map((_, block) => levels[traversalOrder.indexOf(rank + block)]?.size ?? 1);
  const index = new Array<number>(levels.length).fill(0);
  let next = 0;

  const place = (): number => {
    const coordinates = new Array<number>(rank).fill(0);
    for (const [level, dimension] of traversalOrder.entries()) {
      if (dimension >= rank) coordinates[blockMap[dimension - rank]!]! += index[level]!;
      else coordinates[dimension]! += index[level]! * (blockSizes[blockMap.indexOf(dimension)] ?? 1);
    }
    return coordinates.reduce((offset, coordinate, dimension) => offset * shape[dimension]! + coordinate, 0);
  };
  const walk = (level: number, position: number): void => {
    if (level === levels.length) {
      dense[place()] = values[position]!;
      next++;
      return;
    }
    const { isSparse, size, segments, indices } = levels[level]!;
    const [from, to] = isSparse ? [segments[position], segments[position + 1]] : [0, size];
    for (let i = from!; i < to!; i++) {
      index[level] = isSparse ? indices[i]! : i;
      walk(level + 1, isSparse ? i : position * size + i);
    }
  };
  walk(0, 0);
  if (next !== values.length)
    throw new RangeError(`a sparse constant has ${values.length} values, ${next} were placed`);
  return dense;
}

/** Weights of a convolution from TFLite's order (out, height, width, in) to ONNX's (out, in, height, width). */
export function toChannelsFirst(values: Values, [out, height, width, inner]: readonly number[]): Float32Array {
  const moved = new Float32Array(values.length);
  for (let o = 0; o < out!; o++) {
    for (let y = 0; y < height!; y++) {
      for (let x = 0; x < width!; x++) {
        for (let i = 0; i < inner!; i++) {
          moved[((o * inner! + i) * height! + y) * width! + x] = values[((o * height! + y) * width! + x) * inner! + i]!;
        }
      }
    }
  }
  return moved;
}
