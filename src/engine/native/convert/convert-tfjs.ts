import { type Attribute, OnnxGraph } from './onnx.js';
import { INPUT_NAME, outputName } from './tensor-names.js';
import { readTfjs, type TfjsConstant, type TfjsNode } from './tfjs.js';
import { TFJS_OPERATORS } from './tfjs-operators.js';

/** What an operator has computed. */
export interface Computed {
  /** In ONNX. */
  readonly name: string;
  /** In ONNX. */
  readonly shape: readonly number[];
  /** TensorFlow sees four dimensions with the channels last; ONNX has them second all the time. */
  readonly channelsLast: boolean;
}

/** What an operator's conversion works with. */
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
    if (!found) throw new RangeError(`${tensor} is no computed tensor`);
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

  /** A constant, or undefined for what is computed. */
  constant(tensor: string): TfjsConstant | undefined {
    return this.#constants.get(tensor);
  }

  /** Makes an operator's output a constant. */
  setConstant(tensor: string, constant: TfjsConstant): void {
    this.#constants.set(tensor, constant);
  }

  /** The numbers of a constant of integers: a shape, an order of axes. @throws RangeError for anything else */
  integers(tensor: string): readonly number[] {
    const data = this.constant(tensor)?.data;
    if (!(data instanceof Int32Array)) throw new RangeError(`${tensor} is no constant of integers`);
    return [...data];
  }
}

/**
 * Converts a network from TensorFlow.js to ONNX. Weights of 16 bits stay so in the file and are widened when it is loaded. Pictures are (1, channels,
 * height, width) in ONNX from end to end: the transpositions around TensorFlow's convolutions fall away.
 * @param name of the network, for whoever looks into the file
 * @param outputs names of the nodes whose results are wanted, in the order of the ONNX outputs
 * @throws RangeError for an operator that is not known here
 */
export function convertTfjsToOnnx(
  name: string,
  model: string,
  weights: Uint8Array,
  outputs: readonly string[],
): Uint8Array<ArrayBuffer> {
  const { nodes, constants } = readTfjs(model, weights);
  const conversion = new TfjsConversion(name, constants);
  const { graph } = conversion;
  for (const node of nodes) {
    if (node.operator === 'Const') continue;
    if (node.operator === 'Placeholder') readInput(conversion, node);
    else {
      const convert = TFJS_OPERATORS[node.operator];
      if (!convert) throw new RangeError(`TensorFlow operator ${node.operator} is not known here`);
      convert(conversion, node);
    }
  }
  for (const [index, output] of outputs.entries()) {
    const { name: computed, shape, channelsLast } = conversion.computed(output);
    if (channelsLast) throw new RangeError(`output ${output} has its channels last`);
    graph.node('Identity', [computed], [outputName(index)]);
    graph.output(outputName(index), shape);
  }
  return graph.encode();
}

function readInput(conversion: TfjsConversion, node: TfjsNode): void {
  const shape = node.shape();
  if (!shape) throw new RangeError(`input ${node.name} has no shape`);
  conversion.graph.input(INPUT_NAME, shape);
  conversion.setComputed(node.name, { name: INPUT_NAME, shape, channelsLast: false });
}
