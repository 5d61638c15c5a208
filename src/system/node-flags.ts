/**
 * Flags about the one process that they were given to: its program, its debugger, a watcher. `-e` and `-p` have the
 * program as their value.
 */
const PROGRAM = /^(-e|--eval|-p|--print|-pe)$/;
const BOUND =
  /^--(eval=|print=|input-type|experimental-default-type|inspect|debug-port|watch|test($|[-=])|check$)|^-(c|i)$|^--interactive$/;
/** Flags, with a value of their own, that decide what a thread loads. */
const LOADING = /^(-r|--require|--import|--loader|--experimental-loader|-C|--conditions)(=|$)/;
/** Flags without a value that a thread takes. */
const OF_THREADS = /^--(no-warnings|trace-warnings|enable-source-maps|preserve-symlinks)$/;

/**
 * Node's own flags for another process of this program: all that this one was given, but for what is about this process
 * alone.
 * @param given as `process.execArgv`
 */
export function flagsForProcess(given: readonly string[]): string[] {
  const flags: string[] = [];
  for (let i = 0; i < given.length; i++) {
    const flag = given[i] ?? '';
    if (PROGRAM.test(flag)) i++;
    else if (!BOUND.test(flag)) flags.push(flag);
  }
  return flags;
}

/**
 * Node's own flags for a thread. A thread has those of its process by itself, V8's as well, which Node refuses to hand
 * to a thread by name (`ERR_WORKER_INVALID_EXEC_ARGV`). But it fails with `--input-type` of
 * `node --input-type=module -e ...`: then it gets by name what it needs.
 * @param given as `process.execArgv`
 * @returns undefined: leave them to Node
 */
export function flagsForThread(given: readonly string[]): string[] | undefined {
  if (!given.some(flag => flag.startsWith('--input-type'))) return undefined;
  const flags: string[] = [];
  for (let i = 0; i < given.length; i++) {
    const flag = given[i] ?? '';
    if (PROGRAM.test(flag)) i++;
    else if (OF_THREADS.test(flag)) flags.push(flag);
    else if (LOADING.test(flag)) {
      flags.push(flag);
      const value = given[i + 1];
      if (!flag.includes('=') && value !== undefined) {
        flags.push(value);
        i++;
      }
    }
  }
  return flags;
}
