import { denseValues, storedValues, type Values } from './constants.js';
import { OnnxGraph } from './onnx.js';
import { OPERATORS } from './operators.js';
import { INPUT_NAME, outputName } from './tensor-names.js';
import { readTflite, type TfliteModel } from './tflite.js';

/** What an operator's conversion works with. Tensors of four dimensions are channels-first in ONNX. */
export class Conversion {
  readonly graph = new OnnxGraph('blazepose');
  readonly model: TfliteModel;
  readonly #constants = new Map<number, () => Values>();
  /** Outputs of paddings that the convolution after them does itself: what is padded, and [top, left, bottom, right]. */
  readonly foldedPads = new Map<number, { readonly source: number; readonly pads: readonly number[] }>();

  constructor(model: TfliteModel) {
    this.model = model;
  }

  name(tensor: number): string {
    return `t${tensor}`;
  }

  shape(tensor: number): readonly number[] {
    return this.model.tensors[tensor].shape;
  }

  /** What makes the numbers of a constant; undefined for what is computed. */
  constant(tensor: number): (() => Values) | undefined {
    const known = this.#constants.get(tensor);
    if (known) return known;
    const stored = this.model.tensors[tensor];
    if (!stored.data) return undefined;
    const { sparsity } = stored;
    return sparsity ? () => denseValues(stored, sparsity) : () => storedValues(stored);
  }

  /** Makes an operator's output a constant. */
  setConstant(tensor: number, values: () => Values): void {
    this.#constants.set(tensor, values);
  }

  /** The operators that read a tensor. */
  readers(tensor: number): TfliteModel['operators'] {
    return this.model.operators.filter(operator => operator.inputs.includes(tensor));
  }
}

/** The same tensor's shape with its channels first. */
export function channelsFirst(shape: readonly number[]): readonly number[] {
  return shape.length === 4 ? [shape[0], shape[3], shape[1], shape[2]] : shape;
}

/**
 * Converts a network of BlazePose from TFLite to ONNX. Weights are widened to 32 bits, padding and activations are made nodes.
 * @param outputs indexes of the outputs to keep; what only the others need is left out
 * @throws RangeError for an operator that is not known here
 */
export function convertToOnnx(file: Uint8Array, outputs: readonly number[]): Uint8Array<ArrayBuffer> {
  return onnxGraph(file, outputs).encode();
}

/** The same as a graph, whose bytes can be had part by part. @throws RangeError */
export function onnxGraph(file: Uint8Array, outputs: readonly number[]): OnnxGraph {
  const model = readTflite(file);
  const conversion = new Conversion(model);
  const { graph } = conversion;
  const [input] = model.inputs;
  graph.input(INPUT_NAME, channelsFirst(conversion.shape(input)));
  graph.node('Identity', [INPUT_NAME], [conversion.name(input)]);
  for (const operator of model.operators) {
    const convert = OPERATORS[operator.code];
    if (!convert) throw new RangeError(`TFLite operator ${operator.code} is not known here`);
    convert(conversion, operator);
  }
  for (const index of outputs) {
    const tensor = model.outputs[index];
    if (tensor === undefined) throw new RangeError(`the network has no output ${index}`);
    graph.node('Identity', [conversion.name(tensor)], [outputName(index)]);
    graph.output(outputName(index), channelsFirst(conversion.shape(tensor)));
  }
  return graph;
}
