import { denseValues, storedValues, type Values } from './constants.js';
import { OnnxGraph } from './onnx.js';
import type { TfliteModel } from './tflite.js';

/** What an operator's conversion needs. Tensors of four dimensions are channels-first in ONNX. */
export class Conversion {
  readonly graph = new OnnxGraph('blazepose');
  readonly model: TfliteModel;
  readonly #constants = new Map<number, () => Values>();
  /**
   * Outputs of padding operators that the following convolution performs itself: the padded tensor, and [top, left,
   * bottom, right].
   */
  readonly foldedPads = new Map<number, { readonly source: number; readonly pads: readonly number[] }>();

  constructor(model: TfliteModel) {
    this.model = model;
  }

  name(tensor: number): string {
    return `t${tensor}`;
  }

  shape(tensor: number): readonly number[] {
    return this.model.tensors[tensor]!.shape;
  }

  /** Yields the numbers of a constant; undefined for a computed tensor. */
  constant(tensor: number): (() => Values) | undefined {
    const known = this.#constants.get(tensor);
    if (known) return known;
    const stored = this.model.tensors[tensor]!;
    if (!stored.data) return undefined;
    const { sparsity } = stored;
    return sparsity ? () => denseValues(stored, sparsity) : () => storedValues(stored);
  }

  /** Turns an operator's output into a constant. */
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
  return shape.length === 4 ? [shape[0]!, shape[3]!, shape[1]!, shape[2]!] : shape;
}
