import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { descendantsOf } from './processes.js';

const BIN = fileURLToPath(new URL('../../bin/bodyscript.js', import.meta.url));
const NAMESPACES = ['--pid', '--fork', '--kill-child', '--mount-proc', '--uts'];
const LOOK_EVERY_MS = 20;

/** Whether commands can run as on other machines here (Linux, as root). */
export const HAS_OTHER_MACHINES = spawnSync('unshare', [...NAMESPACES, 'true']).status === 0;

/** A command on a machine of its own, as far as processes can see: other process numbers, another host name. */
export class OtherMachine {
  /** Its messages. */
  reported = '';
  /** Its exit code; null after a signal. */
  readonly finished: Promise<number | null>;
  readonly #process: ChildProcess;

  constructor(host: string, args: readonly string[]) {
    const words = ['hostname', host, '&&', 'exec', process.execPath, BIN, ...args].join(' ');
    this.#process = spawn('unshare', [...NAMESPACES, 'sh', '-c', words], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#process.stderr?.on('data', text => {
      this.reported += text;
    });
    this.finished = new Promise(resolve => this.#process.on('close', resolve));
  }

  /** Pauses all its processes, wakes them, or ends them. */
  async signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): Promise<void> {
    const pid = this.#process.pid ?? 0;
    for (const one of [...(await descendantsOf(pid)), { pid }]) {
      try {
        process.kill(one.pid, signal);
      } catch {} // It has ended meanwhile.
    }
  }

  /** Waits until it has written a number of bytes into a file. @throws if it ends before */
  async untilWritten(path: string, bytes: number): Promise<void> {
    const size = () =>
      stat(path).then(
        stats => stats.size,
        () => 0,
      );
    while ((await size()) < bytes) {
      if (this.#process.exitCode !== null) throw new Error(`ended early: ${this.reported}`);
      await delay(LOOK_EVERY_MS);
    }
  }
}
