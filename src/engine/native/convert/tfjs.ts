/** Attributes of a node as TensorFlow.js writes protobuf's JSON: strings in Base64, integers as text. */
interface StoredAttribute {
  readonly b?: boolean;
  readonly f?: number;
  readonly i?: string | number;
  readonly s?: string;
  readonly list?: { readonly i?: readonly (string | number)[] };
  readonly shape?: { readonly dim: readonly { readonly size: string | number }[] };
}

interface StoredNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, StoredAttribute>>;
}

interface StoredWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string };
}

/** The fields read from a `model.json` ("graph-model"). */
interface StoredModel {
  readonly modelTopology: { readonly node: readonly StoredNode[] };
  readonly weightsManifest: readonly { readonly weights: readonly StoredWeight[] }[];
}

/** A constant: 32-bit floats or integers, or IEEE 754 half precision in 16 bits each. */
export interface TfjsConstant {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint16Array;
}

/** One operation; each absent attribute has its default. */
export class TfjsNode {
  readonly name: string;
  readonly operator: string;
  /** Names of tensors: the node's, with `:1` and so on for outputs after the first. */
  readonly inputs: readonly string[];
  readonly #attributes: Readonly<Record<string, StoredAttribute>>;

  constructor({ name, op, input = [], attr = {} }: StoredNode) {
    this.name = name;
    this.operator = op;
    // An input that begins with ^ states an order, not data.
    this.inputs = input.filter(tensor => !tensor.startsWith('^')).map(tensor => tensor.replace(/:0$/, ''));
    this.#attributes = attr;
  }

  flag(key: string): boolean {
    return this.#attributes[key]?.b ?? false;
  }

  float(key: string, absent: number): number {
    return this.#attributes[key]?.f ?? absent;
  }

  text(key: string, absent: string): string {
    const stored = this.#attributes[key]?.s;
    return stored === undefined ? absent : Buffer.from(stored, 'base64').toString();
  }

  integers(key: string): readonly number[] | undefined {
    return this.#attributes[key]?.list?.i?.map(Number);
  }

  shape(): readonly number[] | undefined {
    return this.#attributes.shape?.shape?.dim.map(({ size }) => Number(size));
  }
}

export interface TfjsGraph {
  /** Each node follows those that it reads. */
  readonly nodes: readonly TfjsNode[];
  readonly constants: ReadonlyMap<string, TfjsConstant>;
}

const BYTES: Readonly<Record<string, number>> = { float32: 4, int32: 4, float16: 2 };

/** Weights lie one after another in the order of the manifest, without gaps. */
function readConstants({ weightsManifest }: StoredModel, weights: Uint8Array): Map<string, TfjsConstant> {
  const constants = new Map<string, TfjsConstant>();
  let position = 0;
  for (const { name, shape, dtype, quantization } of weightsManifest.flatMap(group => group.weights)) {
    const stored = quantization?.dtype ?? dtype;
    const width = BYTES[stored];
    if (width === undefined) throw new RangeError(`${name}: TensorFlow.js weights of ${stored} are not known here`);
    const length = shape.reduce((product, size) => product * size, width);
    // A copy, since the file's bytes may not be aligned; a Buffer's own slice() would not copy.
    const { buffer } = new Uint8Array(weights.subarray(position, position + length));
    if (buffer.byteLength !== length) throw new RangeError(`${name}: the file of weights ends before it`);
    const data =
      stored === 'float16'
        ? new Uint16Array(buffer)
        : stored === 'int32'
          ? new Int32Array(buffer)
          : new Float32Array(buffer);
    constants.set(name, { shape, data });
    position += length;
  }
  if (position !== weights.length) throw new RangeError(`weights of ${position} bytes in a file of ${weights.length}`);
  return constants;
}

/** The nodes in an order in which each follows those that it reads. */
function sorted(nodes: readonly TfjsNode[]): TfjsNode[] {
  const byName = new Map(nodes.map(node => [node.name, node]));
  const done = new Set<TfjsNode>();
  const visit = (node: TfjsNode): void => {
    if (done.has(node)) return;
    done.add(node);
    for (const input of node.inputs) {
      const source = byName.get(input.replace(/:\d+$/, ''));
      if (!source) throw new RangeError(`${node.name} reads ${input}, which does not exist`);
      visit(source);
    }
    order.push(node);
  };
  const order: TfjsNode[] = [];
  for (const node of nodes) visit(node);
  return order;
}

/**
 * Reads a graph model of TensorFlow.js.
 * @param model text of its `model.json` @param weights the one file that it names
 * @throws RangeError if the two do not match, or weights are stored in an unknown way
 */
export function readTfjs(model: string, weights: Uint8Array): TfjsGraph {
  const stored = JSON.parse(model) as StoredModel;
  return {
    nodes: sorted(stored.modelTopology.node.map(node => new TfjsNode(node))),
    constants: readConstants(stored, weights),
  };
}
