import { existsSync } from 'node:fs';

/** What a child gets in addition to its arguments. */
export interface Leash {
  /** An open file, which the child gets as descriptor `INHERITED_AT`. */
  readonly inherit?: number | undefined;
  /** Maximum bytes of address space, if the system can enforce it (Linux); undefined: unlimited. */
  readonly addressSpace?: number | undefined;
}

/** The descriptor of an inherited file in the child. */
const INHERITED_AT = 3;

/**
 * A path under which a child opens the file that it inherits, each time from its beginning; undefined if none exists.
 * On macOS `/dev/fd` would share one position among all readers, so a name must do there.
 */
export const INHERITED_PATH: string | undefined =
  process.platform === 'linux' && existsSync('/proc/self/fd') ? `/proc/self/fd/${INHERITED_AT}` : undefined;

/** The unit of `ulimit -v`. */
const LIMIT_UNIT_BYTES = 1024;
/** The shell's message when it cannot start a program. */
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;

/** A program and its arguments, started with its limit. The shell becomes the program: there is one process. */
export function leashed(
  file: string,
  args: readonly string[],
  { addressSpace }: Leash,
): { readonly file: string; readonly args: readonly string[] } {
  if (addressSpace === undefined || process.platform !== 'linux') return { file, args };
  const limit = String(Math.ceil(addressSpace / LIMIT_UNIT_BYTES));
  // Keep a lower limit that already applies.
  const script = 'ulimit -v "$0" 2>/dev/null; exec "$@"';
  return { file: '/bin/sh', args: ['-c', script, limit, file, ...args] };
}

/** The error that the program would have had without the shell before it; undefined if it did start. */
export function startErrorOf(
  file: string,
  { addressSpace }: Leash,
  code: number | null,
): NodeJS.ErrnoException | undefined {
  if (addressSpace === undefined || process.platform !== 'linux') return undefined;
  if (code !== NOT_FOUND && code !== NOT_EXECUTABLE) return undefined;
  const name = code === NOT_FOUND ? 'ENOENT' : 'EACCES';
  return Object.assign(new Error(`spawn ${file} ${name}`), { code: name });
}
