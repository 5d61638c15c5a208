import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

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

const READ_BUFFER_BYTES = 256 * 1024;

/**
 * A pipe that is read into one buffer, again and again. Node reads a child's stdout into a new buffer each time, 64 kB by 64 kB: at
 * 1080p that garbage keeps 35 MB alive and costs twice the time. Undefined where it cannot be made: on Windows, or without a folder for
 * temporary files whose path is short enough for a socket; the child's stdout does then (`streamSource`).
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
    const source = new SocketSource(join(folder, 'pipe'));
    const [childEnd] = (await once(server, 'connection')) as [Socket];
    return { childEnd, fill: target => source.fill(target), close: () => source.close() };
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

class SocketSource implements ByteSource {
  readonly #socket: Socket;
  readonly #buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
  /** The part of the buffer that has been read and not yet taken. */
  #from = 0;
  #to = 0;
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(path: string) {
    this.#socket = connect({
      path,
      onread: {
        buffer: this.#buffer,
        callback: bytes => {
          this.#from = 0;
          this.#to = bytes;
          this.#wake?.();
          return false; // Not again before these are taken.
        },
      },
    });
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => {
      this.#ended = true;
      this.#wake?.();
    });
  }

  async fill(target: Uint8Array): Promise<boolean> {
    let filled = 0;
    for (;;) {
      const count = Math.min(this.#to - this.#from, target.length - filled);
      target.set(this.#buffer.subarray(this.#from, this.#from + count), filled);
      filled += count;
      this.#from += count;
      if (filled === target.length) return true;
      if (this.#ended) return false;
      await this.#more();
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  async #more(): Promise<void> {
    await new Promise<void>(resolve => {
      this.#wake = resolve;
      this.#socket.resume();
    });
    this.#wake = undefined;
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
