import { toChannelsFirst } from './constants.js';
import type { Conversion } from './conversion.js';
import type { TfliteOperator } from './tflite.js';

type Convert = (conversion: Conversion, operator: TfliteOperator) => void;

/** TFLite's `ActivationFunctionType`. */
const ACTIVATION = { none: 0, relu: 1, relu6: 3 } as const;
/** TFLite's `Padding`. */
const SAME = 0;
const VALID = 1;

const CODES = {
  add: 0,
  concatenation: 2,
  conv2d: 3,
  depthwiseConv2d: 4,
  depthToSpace: 5,
  dequantize: 6,
  logistic: 14,
  maxPool2d: 17,
  reshape: 22,
  resizeBilinear: 23,
  pad: 34,
  densify: 124,
} as const;

/** Emits an operator, and the activation fused to it. */
function activated(conversion: Conversion, activation: number, output: number, emit: (name: string) => void): void {
  const { graph } = conversion;
  const name = conversion.name(output);
  if (activation === ACTIVATION.none) {
    emit(name);
    return;
  }
  const before = `${name}_linear`;
  emit(before);
  if (activation === ACTIVATION.relu) {
    graph.node('Relu', [before], [name]);
  } else if (activation === ACTIVATION.relu6) {
    const low = graph.floats('zero', [], Float32Array.of(0));
    const high = graph.floats('six', [], Float32Array.of(6));
    graph.node('Clip', [before, low, high], [name]);
  } else {
    throw new RangeError(`TFLite activation ${activation} is not known here`);
  }
}

/** Padding before and after along one axis so that the output has ceil(size / stride) places (TensorFlow's SAME). */
function samePadding(size: number, kernel: number, stride: number, dilation: number): [number, number] {
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + (kernel - 1) * dilation + 1 - size);
  return [total >> 1, total - (total >> 1)];
}

interface Window {
  readonly kernel: readonly [height: number, width: number];
  readonly strides: readonly [height: number, width: number];
  readonly dilations: readonly [height: number, width: number];
}

/** ONNX's [top, left, bottom, right]. */
function padsOf(shape: readonly number[], padding: number, { kernel, strides, dilations }: Window): readonly number[] {
  if (padding !== SAME) return [0, 0, 0, 0];
  const [top, bottom] = samePadding(shape[1]!, kernel[0], strides[0], dilations[0]);
  const [left, right] = samePadding(shape[2]!, kernel[1], strides[1], dilations[1]);
  return [top, left, bottom, right];
}

/** Options: padding, stride w, stride h, then for depthwise ones a multiplier, activation, dilation w, dilation h. */
function convolution(isDepthwise: boolean): Convert {
  return (conversion, operator) => {
    const [x, weights, bias] = operator.inputs;
    const shape = conversion.shape(weights!);
    const shift = isDepthwise ? 1 : 0;
    if (isDepthwise && operator.int32Option(3) !== 1) throw new RangeError('a depthwise multiplier above 1');
    const window: Window = {
      kernel: [shape[1]!, shape[2]!],
      strides: [operator.int32Option(2), operator.int32Option(1)],
      dilations: [operator.int32Option(5 + shift, 1), operator.int32Option(4 + shift, 1)],
    };
    const values = conversion.constant(weights!);
    if (!values) throw new RangeError('a convolution with computed weights');
    const folded = conversion.foldedPads.get(x!);
    const pads = folded?.pads ?? padsOf(conversion.shape(x!), operator.int8Option(0), window);
    const channels = shape[3]!;
    const dims = isDepthwise ? [channels, 1, ...window.kernel] : [shape[0]!, channels, ...window.kernel];
    const { graph } = conversion;
    const inputs = [
      conversion.name(folded?.source ?? x!),
      graph.floats(`weights${weights}`, dims, () => toChannelsFirst(values(), shape)),
    ];
    const offsets = bias === undefined || bias < 0 ? undefined : conversion.constant(bias);
    if (offsets) inputs.push(graph.floats(`bias${bias}`, conversion.shape(bias!), () => Float32Array.from(offsets())));
    activated(conversion, operator.int8Option(3 + shift), operator.outputs[0]!, name =>
      graph.node('Conv', inputs, [name], {
        kernel_shape: window.kernel,
        strides: window.strides,
        dilations: window.dilations,
        pads,
        group: isDepthwise ? channels : 1,
      }),
    );
  };
}

const maxPool: Convert = (conversion, operator) => {
  const [x] = operator.inputs;
  const window: Window = {
    kernel: [operator.int32Option(4), operator.int32Option(3)],
    strides: [operator.int32Option(2), operator.int32Option(1)],
    dilations: [1, 1],
  };
  const pads = padsOf(conversion.shape(x!), operator.int8Option(0), window);
  activated(conversion, operator.int8Option(5), operator.outputs[0]!, name =>
    conversion.graph.node('MaxPool', [conversion.name(x!)], [name], {
      kernel_shape: window.kernel,
      strides: window.strides,
      pads,
    }),
  );
};

