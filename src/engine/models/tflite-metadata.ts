import { Builder } from 'flatbuffers';

/** How a model expects its pixels: `(value - mean) / std` of 0-255. */
export interface InputNormalisation {
  readonly mean: number;
  readonly std: number;
}

const METADATA_NAME = 'TFLITE_METADATA';
const METADATA_IDENTIFIER = 'M001';
const MODEL_IDENTIFIER = 'TFL3';

/** Field numbers of tables in TFLite's `schema.fbs`. */
const MODEL_FIELD = {
  version: 0,
  operatorCodes: 1,
  subgraphs: 2,
  description: 3,
  buffers: 4,
  metadata: 6,
  signatures: 7,
};
const MODEL_FIELD_COUNT = 8;
/** Union and enum values of TFLite's `metadata_schema.fbs`. */
const NORMALIZATION_OPTIONS = 1;
const IMAGE_PROPERTIES = 2;
const COLOR_SPACE_RGB = 1;

/** TFLite model metadata (`metadata_schema.fbs`) that states the normalisation of the single image input. */
function encodeMetadata(name: string, { mean, std }: InputNormalisation): Uint8Array {
  const b = new Builder(512);
  const floats = (value: number) => {
    b.startVector(4, 1, 4);
    b.addFloat32(value);
    return b.endVector();
  };
  const offsets = (value: number) => {
    b.startVector(4, 1, 4);
    b.addOffset(value);
    return b.endVector();
  };
  const table = (fields: number, fill: () => void) => {
    b.startObject(fields);
    fill();
    return b.endObject();
  };
  const [means, stds] = [floats(mean), floats(std)];
  const normalisation = table(2, () => {
    b.addFieldOffset(0, means, 0);
    b.addFieldOffset(1, stds, 0);
  });
  const processUnit = table(2, () => {
    b.addFieldInt8(0, NORMALIZATION_OPTIONS, 0);
    b.addFieldOffset(1, normalisation, 0);
  });
  const processUnits = offsets(processUnit);
  const imageProperties = table(2, () => b.addFieldInt8(0, COLOR_SPACE_RGB, 0));
  const content = table(3, () => {
    b.addFieldInt8(0, IMAGE_PROPERTIES, 0);
    b.addFieldOffset(1, imageProperties, 0);
  });
  const tensorName = b.createString('image');
  const tensor = table(7, () => {
    b.addFieldOffset(0, tensorName, 0);
    b.addFieldOffset(3, content, 0);
    b.addFieldOffset(4, processUnits, 0);
  });
  const inputs = offsets(tensor);
  const subgraph = table(8, () => b.addFieldOffset(2, inputs, 0));
  const subgraphs = offsets(subgraph);
  const modelName = b.createString(name);
  const root = table(8, () => {
    b.addFieldOffset(0, modelName, 0);
    b.addFieldOffset(3, subgraphs, 0);
  });
  b.finish(root, METADATA_IDENTIFIER);
  return b.asUint8Array();
}

/** Reads the root table of a TFLite file. */
class ModelRoot {
  readonly #view: DataView;
  readonly #root: number;

  constructor(model: Uint8Array) {
    this.#view = new DataView(model.buffer, model.byteOffset, model.byteLength);
    const identifier = String.fromCharCode(...model.subarray(4, 8));
    if (identifier !== MODEL_IDENTIFIER) throw new Error(`not a TFLite model (identifier "${identifier}")`);
    this.#root = this.#view.getUint32(0, true);
  }

  /** Position of an inline field; 0 if the table lacks it. */
  #field(index: number): number {
    const vtable = this.#root - this.#view.getInt32(this.#root, true);
    const slot = 4 + 2 * index;
    const offset = slot < this.#view.getUint16(vtable, true) ? this.#view.getUint16(vtable + slot, true) : 0;
    return offset === 0 ? 0 : this.#root + offset;
  }

  uint(index: number): number {
    const position = this.#field(index);
    return position === 0 ? 0 : this.#view.getUint32(position, true);
  }

  /** Position of the target of an offset field, or 0. */
  target(index: number): number {
    const position = this.#field(index);
    return position === 0 ? 0 : this.follow(position);
  }

  follow(position: number): number {
    return position + this.#view.getUint32(position, true);
  }

  /** Positions of the tables in a vector of tables. */
  tables(vector: number): number[] {
    const count = vector === 0 ? 0 : this.#view.getUint32(vector, true);
    return Array.from({ length: count }, (_, i) => this.follow(vector + 4 + 4 * i));
  }
}

