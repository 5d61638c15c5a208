import { Conversion, channelsFirst } from './conversion.js';
import type { OnnxGraph } from './onnx.js';
import { OPERATORS } from './operators.js';
import { INPUT_NAME, outputName } from './tensor-names.js';
import { readTflite } from './tflite.js';

/**
 * Converts a network of BlazePose from TFLite to ONNX. Weights are widened to 32 bits; padding and activations become
 * nodes.
 * @param outputs indexes of the outputs to keep; nodes that only the others need are omitted
 * @throws RangeError for an unknown operator
 */
export function convertToOnnx(file: Uint8Array, outputs: readonly number[]): Uint8Array<ArrayBuffer> {
  return onnxGraph(file, outputs).encode();
}

/** The same as a graph whose bytes can be read part by part. @throws RangeError */
export function onnxGraph(file: Uint8Array, outputs: readonly number[]): OnnxGraph {
  const model = readTflite(file);
  const conversion = new Conversion(model);
  const { graph } = conversion;
  const [input] = model.inputs;
  graph.input(INPUT_NAME, channelsFirst(conversion.shape(input!)));
  graph.node('Identity', [INPUT_NAME], [conversion.name(input!)]);
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
