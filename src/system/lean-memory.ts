import { closeSync, openSync, readSync } from 'node:fs';

/**
 * glibc keeps freed blocks that are smaller than a threshold, which it raises by itself up to 32 MB: what the loading
 * of networks and the first frames leave behind would stay. With a fixed threshold the tree of a run takes 20 to 60 MB
 * less, in the same CPU time. With 64 KB nothing more is won, and pages are asked for more often. Threads seldom
 * allocate at the same time here, so one arena serves them all, for 8 to 11 MB less.
 */
const ALLOCATOR = { MALLOC_MMAP_THRESHOLD_: '262144', MALLOC_ARENA_MAX: '1' };
/**
 * V8 lets the space for new values grow to 32 MB, in Node 24 to 128, for speed that is not missed here: a frame makes
 * little garbage.
 */
const YOUNG_HEAP = '--max-semi-space-size=1';
/** What a program says of its loader stands at the beginning of its file. */
const HEAD_BYTES = 4096;

/** Names the variables that were set for a process alone, to that process, and that it was started with them. */
const MARKER = 'BODYSCRIPT_LEAN_START';

/**
 * What to add to the environment of a process of this program, which takes it out again with `forgetLeanEnvironment`.
 * Empty where nothing can be set.
 */
export function leanEnvironment(environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const allocator = leanAllocator(environment);
  const names = Object.keys(allocator);
  return names.length === 0 ? {} : { ...allocator, [MARKER]: names.join(',') };
}

/**
 * Takes the settings out of the environment: the allocator has read them, and ffmpeg is not to have them. It frees and
 * takes whole pictures, whose pages would be asked for anew each time.
 * @returns whether there were any
 */
export function forgetLeanEnvironment(environment: NodeJS.ProcessEnv): boolean {
  const marker = environment[MARKER];
  if (marker === undefined) return false;
  delete environment[MARKER];
  for (const name of marker.split(',')) if (name in ALLOCATOR) delete environment[name];
  return true;
}

/**
 * Variables that the allocator reads when a process starts. None where they mean nothing (it is glibc's own), or where
 * the user has set any of their kind.
 */
export function leanAllocator(environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const isSet = Object.keys(environment).some(name => /^(MALLOC_|GLIBC_TUNABLES$|LD_PRELOAD$)/.test(name));
  return isSet || !hasGlibc() ? {} : ALLOCATOR;
}

/**
 * Node's options for a process with small heaps; none where the user has said how large they are.
 * @param given options that the process has already
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
