import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { OpenStack } from './open-stack.js';

/** Bytes from another process, read in pieces of any size. */
export interface ByteSource {
  /** Fills `target`; false if the bytes end earlier. Make one call at a time. */
  fill(target: Uint8Array): Promise<boolean>;
  close(): void;
}

/** A pipe whose other end can be given to a child process. */
export interface BytePipe extends ByteSource {
  /** The child's end; close it here once the child has it. */
  readonly childEnd: Socket;
}

/** A Unix socket buffers little more. */
const REST_BYTES = 64 * 1024;

/**
 * A pipe that is read directly to its destination. Node reads a child's stdout into a new buffer each time, 64 kB by 64
 * kB: at 1080p that garbage occupies 35 MB and doubles the time. Undefined if it cannot be made: on Windows, or without
 * a temporary folder whose path is short enough for a socket; the child's stdout then replaces it (`streamSource`).
 */
export async function openBytePipe(): Promise<BytePipe | undefined> {
  if (process.platform === 'win32') return undefined;
  try {
    return await openSocketPipe();
  } catch {
    return undefined;
  }
}

async function openSocketPipe(): Promise<BytePipe> {
  const folder = await mkdtemp(join(tmpdir(), 'bodyscript-'));
  const server = createServer({ pauseOnConnect: true });
  try {
    server.listen(join(folder, 'pipe'));
    await once(server, 'listening');
    await using opened = new OpenStack();
    const source = opened.add(new SocketSource(join(folder, 'pipe')));
    const [childEnd] = (await once(server, 'connection')) as [Socket];
    opened.keep();
    return { childEnd, fill: target => source.fill(target), close: () => source.close() };
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The bytes are read directly into a target. Only its first ones pass through a small buffer: the socket needs a
 * destination before it knows the next target.
 */
class SocketSource implements ByteSource {
  readonly #socket: Socket;
  readonly #rest = Buffer.allocUnsafeSlow(REST_BYTES);
  /** The part of `rest` that has been read but not yet used. */
  #from = 0;
  #to = 0;
  /** The current target. */
  #target: Uint8Array | undefined;
  #filled = 0;
  /** Whether the socket reads into the target. */
  #inPlace = false;
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(path: string) {
    this.#socket = connect({
      path,
      onread: { buffer: () => this.#whereTo(), callback: bytes => this.#take(bytes) },
    });
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => {
      this.#ended = true;
      this.#wake?.();
    });
  }

  async fill(target: Uint8Array): Promise<boolean> {
    [this.#target, this.#filled] = [target, 0];
    this.#takeRest();
    if (this.#isUnfilled && !this.#ended) {
      await new Promise<void>(resolve => {
        this.#wake = resolve;
        this.#socket.resume();
      });
      this.#wake = undefined;
    }
    const isWhole = !this.#isUnfilled;
    this.#target = undefined;
    return isWhole;
  }

  close(): void {
    this.#socket.destroy();
  }

  get #isUnfilled(): boolean {
    return this.#target !== undefined && this.#filled < this.#target.length;
  }

  /** @returns whether to read on: never beyond the request */
  #take(bytes: number): boolean {
    if (this.#inPlace) this.#filled += bytes;
    else {
      [this.#from, this.#to] = [0, bytes];
      this.#takeRest();
    }
    if (this.#isUnfilled) return true;
    this.#wake?.();
    return false;
  }

  /** Called before the first read and after each. */
  #whereTo(): Uint8Array {
    this.#inPlace = this.#isUnfilled;
    return this.#inPlace && this.#target ? this.#target.subarray(this.#filled) : this.#rest;
  }

  #takeRest(): void {
    if (!this.#target) return;
    const count = Math.min(this.#to - this.#from, this.#target.length - this.#filled);
    this.#target.set(this.#rest.subarray(this.#from, this.#from + count), this.#filled);
    this.#filled += count;
    this.#from += count;
  }
}

/** The same from any Node stream, for systems where the pipe above does not work. */
export function streamSource(stream: Readable): ByteSource {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Uint8Array = new Uint8Array(0);
  return {
    async fill(target) {
      let filled = 0;
      for (;;) {
        const part = rest.subarray(0, target.length - filled);
        target.set(part, filled);
        filled += part.length;
        rest = rest.subarray(part.length);
        if (filled === target.length) return true;
        const next = await chunks.next().catch(() => undefined);
        if (!next || next.done) return false;
        rest = next.value;
      }
    },
    close: () => stream.destroy(),
  };
}
