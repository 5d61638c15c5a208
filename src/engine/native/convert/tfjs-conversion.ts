import { type Attribute, OnnxGraph } from './onnx.js';
import type { TfjsConstant } from './tfjs.js';

/** The result of an operator. */
export interface Computed {
  /** In ONNX. */
  readonly name: string;
  /** In ONNX. */
  readonly shape: readonly number[];
  /** TensorFlow has four dimensions with the channels last; ONNX always has the channels second. */
  readonly channelsLast: boolean;
}

/** What an operator's conversion needs. */
export class TfjsConversion {
  readonly graph: OnnxGraph;
  readonly #constants: Map<string, TfjsConstant>;
  readonly #computed = new Map<string, Computed>();

  constructor(name: string, constants: ReadonlyMap<string, TfjsConstant>) {
    this.graph = new OnnxGraph(name);
    this.#constants = new Map(constants);
  }

  /** @throws RangeError for a constant */
  computed(tensor: string): Computed {
    const found = this.#computed.get(tensor);
    if (!found) throw new RangeError(`${tensor} is not a computed tensor`);
    return found;
  }

  setComputed(tensor: string, computed: Computed): void {
    this.#computed.set(tensor, computed);
  }

  /** Adds an ONNX operator that computes a tensor. */
  emit(
    tensor: string,
    operator: string,
    inputs: readonly string[],
    { shape, channelsLast }: Omit<Computed, 'name'>,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): void {
    this.graph.node(operator, inputs, [tensor], attributes);
    this.setComputed(tensor, { name: tensor, shape, channelsLast });
  }

  /** A constant; undefined for a computed tensor. */
  constant(tensor: string): TfjsConstant | undefined {
    return this.#constants.get(tensor);
  }

  /** Turns an operator's output into a constant. */
  setConstant(tensor: string, constant: TfjsConstant): void {
    this.#constants.set(tensor, constant);
  }

  /** The numbers of a constant of integers: a shape, an order of axes. @throws RangeError for anything else */
  integers(tensor: string): readonly number[] {
    const data = this.constant(tensor)?.data;
    if (!(data instanceof Int32Array)) throw new RangeError(`${tensor} is not a constant of integers`);
    return [...data];
  }
}
