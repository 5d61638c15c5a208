import { WireType } from '@bufbuild/protobuf/wire';
import {
  type Apart,
  type Attribute,
  type Constant,
  constantApart,
  constantHead,
  DATA_TYPE,
  GRAPH,
  integer,
  MODEL,
  message,
  type Node,
  OPSET,
  partOf,
  rawBytes,
  sizeOf,
  text,
  writeNode,
  writeValue,
} from './onnx-fields.js';

export type { Attribute } from './onnx-fields.js';

/** Versions that every recent onnxruntime reads. */
const IR_VERSION = 8;
const OPSET_VERSION = 13;

/** Smaller constants stay in the graph: many of them define its structure. */
const SMALLEST_APART = 1024;
/** Alignment of a constant in a mapped file. */
const APART_ALIGNMENT = 4096;

/** An ONNX graph under construction. */
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

  /** @param data the numbers, or a function that yields them on writing */
  floats(name: string, dims: readonly number[], data: Float32Array | (() => Float32Array)): string {
    this.#constants.set(name, { dims, type: 'float', data: typeof data === 'function' ? data : () => data });
    return name;
  }

  /** Numbers stored in 16 bits and computed in 32. @param data IEEE 754 half precision */
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

  /** The nodes that lead to an output; the results of the others are unused. */
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

  /** The same bytes part by part: each constant is built in its turn, and can be freed afterwards. */
  *chunks(): Generator<Uint8Array> {
    for (const { bytes } of this.#parts()) yield bytes;
  }

  /**
   * The same with large constants in a file beside the graph, so that loading it does not read them.
   * @param location the file's name
   * @param onPart receives each part of the whole graph's bytes, as `chunks` yields them
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

  /** @param apart constants in another file; undefined: none */
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
      yield { bytes: heads[i]! };
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
