import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** Field numbers of messages in ONNX's `onnx.proto3`. */
const MODEL = { irVersion: 1, producer: 2, graph: 7, opset: 8 };
const OPSET = { domain: 1, version: 2 };
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 };
const NODE = { input: 1, output: 2, name: 3, opType: 4, attribute: 5 };
const ATTRIBUTE = { name: 1, float: 2, integer: 3, string: 4, integers: 8, type: 20 };
const ATTRIBUTE_TYPE = { float: 1, integer: 2, string: 3, integers: 7 };
const TENSOR = { dims: 1, dataType: 2, name: 8, raw: 9 };
const DATA_TYPE = { float: 1, int64: 7, float16: 10 } as const;
const VALUE = { name: 1, type: 2 };

/** Versions that every onnxruntime of the last years reads. */
const IR_VERSION = 8;
const OPSET_VERSION = 13;

/** A plain number is an integer to ONNX. */
export type Attribute = number | string | readonly number[] | { readonly float: number };

interface Node {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

interface Constant {
  readonly dims: readonly number[];
  readonly type: keyof typeof DATA_TYPE;
  readonly data: Float32Array | BigInt64Array | Uint16Array;
}

function message(writer: BinaryWriter, field: number, fill: (inner: BinaryWriter) => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  fill(writer);
  writer.join();
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function integer(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value);
}

/** An ONNX graph in the making. */
export class OnnxGraph {
  readonly #name: string;
  readonly #nodes: Node[] = [];
  readonly #constants = new Map<string, Constant>();
  readonly #inputs: { name: string; shape: readonly number[] }[] = [];
  readonly #outputs: { name: string; shape: readonly number[] }[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  node(
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): void {
    this.#nodes.push({ operator, inputs, outputs, attributes });
  }

  floats(name: string, dims: readonly number[], data: Float32Array): string {
    this.#constants.set(name, { dims, type: 'float', data });
    return name;
  }

  /** Numbers that are stored in 16 bits and computed with in 32. @param data IEEE 754 half precision */
  halves(name: string, dims: readonly number[], data: Uint16Array): string {
    this.#constants.set(`${name}_half`, { dims, type: 'float16', data });
    this.node('Cast', [`${name}_half`], [name], { to: DATA_TYPE.float });
    return name;
  }

  integers(name: string, data: readonly number[]): string {
    this.#constants.set(name, { dims: [data.length], type: 'int64', data: BigInt64Array.from(data, BigInt) });
    return name;
  }

  input(name: string, shape: readonly number[]): void {
    this.#inputs.push({ name, shape });
  }

  output(name: string, shape: readonly number[]): void {
    this.#outputs.push({ name, shape });
  }

  /** The nodes that lead to an output: what the others compute, nobody asks for. */
  #needed(): { nodes: Node[]; names: Set<string> } {
    const names = new Set(this.#outputs.map(output => output.name));
    const nodes: Node[] = [];
    for (const node of [...this.#nodes].reverse()) {
      if (!node.outputs.some(name => names.has(name))) continue;
      nodes.unshift(node);
      for (const name of node.inputs) names.add(name);
    }
    return { nodes, names };
  }

  /** The graph as the bytes of an `.onnx` file. */
  encode(): Uint8Array<ArrayBuffer> {
    const { nodes, names } = this.#needed();
    const writer = new BinaryWriter();
    integer(writer, MODEL.irVersion, IR_VERSION);
    text(writer, MODEL.producer, 'bodyscript');
    message(writer, MODEL.graph, graph => {
      for (const node of nodes) message(graph, GRAPH.node, inner => writeNode(inner, node));
      text(graph, GRAPH.name, this.#name);
      for (const [name, constant] of this.#constants) {
        if (names.has(name)) message(graph, GRAPH.initializer, inner => writeConstant(inner, name, constant));
      }
      for (const { name, shape } of this.#inputs) message(graph, GRAPH.input, inner => writeValue(inner, name, shape));
      for (const { name, shape } of this.#outputs)
        message(graph, GRAPH.output, inner => writeValue(inner, name, shape));
    });
    message(writer, MODEL.opset, opset => {
      text(opset, OPSET.domain, '');
      integer(opset, OPSET.version, OPSET_VERSION);
    });
    return new Uint8Array(writer.finish());
  }
}

function writeNode(writer: BinaryWriter, { operator, inputs, outputs, attributes }: Node): void {
  for (const name of inputs) text(writer, NODE.input, name);
  for (const name of outputs) text(writer, NODE.output, name);
  text(writer, NODE.name, `${operator}_${outputs[0]}`);
  text(writer, NODE.opType, operator);
  for (const [name, value] of Object.entries(attributes)) {
    message(writer, NODE.attribute, inner => writeAttribute(inner, name, value));
  }
}

function writeAttribute(writer: BinaryWriter, name: string, value: Attribute): void {
  text(writer, ATTRIBUTE.name, name);
  if (typeof value === 'string') {
    text(writer, ATTRIBUTE.string, value);
    integer(writer, ATTRIBUTE.type, ATTRIBUTE_TYPE.string);
  } else if (typeof value === 'number') {
    integer(writer, ATTRIBUTE.integer, value);
    integer(writer, ATTRIBUTE.type, ATTRIBUTE_TYPE.integer);
  } else if ('float' in value) {
    writer.tag(ATTRIBUTE.float, WireType.Bit32).float(value.float);
    integer(writer, ATTRIBUTE.type, ATTRIBUTE_TYPE.float);
  } else {
    for (const item of value) integer(writer, ATTRIBUTE.integers, item);
    integer(writer, ATTRIBUTE.type, ATTRIBUTE_TYPE.integers);
  }
}

function writeConstant(writer: BinaryWriter, name: string, { dims, type, data }: Constant): void {
  for (const size of dims) integer(writer, TENSOR.dims, size);
  integer(writer, TENSOR.dataType, DATA_TYPE[type]);
  text(writer, TENSOR.name, name);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  writer.tag(TENSOR.raw, WireType.LengthDelimited).bytes(bytes);
}

/** `ValueInfoProto`: a name, and the type `tensor(float)` of a shape. */
function writeValue(writer: BinaryWriter, name: string, shape: readonly number[]): void {
  text(writer, VALUE.name, name);
  message(writer, VALUE.type, type =>
    message(type, 1, tensor => {
      integer(tensor, 1, DATA_TYPE.float);
      message(tensor, 2, dims => {
        for (const size of shape) message(dims, 1, dim => integer(dim, 1, size));
      });
    }),
  );
}
