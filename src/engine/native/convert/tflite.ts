import { ByteBuffer } from 'flatbuffers';

/** A table of a FlatBuffer, read by the field numbers of TFLite's `schema.fbs`. Absent fields have their default. */
class Table {
  readonly #bytes: ByteBuffer;
  readonly #position: number;

  constructor(bytes: ByteBuffer, position: number) {
    this.#bytes = bytes;
    this.#position = position;
  }

  static root(bytes: Uint8Array): Table {
    const buffer = new ByteBuffer(bytes);
    return new Table(buffer, buffer.readInt32(0));
  }

  #field(number: number): number | undefined {
    const offset = this.#bytes.__offset(this.#position, 4 + 2 * number);
    return offset === 0 ? undefined : this.#position + offset;
  }

  int8(number: number, absent = 0): number {
    const at = this.#field(number);
    return at === undefined ? absent : this.#bytes.readInt8(at);
  }

  int32(number: number, absent = 0): number {
    const at = this.#field(number);
    return at === undefined ? absent : this.#bytes.readInt32(at);
  }

  table(number: number): Table | undefined {
    const at = this.#field(number);
    return at === undefined ? undefined : new Table(this.#bytes, this.#bytes.__indirect(at));
  }

  string(number: number): string {
    const bytes = this.bytes(number);
    return bytes ? Buffer.from(bytes).toString() : '';
  }

  #vector(number: number): { start: number; length: number } | undefined {
    const at = this.#field(number);
    if (at === undefined) return undefined;
    return { start: this.#bytes.__vector(at), length: this.#bytes.__vector_len(at) };
  }

  tables(number: number): Table[] {
    const vector = this.#vector(number);
    return Array.from(
      { length: vector?.length ?? 0 },
      (_, i) => new Table(this.#bytes, this.#bytes.__indirect((vector?.start ?? 0) + 4 * i)),
    );
  }

  int32s(number: number): number[] {
    const vector = this.#vector(number);
    return Array.from({ length: vector?.length ?? 0 }, (_, i) => this.#bytes.readInt32((vector?.start ?? 0) + 4 * i));
  }

  bytes(number: number): Uint8Array | undefined {
    const vector = this.#vector(number);
    return vector && this.#bytes.bytes().subarray(vector.start, vector.start + vector.length);
  }
}

/** The values of TFLite's `TensorType` that BlazePose uses. */
export const TENSOR_TYPE = { float32: 0, float16: 1, int32: 2 } as const;

/** One level of a sparse tensor (`DimensionMetadata`): dense with a size, or compressed with segments and indices. */
interface SparseLevel {
  readonly isSparse: boolean;
  readonly size: number;
  readonly segments: readonly number[];
  readonly indices: readonly number[];
}

/** How a sparse constant is stored (`SparsityParameters`). */
export interface Sparsity {
  readonly traversalOrder: readonly number[];
  readonly blockMap: readonly number[];
  readonly levels: readonly SparseLevel[];
}

export interface TfliteTensor {
  readonly shape: readonly number[];
  readonly type: number;
  /** Of a constant. */
  readonly data: Uint8Array | undefined;
  readonly sparsity: Sparsity | undefined;
}

export interface TfliteOperator {
  /** Number in TFLite's `BuiltinOperator`. */
  readonly code: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Fields of the operator's options: 8-bit ones, and 32-bit ones. */
  int8Option(field: number, absent?: number): number;
  int32Option(field: number, absent?: number): number;
}

export interface TfliteModel {
  readonly tensors: readonly TfliteTensor[];
  readonly operators: readonly TfliteOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** Unions of `SparseIndexVector`: 32, 16 and 8 bits. */
function sparseIndices(level: Table, typeField: number, valueField: number): number[] {
  const values = level.table(valueField);
  if (!values) return [];
  if (level.int8(typeField) === 1) return values.int32s(0);
  const bytes = values.bytes(0) ?? new Uint8Array();
  if (level.int8(typeField) === 3) return [...bytes];
  // A vector of 16-bit numbers reports their count, not its bytes.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length * 2);
  return Array.from({ length: bytes.length }, (_, i) => view.getUint16(2 * i, true));
}

function readSparsity(table: Table | undefined): Sparsity | undefined {
  return (
    table && {
      traversalOrder: table.int32s(0),
      blockMap: table.int32s(1),
      levels: table.tables(2).map(level => ({
        isSparse: level.int8(0) === 1,
        size: level.int32(1),
        segments: sparseIndices(level, 2, 3),
        indices: sparseIndices(level, 4, 5),
      })),
    }
  );
}

/** Reads the one graph of a TFLite file. */
export function readTflite(file: Uint8Array): TfliteModel {
  const model = Table.root(file);
  // Codes up to 126 stand in the old 8-bit field, later ones in the 32-bit field.
  const codes = model.tables(1).map(code => Math.max(code.int8(0), code.int32(3)));
  const buffers = model.tables(4);
  const [graph] = model.tables(2);
  if (!graph) throw new RangeError('a TFLite file without a graph');
  return {
    tensors: graph.tables(0).map(tensor => {
      const data = buffers[tensor.int32(2)]?.bytes(0);
      return {
        shape: tensor.int32s(0),
        type: tensor.int8(1),
        data: data && data.length > 0 ? data : undefined,
        sparsity: readSparsity(tensor.table(6)),
      };
    }),
    operators: graph.tables(3).map(operator => {
      const options = operator.table(4);
      return {
        code: codes[operator.int32(0)] ?? -1,
        inputs: operator.int32s(1),
        outputs: operator.int32s(2),
        int8Option: (field, absent = 0) => options?.int8(field, absent) ?? absent,
        int32Option: (field, absent = 0) => options?.int32(field, absent) ?? absent,
      };
    }),
    inputs: graph.int32s(1),
    outputs: graph.int32s(2),
  };
}
