import { fromHalf } from './constants.js';
import type { TfjsConstant, TfjsNode } from './tfjs.js';
import type { Computed, TfjsConversion } from './tfjs-conversion.js';

type Convert = (conversion: TfjsConversion, node: TfjsNode) => void;

/** Position in ONNX of each axis of a channels-last tensor. */
const FROM_CHANNELS_LAST = [0, 2, 3, 1] as const;
/** Axis orders that convert channels-second to channels-last and back. */
const TO_LAST = '0,2,3,1';
const TO_SECOND = '0,3,1,2';

/** Adds a constant of floats to the graph, in its own number of bits. Returns its name. @param shape in ONNX */
function addFloats(conversion: TfjsConversion, name: string, shape: readonly number[], constant: TfjsConstant): string {
  const { data } = constant;
  if (data instanceof Int32Array) throw new RangeError(`${name}: integers in place of floats`);
  const { graph } = conversion;
  return data instanceof Uint16Array ? graph.halves(name, shape, data) : graph.floats(name, shape, data);
}

/** The single number of a constant. */
function scalar({ data }: TfjsConstant): number {
  return data instanceof Uint16Array ? fromHalf(data[0]!) : data[0]!;
}

/** Weights of a convolution from TensorFlow's order (height, width, in, out) to ONNX's (out, in, height, width). */
function outFirst({ shape, data }: TfjsConstant): TfjsConstant {
  const [height, width, inner, out] = shape;
  const moved = data.slice();
  for (let place = 0; place < height! * width!; place++) {
    for (let i = 0; i < inner!; i++) {
      for (let o = 0; o < out!; o++) {
        moved[(o * inner! + i) * height! * width! + place] = data[(place * inner! + i) * out! + o]!;
      }
    }
  }
  return { shape: [out!, inner!, height!, width!], data: moved };
}

/** Height and width of a list for all four axes, channels last. */
function spatial(list: readonly number[] | undefined): readonly [number, number] {
  return list ? [list[1]!, list[2]!] : [1, 1];
}

/** A channels-last picture, read in windows that lie inside it (TensorFlow's padding VALID). */
function windowed(conversion: TfjsConversion, node: TfjsNode): Computed {
  const x = conversion.computed(node.inputs[0]!);
  if (!x.channelsLast || node.text('data_format', 'NHWC') !== 'NHWC') throw new RangeError(`${node.name}: not NHWC`);
  if (node.text('padding', '') !== 'VALID') throw new RangeError(`${node.name}: padding of its own`);
  return x;
}

/** Places of a window along an axis. */
const places = (size: number, kernel: number, stride: number, dilation = 1) =>
  Math.floor((size - (kernel - 1) * dilation - 1) / stride) + 1;

const convolution: Convert = (conversion, node) => {
  const x = windowed(conversion, node);
  const stored = conversion.constant(node.inputs[1]!);
  if (!stored) throw new RangeError(`${node.name}: computed weights`);
  const weights = outFirst(stored);
  const [out, , height, width] = weights.shape;
  const strides = spatial(node.integers('strides'));
  const dilations = spatial(node.integers('dilations'));
  const shape = [
    x.shape[0]!,
    out!,
    places(x.shape[2]!, height!, strides[0], dilations[0]),
    places(x.shape[3]!, width!, strides[1], dilations[1]),
  ];
  const inputs = [x.name, addFloats(conversion, node.inputs[1]!, weights.shape, weights)];
  const attributes = { kernel_shape: [height!, width!], strides, dilations };
  conversion.emit(node.name, 'Conv', inputs, { shape, channelsLast: true }, attributes);
};

const maxPool: Convert = (conversion, node) => {
  const x = windowed(conversion, node);
  const [height, width] = spatial(node.integers('ksize'));
  const strides = spatial(node.integers('strides'));
  const shape = [
    x.shape[0]!,
    x.shape[1]!,
    places(x.shape[2]!, height, strides[0]),
    places(x.shape[3]!, width, strides[1]),
  ];
  const attributes = { kernel_shape: [height, width], strides };
  conversion.emit(node.name, 'MaxPool', [x.name], { shape, channelsLast: true }, attributes);
};

