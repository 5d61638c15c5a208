/** Messages of ONNX's `onnx.proto3` as bytes. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** Field numbers of messages in ONNX's `onnx.proto3`. */
export const MODEL = { irVersion: 1, producer: 2, graph: 7, opset: 8 };
export const OPSET = { domain: 1, version: 2 };
export const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 };
const NODE = { input: 1, output: 2, name: 3, opType: 4, attribute: 5 };
const ATTRIBUTE = { name: 1, float: 2, integer: 3, string: 4, integers: 8, type: 20 };
const ATTRIBUTE_TYPE = { float: 1, integer: 2, string: 3, integers: 7 };
const TENSOR = { dims: 1, dataType: 2, name: 8, raw: 9, external: 13, location: 14 };
const ENTRY = { key: 1, value: 2 };
const IN_ANOTHER_FILE = 1;
export const DATA_TYPE = { float: 1, int64: 7, float16: 10 } as const;
const VALUE = { name: 1, type: 2 };

/** ONNX treats a plain number as an integer. */
export type Attribute = number | string | readonly number[] | { readonly float: number };

export interface Node {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

type Numbers = Float32Array | BigInt64Array | Uint16Array;

export interface Constant {
  readonly dims: readonly number[];
  readonly type: keyof typeof DATA_TYPE;
  /** Built on writing, so that only one is in memory at a time. */
  readonly data: () => Numbers;
}

/** Where constants lie in the file beside their graph. */
export interface Apart {
  /** Name of the file. */
  readonly location: string;
  /** By name of the constant, in bytes from the file's beginning. */
  readonly offsets: ReadonlyMap<string, number>;
}

const BYTES_OF: Readonly<Record<keyof typeof DATA_TYPE, number>> = { float: 4, int64: 8, float16: 2 };

export function message(writer: BinaryWriter, field: number, fill: (inner: BinaryWriter) => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  fill(writer);
  writer.join();
}

export function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

export function integer(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value);
}

/** Fields that follow one another in a message. */
export function partOf(fill: (writer: BinaryWriter) => void): Uint8Array {
  const writer = new BinaryWriter();
  fill(writer);
  return writer.finish();
}

export function writeNode(writer: BinaryWriter, { operator, inputs, outputs, attributes }: Node): void {
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

export const sizeOf = ({ dims, type }: Constant) => dims.reduce((product, size) => product * size, 1) * BYTES_OF[type];

/** A constant within its graph, except for its numbers, which end it. */
export function constantHead(name: string, constant: Constant): Uint8Array {
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
export function constantApart(name: string, constant: Constant, { location, offsets }: Apart): Uint8Array {
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

/** @throws RangeError if the count of numbers differs from what its dimensions require */
export function rawBytes(name: string, constant: Constant): Uint8Array {
  const data = constant.data();
  if (data.byteLength !== sizeOf(constant)) throw new RangeError(`constant ${name} has ${data.length} numbers`);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** `ValueInfoProto`: a name, and the type `tensor(float)` of a shape. */
export function writeValue(writer: BinaryWriter, name: string, shape: readonly number[]): void {
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
