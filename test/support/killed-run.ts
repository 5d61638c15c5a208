import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CliRun, runCli } from './run-cli.js';

/** Where a run's checkpoints are, below its output folder. */
const CHECKPOINTS = join('.bodyscript', 'checkpoints');

/** The checkpoint in an output folder; undefined if none exists. */
export async function checkpointIn(out: string): Promise<string | undefined> {
  const names = await readdir(join(out, CHECKPOINTS)).catch(() => []);
  const name = names.find(other => other.endsWith('.bin'));
  return name && join(out, CHECKPOINTS, name);
}

/**
 * A run of the command line that was killed after its second checkpoint, in its own folder; it can be continued
 * in copies of it.
 */
export class KilledRun {
  readonly #folder: string;
  readonly #args: readonly string[];

  private constructor(folder: string, args: readonly string[]) {
    this.#folder = folder;
    this.#args = args;
  }

  /**
   * @param folder which becomes the working folder; outputs go to `out` in it
   * @param args of `analyze`, without `-o`
   */
  static async start(folder: string, args: readonly string[]): Promise<KilledRun> {
    const run = new CliRun(['analyze', ...args, '-o', 'out'], { cwd: folder });
    let first: Buffer | undefined;
    for (;;) {
      if (run.process.exitCode !== null) throw new Error(`it ended before it was killed: ${run.stderr}`);
      const path = await checkpointIn(join(folder, 'out'));
      const bytes = path && (await readFile(path).catch(() => undefined));
      if (bytes && first && !bytes.equals(first)) break;
      first ??= bytes || undefined;
      await delay(10);
    }
    run.process.kill('SIGKILL');
    await run.finished;
    await delay(200); // Wait until its children have noticed.
    return new KilledRun(folder, args);
  }

  /** Continues in a copy of the folder. @param before changes the copy */
  async goOn(copy: string, before: (out: string) => Promise<void> = async () => {}) {
    await cp(this.#folder, copy, { recursive: true });
    const out = join(copy, 'out');
    await before(out);
    const result = await runCli(['analyze', ...this.#args, '-o', 'out'], { cwd: copy });
    return { ...result, out };
  }
}
