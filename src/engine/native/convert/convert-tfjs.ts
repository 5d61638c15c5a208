import { INPUT_NAME, outputName } from './tensor-names.js';
import { readTfjs, type TfjsNode } from './tfjs.js';
import { TfjsConversion } from './tfjs-conversion.js';
import { TFJS_OPERATORS } from './tfjs-operators.js';

/**
 * Converts a network from TensorFlow.js to ONNX. 16-bit weights stay so in the file and are widened on loading.
 * Pictures are (1, channels, height, width) in ONNX throughout: the transpositions around TensorFlow's convolutions
 * disappear.
 * @param name of the network, for people who inspect the file
 * @param outputs names of the nodes whose results to keep, in the order of the ONNX outputs
 * @throws RangeError for an unknown operator
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