/** Writes FlatBuffers objects front to back; each may point forward to any later position. */
class HeadWriter {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  #end = 8; // after the root offset and the file identifier

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.#view = new DataView(this.bytes.buffer);
    this.bytes.set(new TextEncoder().encode(MODEL_IDENTIFIER), 4);
  }

  get end(): number {
    return this.#end;
  }

  reserve(size: number, alignment = 4): number {
    const position = Math.ceil(this.#end / alignment) * alignment;
    this.#end = position + size;
    return position;
  }

  uint(position: number, value: number): void {
    this.#view.setUint32(position, value, true);
  }

  point(from: number, to: number): void {
    this.uint(from, to - from);
  }

  /** A table of 4-byte fields; returns its position and the positions of the fields named. */
  table(fieldCount: number, fields: readonly number[]): { position: number; slots: Map<number, number> } {
    const vtable = this.reserve(4 + 2 * fieldCount);
    const position = this.reserve(4 + 4 * fields.length);
    this.#view.setUint16(vtable, 4 + 2 * fieldCount, true);
    this.#view.setUint16(vtable + 2, 4 + 4 * fields.length, true);
    this.#view.setInt32(position, position - vtable, true);
    const slots = new Map(fields.map((field, i) => [field, position + 4 + 4 * i]));
    for (const [field, slot] of slots) this.#view.setUint16(vtable + 4 + 2 * field, slot - position, true);
    return { position, slots };
  }

  /** A vector of offsets; returns its position and those of its elements. */
  vector(count: number): { position: number; elements: number[] } {
    const position = this.reserve(4 + 4 * count);
    this.uint(position, count);
    return { position, elements: Array.from({ length: count }, (_, i) => position + 4 + 4 * i) };
  }

  /** A vector of bytes with aligned content, as TFLite requires for its buffers. */
  byteVector(content: Uint8Array, alignment: number): number {
    const position = this.reserve(0, alignment) + alignment - 4;
    this.reserve(alignment + content.length, alignment);
    this.uint(position, content.length);
    this.bytes.set(content, position + 4);
    return position;
  }
}

/** The data of a TFLite file stay aligned after a header whose length is a multiple of this. */
const HEAD_ALIGNMENT = 64;

/**
 * A TFLite model with the metadata that tasks-vision requires. A new root table is placed before the file, so that all
 * offsets within the file stay valid: FlatBuffers offsets are relative, and point forward.
 * @throws Error if the bytes are not a TFLite model
 */
export function withMetadata(model: Uint8Array, name: string, normalisation: InputNormalisation): Uint8Array {
  const root = new ModelRoot(model);
  const metadata = encodeMetadata(name, normalisation);
  const buffers = root.tables(root.target(MODEL_FIELD.buffers));
  const entries = root.tables(root.target(MODEL_FIELD.metadata));
  const roomForTables = 256 + 4 * (buffers.length + entries.length);
  const headSize = Math.ceil((roomForTables + metadata.length) / HEAD_ALIGNMENT) * HEAD_ALIGNMENT;
  const head = new HeadWriter(headSize);
  const old = (position: number) => headSize + position;

  const carried = [
    MODEL_FIELD.operatorCodes,
    MODEL_FIELD.subgraphs,
    MODEL_FIELD.description,
    MODEL_FIELD.signatures,
  ].filter(field => root.target(field) !== 0);
  const fields = [MODEL_FIELD.version, ...carried, MODEL_FIELD.buffers, MODEL_FIELD.metadata];
  const table = head.table(MODEL_FIELD_COUNT, fields);
  const slot = (field: number) => table.slots.get(field)!;
  head.uint(0, table.position);
  head.uint(slot(MODEL_FIELD.version), root.uint(MODEL_FIELD.version));
  for (const field of carried) head.point(slot(field), old(root.target(field)));

  const newBuffers = head.vector(buffers.length + 1);
  head.point(slot(MODEL_FIELD.buffers), newBuffers.position);
  const newEntries = head.vector(entries.length + 1);
  head.point(slot(MODEL_FIELD.metadata), newEntries.position);
  for (const [i, buffer] of buffers.entries()) head.point(newBuffers.elements[i]!, old(buffer));
  for (const [i, entry] of entries.entries()) head.point(newEntries.elements[i]!, old(entry));

  // The single new metadata entry: its name, and the number of the new buffer with its content.
  const entry = head.table(2, [0, 1]);
  head.point(newEntries.elements.at(-1)!, entry.position);
  const entryName = head.reserve(4 + METADATA_NAME.length + 1);
  head.uint(entryName, METADATA_NAME.length);
  head.bytes.set(new TextEncoder().encode(METADATA_NAME), entryName + 4);
  head.point(entry.slots.get(0)!, entryName);
  head.uint(entry.slots.get(1)!, buffers.length);

  const buffer = head.table(1, [0]);
  head.point(newBuffers.elements.at(-1)!, buffer.position);
  head.point(buffer.slots.get(0)!, head.byteVector(metadata, 16));
  if (head.end > headSize) throw new Error('the metadata outgrew the room reserved for it');

  const whole = new Uint8Array(headSize + model.length);
  whole.set(head.bytes);
  whole.set(model, headSize);
  return whole;
}
