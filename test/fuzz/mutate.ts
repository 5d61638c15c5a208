import { HOSTILE_TEXTS, hostileJson } from './hostile-values.js';
import type { Random } from './random.js';

/** Lengths that readers of binary files may take for sizes, big-endian. */
const SIZES = [0, 1, 7, 8, 0x7fffffff, 0x80000000, 0xffffffff] as const;

type ByteMutation = (bytes: Buffer, random: Random) => Buffer;

const BYTE_MUTATIONS: readonly ByteMutation[] = [
  flipBits,
  overwrite,
  (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  removePart,
  repeatPart,
  insertNoise,
  (bytes, random) => {
    bytes.writeUInt32BE(random.pick(SIZES), random.below(Math.max(1, bytes.length - 4)));
    return bytes;
  },
];

/** A copy of a file's bytes with one to four errors. */
export function mutateBytes(original: Buffer, random: Random): Buffer {
  let bytes = Buffer.from(original);
  for (let left = 1 + random.below(4); left > 0 && bytes.length > 8; left--) {
    bytes = Buffer.from(random.pick(BYTE_MUTATIONS)(bytes, random));
  }
  return bytes;
}

export function flipBits(bytes: Buffer, random: Random): Buffer {
  for (let left = 1 + random.below(16); left > 0; left--) {
    const at = random.below(bytes.length);
    bytes[at] = bytes[at]! ^ (1 << random.below(8));
  }
  return bytes;
}

function overwrite(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length);
  const length = Math.min(bytes.length - at, 1 + random.below(200));
  if (random.chance(0.3)) bytes.fill(random.pick([0, 255]), at, at + length);
  else random.bytes(length).copy(bytes, at);
  return bytes;
}

function part(bytes: Buffer, random: Random): readonly [from: number, to: number] {
  const from = random.below(bytes.length);
  return [from, Math.min(bytes.length, from + 1 + random.below(Math.max(1, bytes.length >> 2)))];
}

function removePart(bytes: Buffer, random: Random): Buffer {
  const [from, to] = part(bytes, random);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
}

function repeatPart(bytes: Buffer, random: Random): Buffer {
  const [from, to] = part(bytes, random);
  return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
}

function insertNoise(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length);
  return Buffer.concat([bytes.subarray(0, at), random.bytes(1 + random.below(64)), bytes.subarray(at)]);
}

/** A table's text with wrong cells, lines or columns. */
export function mutateTable(text: string, random: Random): string {
  let lines = text.split('\n');
  for (let left = 1 + random.below(3); left > 0; left--) lines = random.pick(TABLE_MUTATIONS)(lines, random);
  return lines.join(random.chance(0.1) ? '\r\n' : '\n');
}

type LineMutation = (lines: string[], random: Random) => string[];

const TABLE_MUTATIONS: readonly LineMutation[] = [
  replaceCell,
  replaceCell,
  replaceCell,
  (lines, random) => lines.toSpliced(random.below(lines.length), 1 + random.below(3)),
  (lines, random) => lines.toSpliced(random.below(lines.length), 0, random.pick(lines)),
  (lines, random) => lines.toSpliced(random.below(lines.length), 0, random.pick(HOSTILE_TEXTS)),
  (lines, random) => lines.toSpliced(random.below(lines.length), 0, 'x'.repeat(random.pick([100, 3_000_000]))),
  swapLines,
  changeColumns,
];

function replaceCell(lines: string[], random: Random): string[] {
  const at = random.below(lines.length);
  const cells = (lines[at] ?? '').split(',');
  const text = random.pick(HOSTILE_TEXTS);
  cells[random.below(cells.length)] = random.chance(0.3) ? `"${text.replaceAll('"', '""')}"` : text;
  return lines.with(at, cells.join(','));
}

function swapLines(lines: string[], random: Random): string[] {
  const [a, b] = [random.below(lines.length), random.below(lines.length)];
  return lines.with(a, lines[b] ?? '').with(b, lines[a] ?? '');
}

/** Removes, repeats or renames a column, in the first line only or in all of them. */
function changeColumns(lines: string[], random: Random): string[] {
  const column = random.below((lines[0] ?? '').split(',').length);
  const change = random.pick<(cells: string[]) => string[]>([
    cells => cells.toSpliced(column, 1),
    cells => cells.toSpliced(column, 0, cells[column] ?? ''),
    cells => cells.toSpliced(column, 1, random.pick(HOSTILE_TEXTS).replace(/[,\n]/g, '')),
  ]);
  const all = random.chance(0.5);
  return lines.map((line, i) => (i === 0 || all ? change(line.split(',')).join(',') : line));
}

/** A copy of a JSON value with other values in one to four places. */
export function mutateJson(value: unknown, random: Random): unknown {
  const copy: unknown = structuredClone(value);
  for (let left = 1 + random.below(4); left > 0; left--) replacePlace(copy, random);
  return random.chance(0.03) ? hostileJson(random) : copy;
}

function replacePlace(root: unknown, random: Random): void {
  const places: [container: Record<string, unknown>, key: string][] = [];
  collectPlaces(root, places);
  if (places.length === 0) return;
  const [container, key] = random.pick(places);
  if (random.chance(0.2)) delete container[key];
  else if (random.chance(0.1)) container[random.pick(HOSTILE_TEXTS)] = hostileJson(random);
  else container[key] = hostileJson(random);
}

function collectPlaces(value: unknown, into: [Record<string, unknown>, string][], depth = 0): void {
  if (typeof value !== 'object' || value === null || depth > 20) return;
  for (const key of Object.keys(value)) {
    into.push([value as Record<string, unknown>, key]);
    collectPlaces((value as Record<string, unknown>)[key], into, depth + 1);
  }
}