/** Two tensors of the same shape, or one with a number for each channel; two constants of integers are added here. */
const add: Convert = (conversion, node) => {
  const [first, second] = node.inputs;
  const [a, b] = [conversion.constant(first!), conversion.constant(second!)];
  if (a && b) {
    const [left, right] = [conversion.integers(first!), conversion.integers(second!)];
    if (left.length !== right.length) throw new RangeError(`${node.name}: constants of two lengths`);
    conversion.setConstant(node.name, { shape: a.shape, data: Int32Array.from(left, (value, i) => value + right[i]!) });
    return;
  }
  const x = conversion.computed(a ? second! : first!);
  const constant = a ?? b;
  if (!constant) {
    const y = conversion.computed(second!);
    if (y.channelsLast !== x.channelsLast || String(y.shape) !== String(x.shape)) {
      throw new RangeError(`${node.name}: shapes ${x.shape} and ${y.shape}`);
    }
    conversion.emit(node.name, 'Add', [x.name, y.name], x);
    return;
  }
  const channels = x.shape[1]!;
  if (!x.channelsLast || String(constant.shape) !== String(channels)) throw new RangeError(`${node.name}: no bias`);
  const bias = addFloats(conversion, `${node.name}_bias`, [1, channels, 1, 1], constant);
  conversion.emit(node.name, 'Add', [x.name, bias], x);
};

/** Padding with zeros, or with the constant that is the third input. */
const pad: Convert = (conversion, node) => {
  const [tensor, amounts, filling] = node.inputs;
  const x = conversion.computed(tensor!);
  if (x.channelsLast) throw new RangeError(`${node.name}: channels last`);
  const values = conversion.integers(amounts!);
  const before = x.shape.map((_, axis) => values[2 * axis]!);
  const after = x.shape.map((_, axis) => values[2 * axis + 1]!);
  const inputs = [x.name, conversion.graph.integers(`${node.name}_pads`, [...before, ...after])];
  const constant = filling === undefined ? undefined : conversion.constant(filling);
  if (constant) inputs.push(conversion.graph.floats(`${node.name}_filling`, [], Float32Array.of(scalar(constant))));
  const shape = x.shape.map((size, axis) => before[axis]! + size + after[axis]!);
  conversion.emit(node.name, 'Pad', inputs, { shape, channelsLast: false });
};

const leakyRelu: Convert = (conversion, node) => {
  const x = conversion.computed(node.inputs[0]!);
  // TensorFlow's default.
  const alpha = { float: node.float('alpha', 0.2) };
  conversion.emit(node.name, 'LeakyRelu', [x.name], x, { alpha });
};

const sigmoid: Convert = (conversion, node) => {
  const x = conversion.computed(node.inputs[0]!);
  conversion.emit(node.name, 'Sigmoid', [x.name], x);
};

/** Moving the channels to the end or back is only recorded; other orders are emitted. */
const transpose: Convert = (conversion, node) => {
  const x = conversion.computed(node.inputs[0]!);
  const order = conversion.integers(node.inputs[1]!);
  if (order.join() === (x.channelsLast ? TO_SECOND : TO_LAST)) {
    conversion.setComputed(node.name, { ...x, channelsLast: !x.channelsLast });
    return;
  }
  if (x.channelsLast) throw new RangeError(`${node.name}: transposed by ${order.join()} with channels last`);
  const shape = order.map(axis => x.shape[axis]!);
  conversion.emit(node.name, 'Transpose', [x.name], { shape, channelsLast: false }, { perm: order });
};

/** An axis in ONNX. */
function axisOf(conversion: TfjsConversion, tensor: string, { shape, channelsLast }: Computed): number {
  const [stored] = conversion.integers(tensor);
  const axis = stored! < 0 ? stored! + shape.length : stored!;
  return channelsLast ? FROM_CHANNELS_LAST[axis]! : axis;
}

