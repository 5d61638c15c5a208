/** The mappings of a process by type, according to the kernel (Linux: proc(5), `smaps`). */
import { readFileSync } from 'node:fs';

const KIB = 1024;
const MEBIBYTE = 2 ** 20;
/** glibc's thread arenas begin at multiples of this. */
const ARENA_ALIGNMENT = 64 * MEBIBYTE;
/** V8 allocates its heap in pages that begin at multiples of this. */
const V8_PAGE = 256 * KIB;
/** Larger anonymous mappings are single large allocations of glibc, by onnxruntime or for pictures. */
const LARGE = MEBIBYTE;
const LARGEST_STACK = 16 * MEBIBYTE;

/** Types of mappings, as named in tables. */
export const KINDS = [
  'V8 heap (pages of 256 KB)',
  'malloc: main heap',
  'malloc: arenas of threads',
  'large pieces: weights, frames, tensors',
  'small anonymous mappings',
  'stacks',
  'networks (files)',
  'onnxruntime (library)',
  'program and libraries',
] as const;
export type Kind = (typeof KINDS)[number];

/** Bytes. `fixed` is unreclaimable. */
export interface Amount {
  readonly rss: number;
  readonly pss: number;
  readonly fixed: number;
}

interface Mapping extends Amount {
  readonly start: number;
  readonly end: number;
  readonly permissions: string;
  readonly path: string;
}

const HEADER = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \d+ *(.*)$/;

function mappingsOf(pid: number): Mapping[] {
  const mappings: { header: RegExpExecArray; fields: Map<string, number> }[] = [];
  for (const line of readFileSync(`/proc/${pid}/smaps`, 'utf8').split('\n')) {
    const header = HEADER.exec(line);
    if (header) mappings.push({ header, fields: new Map() });
    const field = /^(\w+): +(\d+) kB$/.exec(line);
    if (field) mappings.at(-1)?.fields.set(field[1]!, Number(field[2]) * KIB);
  }
  return mappings.map(({ header, fields }) => ({
    start: Number.parseInt(header[1]!, 16),
    end: Number.parseInt(header[2]!, 16),
    permissions: header[3]!,
    path: header[4]!,
    rss: fields.get('Rss') ?? 0,
    pss: fields.get('Pss') ?? 0,
    fixed: fields.get('Anonymous') ?? 0,
  }));
}

function kindOf(mapping: Mapping, before: Mapping | undefined, isNode: boolean): Kind {
  const { path, start, end } = mapping;
  const size = end - start;
  if (path === '[heap]') return 'malloc: main heap';
  if (path.startsWith('[stack')) return 'stacks';
  if (/\.(onnx|ort|data|bin|weights)\b/.test(path)) return 'networks (files)';
  if (path.includes('onnxruntime')) return 'onnxruntime (library)';
  if (path.startsWith('/') && !path.startsWith('/dev/') && !path.startsWith('/memfd')) return 'program and libraries';
  const guarded = before?.end === start && before.permissions.startsWith('---');
  if (guarded && before.end - before.start <= 16 * KIB && size <= LARGEST_STACK) return 'stacks';
  if (start % ARENA_ALIGNMENT === 0) return 'malloc: arenas of threads';
  if (isNode && start % V8_PAGE === 0 && size % V8_PAGE === 0) return 'V8 heap (pages of 256 KB)';
  return size >= LARGE ? 'large pieces: weights, frames, tensors' : 'small anonymous mappings';
}

/**
 * The memory of a process, by type, without empty types. A guess where mappings have no names: the kernel merges
 * neighbours of two types.
 */
export function kindsOf(pid: number, isNode: boolean): ReadonlyMap<Kind, Amount> {
  const amounts = new Map<Kind, Amount>();
  const mappings = mappingsOf(pid);
  for (const [i, mapping] of mappings.entries()) {
    if (mapping.rss === 0) continue;
    const kind = kindOf(mapping, mappings[i - 1], isNode);
    const sum = amounts.get(kind) ?? { rss: 0, pss: 0, fixed: 0 };
    amounts.set(kind, {
      rss: sum.rss + mapping.rss,
      pss: sum.pss + mapping.pss,
      fixed: sum.fixed + mapping.fixed,
    });
  }
  return amounts;
}
