import { UnfitJson } from './plain-json.js';

/**
 * Plain values as JSON, and back to the same values, including those that JSON cannot express. Numbers that are not
 * finite, -0, `undefined`, maps, sets, dates and typed arrays become objects with the key `$`, which names their type.
 * Lists of numbers, and lists of uniform objects of numbers (33 landmarks), are 64-bit floats in base64: a third of the
 * size, and faster.
 */
const TAG = '$';
/** Shorter lists are written out. */
const PACKED_FROM = 8;
/** Deeper than the nesting of any state. */
const DEEPEST = 40;
const BYTES_PER_NUMBER = 8;

const NUMBERS: ReadonlyMap<string, number | undefined> = new Map([
  ['undefined', undefined],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
]);

/** A plain value as JSON. @throws TypeError for anything else: functions, classes, the key `$` */
export function stateText(value: unknown): string {
  return JSON.stringify(encoded(value));
}

function encoded(value: unknown): unknown {
  if (typeof value === 'number') return encodedNumber(value);
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (value === undefined) return { [TAG]: 'undefined' };
  if (Array.isArray(value)) return encodedList(value);
  if (typeof value === 'object') return encodedObject(value);
  throw new TypeError(`a ${typeof value} is not a plain value`);
}

function encodedNumber(value: number): unknown {
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  return { [TAG]: Object.is(value, -0) ? '-0' : String(value) };
}

function encodedList(list: readonly unknown[]): unknown {
  if (list.length >= PACKED_FROM) {
    const [first] = list;
    if (typeof first === 'number') {
      if (list.every(value => typeof value === 'number')) return { [TAG]: 'numbers', base64: packed(list) };
    } else if (isPlainObject(first)) {
      const keys = Object.keys(first);
      const values = keys.length > 0 ? columns(list, keys) : undefined;
      if (values) return { [TAG]: 'rows', keys, base64: base64Of(values) };
    }
  }
  return list.map(encoded);
}

/** The numbers of objects with the same numeric fields, row by row; undefined for anything else. */
function columns(list: readonly unknown[], keys: readonly string[]): Float64Array | undefined {
  const values = new Float64Array(list.length * keys.length);
  let at = 0;
  for (const row of list) {
    if (!isPlainObject(row)) return undefined;
    let i = 0;
    for (const key in row) {
      const value = row[key];
      if (key !== keys[i++] || typeof value !== 'number') return undefined;
      values[at++] = value;
    }
    if (i !== keys.length) return undefined;
  }
  return values;
}

function encodedObject(value: object): unknown {
  if (value instanceof Map) {
    return { [TAG]: 'map', entries: [...value].map(([key, inner]) => [encoded(key), encoded(inner)]) };
  }
  if (value instanceof Set) return { [TAG]: 'set', values: encodedList([...value]) };
  if (value instanceof Date) return { [TAG]: 'date', milliseconds: value.getTime() };
  if (value instanceof Float32Array) return { [TAG]: 'float32', base64: base64Of(value) };
  if (value instanceof Float64Array) return { [TAG]: 'float64', base64: base64Of(value) };
  if (!isPlainObject(value) || TAG in value) throw new TypeError('this object is not a plain value');
  const result: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) result[key] = encoded(inner);
  return result;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const packed = (values: readonly number[]) => base64Of(Float64Array.from(values));

function base64Of({ buffer, byteOffset, byteLength }: Float32Array | Float64Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

/** The value from a text by `stateText`. @throws UnfitJson for any other text */
export function parseState(text: string): unknown {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new UnfitJson('is not valid JSON');
  }
  return decoded(json, 0);
}

type Tagged = Readonly<Record<string, unknown>>;

function decoded(json: unknown, depth: number): unknown {
  if (depth > DEEPEST) throw new UnfitJson(`is nested more than ${DEEPEST} levels deep`);
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map(value => decoded(value, depth + 1));
  if (Object.hasOwn(json, TAG)) return decodedTagged(json as Tagged, depth);
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(json)) {
    if (key === '__proto__') throw new UnfitJson('has a key "__proto__"');
    result[key] = decoded(value, depth + 1);
  }
  return result;
}

function decodedTagged(json: Tagged, depth: number): unknown {
  const tag = json[TAG];
  switch (tag) {
    case 'numbers':
      return Array.from(floats(json));
    case 'rows':
      return rows(floats(json), json.keys);
    case 'float64':
      return floats(json);
    case 'float32':
      return new Float32Array(bytesOf(json, Float32Array.BYTES_PER_ELEMENT));
    case 'map':
      return new Map(list(json.entries).map(entry => pair(decoded(entry, depth + 1))));
    case 'set':
      return new Set(list(decoded(json.values, depth + 1)));
    case 'date':
      return new Date(Number(json.milliseconds));
    default:
      if (typeof tag === 'string' && NUMBERS.has(tag)) return NUMBERS.get(tag);
      throw new UnfitJson('has a value of an unknown kind');
  }
}

function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new UnfitJson('has a list missing');
}

function pair(value: unknown): [unknown, unknown] {
  const [key, inner, ...more] = list(value);
  if (more.length > 0 || inner === undefined) throw new UnfitJson('has an invalid map');
  return [key, inner];
}

function rows(values: Float64Array, names: unknown): Record<string, number>[] {
  const keys = list(names);
  const areNames = keys.every(key => typeof key === 'string' && key !== '__proto__' && key !== TAG);
  if (!areNames || keys.length === 0 || values.length % keys.length !== 0) throw new UnfitJson('has invalid rows');
  return Array.from({ length: values.length / keys.length }, (_, row) => {
    const result: Record<string, number> = {};
    for (const [i, key] of keys.entries()) result[key as string] = values[row * keys.length + i] ?? Number.NaN;
    return result;
  });
}

const floats = (json: Tagged) => new Float64Array(bytesOf(json, BYTES_PER_NUMBER));

/** In separate memory, aligned for numbers. */
function bytesOf({ base64 }: Tagged, bytesPerNumber: number): ArrayBuffer {
  if (typeof base64 !== 'string') throw new UnfitJson('has invalid numbers');
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length % bytesPerNumber !== 0) throw new UnfitJson('has an incomplete number');
  return Uint8Array.from(bytes).buffer;
}