const concatenation: Convert = (conversion, node) => {
  const tensors = node.inputs.slice(0, -1).map(tensor => conversion.computed(tensor));
  const [first] = tensors;
  if (tensors.some(({ channelsLast }) => channelsLast !== first!.channelsLast)) {
    throw new RangeError(`${node.name}: channels last in some inputs only`);
  }
  const axis = axisOf(conversion, node.inputs[node.inputs.length - 1]!, first!);
  const length = tensors.reduce((sum, { shape }) => sum + shape[axis]!, 0);
  const names = tensors.map(({ name }) => name);
  const { channelsLast } = first!;
  conversion.emit(node.name, 'Concat', names, { shape: first!.shape.with(axis, length), channelsLast }, { axis });
};

const split: Convert = (conversion, node) => {
  const [tensor, lengths, along] = node.inputs;
  const x = conversion.computed(tensor!);
  const axis = axisOf(conversion, along!, x);
  const sizes = conversion.integers(lengths!);
  const outputs = sizes.map((_, i) => (i === 0 ? node.name : `${node.name}:${i}`));
  const { graph } = conversion;
  graph.node('Split', [x.name, graph.integers(`${node.name}_sizes`, sizes)], outputs, { axis });
  for (const [i, name] of outputs.entries()) {
    conversion.setComputed(name, { name, shape: x.shape.with(axis, sizes[i]!), channelsLast: x.channelsLast });
  }
};

/** One length of the shape may be open (-1). */
const reshape: Convert = (conversion, node) => {
  const x = conversion.computed(node.inputs[0]!);
  if (x.channelsLast) throw new RangeError(`${node.name}: channels last`);
  const wanted = conversion.integers(node.inputs[1]!);
  const product = (sizes: readonly number[]) => sizes.reduce((all, size) => all * size, 1);
  const open = product(x.shape) / product(wanted.filter(size => size !== -1));
  const shape = wanted.map(size => (size === -1 ? open : size));
  const inputs = [x.name, conversion.graph.integers(`${node.name}_shape`, shape)];
  conversion.emit(node.name, 'Reshape', inputs, { shape, channelsLast: false });
};

const resizeBilinear: Convert = (conversion, node) => {
  const x = conversion.computed(node.inputs[0]!);
  if (!x.channelsLast) throw new RangeError(`${node.name}: channels second`);
  const [height, width] = conversion.integers(node.inputs[1]!);
  const scales = Float32Array.of(1, 1, height! / x.shape[2]!, width! / x.shape[3]!);
  const inputs = [x.name, '', conversion.graph.floats(`${node.name}_scales`, [4], scales)];
  const places = node.flag('align_corners')
    ? 'align_corners'
    : node.flag('half_pixel_centers')
      ? 'half_pixel'
      : 'asymmetric';
  const shape = [x.shape[0]!, x.shape[1]!, height!, width!];
  conversion.emit(
    node.name,
    'Resize',
    inputs,
    { shape, channelsLast: true },
    { mode: 'linear', coordinate_transformation_mode: places },
  );
};

/**
 * A row of integers from some places and values of a tensor; the others have one value. Such rows are parts of shapes.
 */
const sparseToDense: Convert = (conversion, node) => {
  const [places, length, values, filling] = node.inputs;
  const [size, ...others] = conversion.integers(length!);
  if (others.length > 0) throw new RangeError(`${node.name}: more than a row`);
  const [usual] = conversion.integers(filling!);
  const given = conversion.integers(values!);
  const data = new Int32Array(size!).fill(usual!);
  for (const [i, place] of conversion.integers(places!).entries()) data[place] = given[given.length === 1 ? 0 : i]!;
  conversion.setConstant(node.name, { shape: [size!], data });
};

const identity: Convert = (conversion, node) => {
  conversion.setComputed(node.name, conversion.computed(node.inputs[0]!));
};

/** Each operator of NanoDet by TensorFlow's name. */
export const TFJS_OPERATORS: Readonly<Record<string, Convert>> = {
  Add: add,
  AddV2: add,
  ConcatV2: concatenation,
  Conv2D: convolution,
  Identity: identity,
  LeakyRelu: leakyRelu,
  MaxPool: maxPool,
  Pad: pad,
  PadV2: pad,
  Reshape: reshape,
  ResizeBilinear: resizeBilinear,
  Sigmoid: sigmoid,
  SparseToDense: sparseToDense,
  SplitV: split,
  Transpose: transpose,
};
