/**
 * The header of a netCDF file in the classic format with 64-bit offsets (Unidata, "NetCDF Classic and 64-bit Offset
 * File Formats"), whose first dimension is unlimited: the parts of a record are adjacent, so that a file is written in
 * one pass.
 */
const MAGIC = Buffer.from('CDF\u0002', 'latin1');
const LISTS = { dimensions: 10, variables: 11, attributes: 12 } as const;
const TYPES = { char: 2, float: 5, double: 6 } as const;
const BYTES = { char: 1, float: 4, double: 8 } as const;
type Type = keyof typeof TYPES;

/** Text, or one double-precision number; `float`: one single-precision number. */
type NetcdfValue = string | number | { readonly float: number };

interface NetcdfVariable {
  readonly name: string;
  readonly type: Type;
  /** Names of dimensions; a variable that begins with the unlimited one has a part in each record. */
  readonly dimensions: readonly string[];
  readonly attributes?: Readonly<Record<string, NetcdfValue>>;
  /** All values, for a variable that is not in records. */
  readonly data?: Buffer;
}

export interface NetcdfFacts {
  /** Lengths by name, at least 1; 0 for the unlimited one. */
  readonly dimensions: Readonly<Record<string, number>>;
  readonly attributes: Readonly<Record<string, NetcdfValue>>;
  /** Those in records come last. Each part of a record must be a multiple of 4 bytes. */
  readonly variables: readonly NetcdfVariable[];
  /** Length of the unlimited dimension. */
  readonly records: number;
}

/** Everything before the first record, in which the record variables follow in order, big-endian. */
export function netcdfHead(facts: NetcdfFacts): Buffer {
  const length = headOf(facts, []).length;
  const begins: number[] = [];
  let at = length;
  for (const variable of facts.variables) {
    begins.push(at);
    at += sizeOf(variable, facts);
  }
  const data = facts.variables.flatMap(({ data: values }) => (values ? [padded(values)] : []));
  return Buffer.concat([headOf(facts, begins), ...data]);
}

/** Texts as the rows of a character matrix, ended by zeros. */
export function netcdfTexts(texts: readonly string[]): { readonly width: number; readonly data: Buffer } {
  const bytes = texts.map(text => Buffer.from(text));
  const width = Math.max(...bytes.map(({ length }) => length));
  return { width, data: Buffer.concat(bytes.map(text => Buffer.concat([text, Buffer.alloc(width - text.length)]))) };
}

function headOf({ dimensions, attributes, variables, records }: NetcdfFacts, begins: readonly number[]): Buffer {
  const names = Object.keys(dimensions);
  const sizes = Object.entries(dimensions).map(([name, length]) => Buffer.concat([named(name), whole(length)]));
  const described = variables.map((variable, index) =>
    Buffer.concat([
      named(variable.name),
      whole(variable.dimensions.length, ...variable.dimensions.map(name => names.indexOf(name))),
      attributesOf(variable.attributes ?? {}),
      whole(TYPES[variable.type], sizeOf(variable, { dimensions })),
      long(begins[index] ?? 0),
    ]),
  );
  return Buffer.concat([
    MAGIC,
    whole(records),
    list('dimensions', sizes),
    attributesOf(attributes),
    list('variables', described),
  ]);
}

/** Bytes of a variable, or of its part of a record. */
function sizeOf({ type, dimensions }: NetcdfVariable, { dimensions: lengths }: Pick<NetcdfFacts, 'dimensions'>) {
  const values = dimensions.reduce((product, name) => product * (lengths[name] || 1), 1);
  return 4 * Math.ceil((values * BYTES[type]) / 4);
}

function attributesOf(attributes: Readonly<Record<string, NetcdfValue>>): Buffer {
  const entries = Object.entries(attributes).map(([name, value]) =>
    Buffer.concat([named(name), attributeValue(value)]),
  );
  return list('attributes', entries);
}

function attributeValue(value: NetcdfValue): Buffer {
  if (typeof value === 'string') {
    const bytes = Buffer.from(value);
    return Buffer.concat([whole(TYPES.char, bytes.length), padded(bytes)]);
  }
  const isFloat = typeof value === 'object';
  const bytes = Buffer.alloc(isFloat ? 4 : 8);
  if (isFloat) bytes.writeFloatBE(value.float);
  else bytes.writeDoubleBE(value);
  return Buffer.concat([whole(isFloat ? TYPES.float : TYPES.double, 1), bytes]);
}

/** An empty list has no type. */
function list(kind: keyof typeof LISTS, entries: readonly Buffer[]): Buffer {
  return Buffer.concat([whole(entries.length === 0 ? 0 : LISTS[kind], entries.length), ...entries]);
}

function named(name: string): Buffer {
  const bytes = Buffer.from(name);
  return Buffer.concat([whole(bytes.length), padded(bytes)]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function whole(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
