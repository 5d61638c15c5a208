import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Whether this machine has the server that queues need. */
export const HAS_REDIS = spawnSync('redis-server', ['--version']).status === 0;

const READY_WITHIN_MS = 20_000;

/** A port that nothing listens on now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise(resolve => server.close(resolve));
  return port;
}

/** A Redis server of a test's own, in memory alone, on this machine's own network. */
export class TestRedis implements AsyncDisposable {
  readonly port: number;
  readonly #folder: string;
  readonly #options: readonly string[];
  #server: ChildProcess | undefined;

  private constructor(port: number, folder: string, options: readonly string[]) {
    [this.port, this.#folder, this.#options] = [port, folder, options];
  }

  /** @param options of redis-server, beside those that keep it apart from others */
  static async start(...options: readonly string[]): Promise<TestRedis> {
    const folder = await mkdtemp(join(tmpdir(), 'bodyscript-redis-'));
    const redis = new TestRedis(await freePort(), folder, options);
    await redis.restart();
    return redis;
  }

  /** @param database number of the database, so that tests of one server do not meet */
  url(database: number, login = ''): string {
    return `redis://${login}127.0.0.1:${this.port}/${database}`;
  }

  /** Starts it with nothing in it. */
  async restart(): Promise<void> {
    const place = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#folder];
    const memory = ['--save', '', '--appendonly', 'no', ...this.#options];
    const server = spawn('redis-server', [...place, ...memory], { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#server = server;
    let said = '';
    server.stdout.on('data', text => {
      said += text;
    });
    const end = performance.now() + READY_WITHIN_MS;
    while (!said.includes('Ready to accept connections')) {
      if (performance.now() > end || server.exitCode !== null) throw new Error(`redis-server did not start: ${said}`);
      await delay(20);
    }
  }

  /** Ends it at once, with all that it holds. */
  async kill(): Promise<void> {
    const server = this.#server;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const gone = new Promise(resolve => server.once('exit', resolve));
    server.kill('SIGKILL');
    await gone;
  }

  /** Lets it answer no more, with all connections open. */
  suspend(): void {
    this.#server?.kill('SIGSTOP');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
