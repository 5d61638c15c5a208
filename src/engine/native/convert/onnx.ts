import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** Field numbers of messages in ONNX's `onnx.proto3`. */
const MODEL = { irVersion: 1, producer: 2, graph: 7, opset: 8 };
const OPSET = { domain: 1, version: 2 };
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 };
const NODE = { input: 1, output: 2, name: 3, opType: 4, attribute: 5 };
const ATTRIBUTE = { name: 1, float: 2, integer: 3, string: 4, integers: 8, type: 20 };
const ATTRIBUTE_TYPE = { float: 1, integer: 2, string: 3, integers: 7 };
const TENSOR = { dims: 1, dataType: 2, name: 8, raw: 9, external: 13, location: 14 };
const ENTRY = { key: 1, value: 2 };
const IN_ANOTHER_FILE = 1;
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

type Numbers = Float32Array | BigInt64Array | Uint16Array;

interface Constant {
  readonly dims: readonly number[];
  readonly type: keyof typeof DATA_TYPE;
  /** Made when it is written, so that only one is in memory at a time. */
  readonly data: () => Numbers;
}

/** Smaller constants stay in the graph: many of them say how it is built. */
const SMALLEST_APART = 1024;
/** Where a constant may begin in a file that is mapped. */
const APART_ALIGNMENT = 4096;

/** Where constants lie in the file beside their graph. */
interface Apart {
  /** Name of the file. */
  readonly location: string;
  /** By name of the constant, in bytes from the file's beginning. */
  readonly offsets: ReadonlyMap<string, number>;
}

