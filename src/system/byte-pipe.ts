import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { OpenStack } from './open-stack.js';

/** Bytes from another process, taken in pieces of the reader's choice. */
export interface ByteSource {
  /** Fills all of `target`; false where the bytes end before. One call at a time. */
  fill(target: Uint8Array): Promise<boolean>;
  close(): void;
}

/** A pipe whose other end can be given to a child process. */
export interface BytePipe extends ByteSource {
  /** The end for the child; close it here once the child has it. */
  readonly childEnd: Socket;
}

/** What a socket of Unix's holds is little more. */
const REST_BYTES = 64 * 1024;

/**
 * A pipe that is read to where its bytes are wanted. Node reads a child's stdout into a new buffer each time, 64 kB by
 * 64 kB: at 1080p that garbage keeps 35 MB alive and costs twice the time. Undefined where it cannot be made: on
 * Windows, or without a folder for temporary files whose path is short enough for a socket; the child's stdout does
 * then (`streamSource`).
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
 * A target's bytes are read right into it. Only its first ones go by way of a small buffer: the socket has to know
 * where to read to before it is told the next target.
 */
class SocketSource implements ByteSource {
  readonly #socket: Socket;
  readonly #rest = Buffer.allocUnsafeSlow(REST_BYTES);
  /** The part of `rest` that has been read and not yet taken. */
  #from = 0;
  #to = 0;
  /** What is filled now. */
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

  /** @returns whether to read on: not beyond what is wanted */
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

  /** Asked before the first read and after each. */
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

/** The same from any stream of Node's, for systems where the pipe above does not work. */
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