const add: Convert = (conversion, operator) => {
  const names = operator.inputs.map(tensor => conversion.name(tensor));
  activated(conversion, operator.int8Option(0), operator.outputs[0]!, name =>
    conversion.graph.node('Add', names, [name]),
  );
};

/** Padding with zeros; a convolution without its own padding absorbs it. */
const pad: Convert = (conversion, operator) => {
  const [x, amounts] = operator.inputs;
  const [output] = operator.outputs;
  const a = conversion.constant(amounts!)?.();
  if (!a) throw new RangeError('a padding with computed amounts');
  const isSpatial = a[0] === 0 && a[1] === 0 && a[6] === 0 && a[7] === 0;
  const intoConvolutions = conversion.readers(output!).every(({ code, inputs, int8Option }) => {
    const isConvolution = code === CODES.conv2d || code === CODES.depthwiseConv2d;
    return isConvolution && inputs[0] === output && int8Option(0) === VALID;
  });
  if (isSpatial && intoConvolutions) {
    conversion.foldedPads.set(output!, { source: x!, pads: [a[2]!, a[4]!, a[3]!, a[5]!] });
    return;
  }
  const pads = [a[0]!, a[6]!, a[2]!, a[4]!, a[1]!, a[7]!, a[3]!, a[5]!];
  const { graph } = conversion;
  graph.node('Pad', [conversion.name(x!), graph.integers(`pads${output}`, pads)], [conversion.name(output!)]);
};

/** Options: two removed sizes, align corners, half-pixel centres. */
const resizeBilinear: Convert = (conversion, operator) => {
  const [x] = operator.inputs;
  const [output] = operator.outputs;
  const [from, to] = [conversion.shape(x!), conversion.shape(output!)];
  const scales = Float32Array.of(1, 1, to[1]! / from[1]!, to[2]! / from[2]!);
  const isHalfPixel = operator.int8Option(3) === 1;
  const { graph } = conversion;
  graph.node(
    'Resize',
    [conversion.name(x!), '', graph.floats(`scales${output}`, [4], scales)],
    [conversion.name(output!)],
    {
      mode: 'linear',
      coordinate_transformation_mode:
        operator.int8Option(2) === 1 ? 'align_corners' : isHalfPixel ? 'half_pixel' : 'asymmetric',
    },
  );
};

const depthToSpace: Convert = (conversion, operator) => {
  conversion.graph.node(
    'DepthToSpace',
    [conversion.name(operator.inputs[0]!)],
    [conversion.name(operator.outputs[0]!)],
    {
      blocksize: operator.int32Option(0),
      mode: 'DCR',
    },
  );
};

const logistic: Convert = (conversion, operator) => {
  conversion.graph.node('Sigmoid', [conversion.name(operator.inputs[0]!)], [conversion.name(operator.outputs[0]!)]);
};

/** Reshaping uses TFLite's order: move channels last first. */
const reshape: Convert = (conversion, operator) => {
  const [x] = operator.inputs;
  const [output] = operator.outputs;
  const [from, to] = [conversion.shape(x!), conversion.shape(output!)];
  const { graph } = conversion;
  let source = conversion.name(x!);
  if (from.length === 4 && from[1]! * from[2]! > 1) {
    graph.node('Transpose', [source], [`${source}_last${output}`], { perm: [0, 2, 3, 1] });
    source = `${source}_last${output}`;
  }
  graph.node('Reshape', [source, graph.integers(`shape${output}`, to)], [conversion.name(output!)]);
};

const concatenation: Convert = (conversion, operator) => {
  const axis = operator.int32Option(0);
  const rank = conversion.shape(operator.outputs[0]!).length;
  const names = operator.inputs.map(tensor => conversion.name(tensor));
  activated(conversion, operator.int8Option(1), operator.outputs[0]!, name =>
    conversion.graph.node('Concat', names, [name], { axis: rank === 4 ? [0, 2, 3, 1][axis]! : axis }),
  );
};

/** Constants in 16 bits or with omitted zeros become plain ones. */
const unpackConstant: Convert = (conversion, operator) => {
  const values = conversion.constant(operator.inputs[0]!);
  if (!values) throw new RangeError(`TFLite operator ${operator.code} on what is computed`);
  conversion.setConstant(operator.outputs[0]!, values);
};

/** Each operator of BlazePose by its number in TFLite's `BuiltinOperator`. */
export const OPERATORS: Readonly<Record<number, Convert>> = {
  [CODES.add]: add,
  [CODES.concatenation]: concatenation,
  [CODES.conv2d]: convolution(false),
  [CODES.depthwiseConv2d]: convolution(true),
  [CODES.depthToSpace]: depthToSpace,
  [CODES.dequantize]: unpackConstant,
  [CODES.logistic]: logistic,
  [CODES.maxPool2d]: maxPool,
  [CODES.reshape]: reshape,
  [CODES.resizeBilinear]: resizeBilinear,
  [CODES.pad]: pad,
  [CODES.densify]: unpackConstant,
};