const BYTES_OF: Readonly<Record<keyof typeof DATA_TYPE, number>> = { float: 4, int64: 8, float16: 2 };

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

  /** @param data the numbers, or what makes them when they are written */
  floats(name: string, dims: readonly number[], data: Float32Array | (() => Float32Array)): string {
    this.#constants.set(name, { dims, type: 'float', data: typeof data === 'function' ? data : () => data });
    return name;
  }

  /** Numbers that are stored in 16 bits and computed with in 32. @param data IEEE 754 half precision */
  halves(name: string, dims: readonly number[], data: Uint16Array): string {
    this.#constants.set(`${name}_half`, { dims, type: 'float16', data: () => data });
    this.node('Cast', [`${name}_half`], [name], { to: DATA_TYPE.float });
    return name;
  }

  integers(name: string, data: readonly number[]): string {
    const numbers = BigInt64Array.from(data, BigInt);
    this.#constants.set(name, { dims: [data.length], type: 'int64', data: () => numbers });
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
    const chunks = [...this.chunks()];
    const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  }

  /** The same bytes part by part: each constant is made when its turn comes, and may be forgotten afterwards. */
  *chunks(): Generator<Uint8Array> {
    for (const { bytes } of this.#parts()) yield bytes;
  }

  /**
   * The same with large constants in a file beside the graph, so that they need not be read to load it.
   * @param location the file's name
   * @param onPart told each part of the whole graph's bytes, as `chunks` gives them
   * @param write appends to the file
   * @returns the bytes of the graph without those constants
   */
  async apart(
    location: string,
    onPart: (bytes: Uint8Array) => void,
    write: (bytes: Uint8Array) => Promise<unknown>,
  ): Promise<Uint8Array> {
    const offsets = new Map<string, number>();
    let end = 0;
    for (const { bytes, constant } of this.#parts()) {
      onPart(bytes);
      if (constant === undefined || bytes.length < SMALLEST_APART) continue;
      const gap = -end & (APART_ALIGNMENT - 1);
      if (gap > 0) await write(new Uint8Array(gap));
      await write(bytes);
      offsets.set(constant, end + gap);
      end += gap + bytes.length;
    }
    return Buffer.concat([...this.#parts({ location, offsets })].map(({ bytes }) => bytes));
  }

  /** @param apart constants that lie in another file; undefined: none does */
  *#parts(apart?: Apart): Generator<{ readonly bytes: Uint8Array; readonly constant?: string }> {
    const { nodes, names } = this.#needed();
    const constants = [...this.#constants].filter(([name]) => names.has(name));
    const isApart = (name: string) => apart?.offsets.has(name) ?? false;
    const before = partOf(graph => {
      for (const node of nodes) message(graph, GRAPH.node, inner => writeNode(inner, node));
      text(graph, GRAPH.name, this.#name);
    });
    const heads = constants.map(([name, constant]) =>
      apart && isApart(name) ? constantApart(name, constant, apart) : constantHead(name, constant),
    );
    const after = partOf(graph => {
      for (const { name, shape } of this.#inputs) message(graph, GRAPH.input, inner => writeValue(inner, name, shape));
      for (const { name, shape } of this.#outputs)
        message(graph, GRAPH.output, inner => writeValue(inner, name, shape));
    });
    const inConstants = constants.reduce(
      (sum, [name, constant], i) => sum + (heads[i]?.length ?? 0) + (isApart(name) ? 0 : sizeOf(constant)),
      0,
    );
    const start = partOf(model => {
      integer(model, MODEL.irVersion, IR_VERSION);
      text(model, MODEL.producer, 'bodyscript');
      model.tag(MODEL.graph, WireType.LengthDelimited).uint32(before.length + inConstants + after.length);
    });
    yield { bytes: start };
    yield { bytes: before };
    for (const [i, [name, constant]] of constants.entries()) {
      yield { bytes: heads[i] as Uint8Array };
      if (!isApart(name)) yield { bytes: rawBytes(name, constant), constant: name };
    }
    yield { bytes: after };
    yield {
      bytes: partOf(model =>
        message(model, MODEL.opset, opset => {
          text(opset, OPSET.domain, '');
          integer(opset, OPSET.version, OPSET_VERSION);
        }),
      ),
    };
  }
}

/** Fields that follow one another in a message. */
function partOf(fill: (writer: BinaryWriter) => void): Uint8Array {
  const writer = new BinaryWriter();
  fill(writer);
  return writer.finish();
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

const sizeOf = ({ dims, type }: Constant) => dims.reduce((product, size) => product * size, 1) * BYTES_OF[type];

/** A constant within its graph, but for its numbers, which end it. */
function constantHead(name: string, constant: Constant): Uint8Array {
  const bytes = sizeOf(constant);
  const fields = partOf(tensor => {
    for (const size of constant.dims) integer(tensor, TENSOR.dims, size);
    integer(tensor, TENSOR.dataType, DATA_TYPE[constant.type]);
    text(tensor, TENSOR.name, name);
    tensor.tag(TENSOR.raw, WireType.LengthDelimited).uint32(bytes);
  });
  const tag = partOf(graph => graph.tag(GRAPH.initializer, WireType.LengthDelimited).uint32(fields.length + bytes));
  return Buffer.concat([tag, fields]);
}

/** A constant within its graph whose numbers are in another file. */
function constantApart(name: string, constant: Constant, { location, offsets }: Apart): Uint8Array {
  const entries = { location, offset: String(offsets.get(name)), length: String(sizeOf(constant)) };
  return partOf(graph =>
    message(graph, GRAPH.initializer, tensor => {
      for (const size of constant.dims) integer(tensor, TENSOR.dims, size);
      integer(tensor, TENSOR.dataType, DATA_TYPE[constant.type]);
      text(tensor, TENSOR.name, name);
      for (const [key, value] of Object.entries(entries)) {
        message(tensor, TENSOR.external, entry => {
          text(entry, ENTRY.key, key);
          text(entry, ENTRY.value, value);
        });
      }
      integer(tensor, TENSOR.location, IN_ANOTHER_FILE);
    }),
  );
}

/** @throws RangeError where there are more or fewer numbers than its dimensions say */
function rawBytes(name: string, constant: Constant): Uint8Array {
  const data = constant.data();
  if (data.byteLength !== sizeOf(constant)) throw new RangeError(`constant ${name} has ${data.length} numbers`);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
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
