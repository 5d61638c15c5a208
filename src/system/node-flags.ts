/**
 * Flags that concern only the process that got them: its program, its debugger, a watcher. The value of `-e` and `-p`
 * is the program.
 */
const PROGRAM = /^(-e|--eval|-p|--print|-pe)$/;
const BOUND =
  /^--(eval=|print=|input-type|experimental-default-type|inspect|debug-port|watch|test($|[-=])|check$)|^-(c|i)$|^--interactive$/;
/** Flags, with their own value, that decide what a thread loads. */
const LOADING = /^(-r|--require|--import|--loader|--experimental-loader|-C|--conditions)(=|$)/;
/** Flags without a value that a thread accepts. */
const OF_THREADS = /^--(no-warnings|trace-warnings|enable-source-maps|preserve-symlinks)$/;

/**
 * Node's own flags for another process of this program: all those of this one, except those that concern only this
 * process.
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
 * Node's own flags for a thread. A thread inherits those of its process, V8's as well, which Node refuses to pass to a
 * thread explicitly (`ERR_WORKER_INVALID_EXEC_ARGV`). But it fails with `--input-type` of `node --input-type=module -e
 * ...`: then it gets the flags it needs explicitly.
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
