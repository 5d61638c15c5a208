import { EXIT_CODES, InterruptedError } from '../errors.js';
import { killRunningChildren } from '../system/child-process.js';

/** SIGBREAK is Ctrl+Break on Windows; SIGHUP means that the terminal window was closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const;
/** Time to close files after the first signal; after it, or at a second signal, the process ends at once. */
const CLOSE_WITHIN_MS = 4500;

/** Aborts a run at the first signal. Dispose it to stop listening. */
export class SignalWatch implements Disposable {
  readonly #controller = new AbortController();
  readonly #exit: (code: number) => void;
  #deadline: NodeJS.Timeout | undefined;

  /** @param exit ends the process at once */
  constructor(exit: (code: number) => void) {
    this.#exit = exit;
    for (const signal of SIGNALS) process.on(signal, this.#onSignal);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#deadline);
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
  }

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    const exitNow = () => {
      killRunningChildren();
      this.#exit(signal === 'SIGINT' ? EXIT_CODES.interrupted : EXIT_CODES.terminated);
    };
    if (this.#controller.signal.aborted) exitNow();
    this.#controller.abort(new InterruptedError(signal));
    this.#deadline = setTimeout(exitNow, CLOSE_WITHIN_MS);
  };
}

/**
 * Ends the process by the signal of an exit code, as a shell expects: it reports 130 or 143 for both. `process.exit`
 * would stop the engine's thread in the middle of its network, which aborts (SIGABRT) instead of exiting. Returns on
 * Windows, which has no such signals, and in the first process of a container, which ignores its own.
 */
export function endBySignal(code: number): void {
  if (process.platform === 'win32') return;
  const signal = code === EXIT_CODES.interrupted ? 'SIGINT' : 'SIGTERM';
  process.emit('exit', code); // Locks are removed, and the terminal is as it was.
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
