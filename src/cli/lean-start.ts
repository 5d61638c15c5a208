import { accessSync, constants, realpathSync } from 'node:fs';
import { keepYoungHeapSmall } from '../system/collect-garbage.js';
import { forgetLeanEnvironment, leanEnvironment, leanHeap } from '../system/lean-memory.js';

/** They read tables of any length frame by frame: a larger heap would only fill with discarded frames. */
const TABLE_COMMANDS: readonly string[] = [
  'compare',
  'filter',
  'report',
  'render',
  'export',
  'angles',
  'plots',
  'quality',
  'cycles',
  'measure',
];
/**
 * All commands except `analyze` (the default) and `demo`, which analyses too. They end soon, or keep their heap small.
 */
export const OTHER_COMMANDS: readonly string[] = [
  ...TABLE_COMMANDS,
  'jobs',
  'plan',
  'doctor',
  'help',
  'complete',
  'completion',
];
/** Options that make `analyze` print something and exit. */
const ONLY_TELLS = /^(-h|--help|-V|--version|-n|--dry-run|--print-config)$/;
/**
 * The system hands the new program the standard streams alone: other open files given by path (`<(...)` of a shell)
 * would be closed.
 */
const OPEN_FILE = /\/fd\/\d/;
/** Options that apply only to this process: a listening debugger, a watcher, permissions that it gave up. */
const BOUND_TO_PROCESS = /--(inspect|watch|permission|experimental-permission)/;

/** Node 22.15, 23.11 and newer; not on Windows. */
type Execve = (file: string, args: readonly string[], environment: NodeJS.ProcessEnv) => void;

/**
 * Analysis in little memory: sets the allocator and the JavaScript heap, which have to be set before a process starts,
 * and starts Node again in its own place (same process, streams and signals; 30 to 40 ms). To be called before
 * anything else is loaded. Where that is not possible, or nobody analyses, only what can be set now is set.
 * @param script the program's own file
 */
export function startLean(argv: readonly string[], script: string): void {
  if (forgetLeanEnvironment(process.env)) return;
  const young = leanHeap(process.execArgv, process.env);
  if (young.length > 0 && TABLE_COMMANDS.includes(argv[2] ?? '')) keepYoungHeapSmall();
  if (!analyses(argv.slice(2))) return;
  const heap = [...young, ...compiler(argv)];
  const environment = leanEnvironment(process.env);
  if (Object.keys(environment).length > 0 && mayRestart(argv, script)) {
    restart([process.argv0, ...process.execArgv, ...heap, ...argv.slice(1)], {
      ...process.env,
      ...environment,
    });
  } else if (young.length > 0) {
    keepYoungHeapSmall();
  }
}

/** MediaPipe's code is compiled once for all: 70 MB less (`engine/mediapipe/load-tasks-vision.ts`). */
function compiler(argv: readonly string[]): readonly string[] {
  const isMediapipe = [...argv, `--engine=${process.env.BODYSCRIPT_ENGINE}`].some(word =>
    /^(--engine=)?mediapipe$/.test(word),
  );
  return isMediapipe ? ['--no-liftoff'] : [];
}

export function analyses(words: readonly string[]): boolean {
  const command = words.find(word => !word.startsWith('-'));
  return words.length > 0 && !OTHER_COMMANDS.includes(command ?? '') && !words.some(word => ONLY_TELLS.test(word));
}

function mayRestart(argv: readonly string[], script: string): boolean {
  const options = [...process.execArgv, process.env.NODE_OPTIONS ?? ''];
  if (typeof (process as { execve?: Execve }).execve !== 'function' || process.send) return false;
  if (options.some(option => BOUND_TO_PROCESS.test(option)) || argv.some(word => OPEN_FILE.test(word))) return false;
  try {
    accessSync(process.execPath, constants.X_OK); // If it cannot be started, Node would not return.
    return realpathSync(argv[1] ?? '') === realpathSync(script);
  } catch {
    return false;
  }
}

function restart(args: readonly string[], environment: NodeJS.ProcessEnv): void {
  const { emitWarning } = process;
  // That it is experimental is nothing to users.
  process.emitWarning = () => {};
  try {
    (process as unknown as { execve: Execve }).execve(process.execPath, args, environment);
  } catch {
    // It goes on as it is.
  } finally {
    process.emitWarning = emitWarning;
  }
}
