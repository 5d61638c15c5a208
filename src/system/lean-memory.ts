import { closeSync, openSync, readSync } from 'node:fs';

/**
 * glibc keeps freed blocks below a threshold, which it raises by itself up to 32 MB: leftovers of loading networks and
 * of the first frames would stay. With a fixed threshold the process tree of a run takes 20 to 60 MB less, in the same
 * CPU time. 64 KB gains nothing more, and requests pages more often. Threads seldom allocate at the same time here, so
 * one arena serves them all, for 8 to 11 MB less.
 */
const ALLOCATOR = { MALLOC_MMAP_THRESHOLD_: '262144', MALLOC_ARENA_MAX: '1' };
/**
 * V8 lets the young heap grow to 32 MB, in Node 24 to 128, for speed that is not needed here: a frame makes little
 * garbage.
 */
const YOUNG_HEAP = '--max-semi-space-size=1';
/** A program names its loader at the beginning of its file. */
const HEAD_BYTES = 4096;

/** Names the variables that were set only for one process, to that process. */
const MARKER = 'BODYSCRIPT_LEAN_START';

/**
 * Additions to the environment of a process of this program, which removes them with `forgetLeanEnvironment`. Empty if
 * nothing can be set.
 */
export function leanEnvironment(environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const allocator = leanAllocator(environment);
  const names = Object.keys(allocator);
  return names.length === 0 ? {} : { ...allocator, [MARKER]: names.join(',') };
}

/**
 * Removes the settings from the environment: the allocator has read them, and ffmpeg must not get them. It frees and
 * allocates whole pictures, whose pages would be requested each time.
 * @returns whether there were any settings
 */
export function forgetLeanEnvironment(environment: NodeJS.ProcessEnv): boolean {
  const marker = environment[MARKER];
  if (marker === undefined) return false;
  delete environment[MARKER];
  for (const name of marker.split(',')) if (name in ALLOCATOR) delete environment[name];
  return true;
}

/**
 * Variables that the allocator reads when a process starts. None if they have no effect (they are glibc's own), or if
 * the user has set one of them.
 */
export function leanAllocator(environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const isSet = Object.keys(environment).some(name => /^(MALLOC_|GLIBC_TUNABLES$|LD_PRELOAD$)/.test(name));
  return isSet || !hasGlibc() ? {} : ALLOCATOR;
}

/**
 * Node's options for a process with small heaps; none if the user has set heap sizes.
 * @param given existing options of the process
 */
export function leanHeap(given: readonly string[], environment: NodeJS.ProcessEnv): readonly string[] {
  return [...given, environment.NODE_OPTIONS ?? ''].some(option => /semi[-_]space/.test(option)) ? [] : [YOUNG_HEAP];
}

let glibc: boolean | undefined;

/** Whether Node was linked with glibc. Its own report says so as well, but takes a hundred times as long. */
function hasGlibc(): boolean {
  glibc ??= process.platform === 'linux' && headOf(process.execPath).includes('ld-linux');
  return glibc;
}

function headOf(path: string): string {
  const head = Buffer.alloc(HEAD_BYTES);
  try {
    const file = openSync(path, 'r');
    try {
      return head.toString('latin1', 0, readSync(file, head));
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}
