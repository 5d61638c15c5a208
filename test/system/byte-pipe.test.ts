import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { type ByteSource, openBytePipe, streamSource } from '../../src/system/byte-pipe.js';

/** Prints the bytes 0, 1, 2... 255, 0... */
const COUNTER = (bytes: number) => `process.stdout.write(Uint8Array.from({ length: ${bytes} }, (_, i) => i & 255))`;
const TOTAL = 1_000_003;

interface Opened {
  readonly source: ByteSource;
  readonly gone: Promise<unknown>;
}

async function bySocket(script: string): Promise<Opened> {
  const pipe = await openBytePipe();
  if (!pipe) throw new Error('no socket pipe on this system');
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', pipe.childEnd, 'inherit'] });
  pipe.childEnd.destroy();
  return { source: pipe, gone: new Promise(resolve => child.on('close', resolve)) };
}

async function byStream(script: string): Promise<Opened> {
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  return { source: streamSource(child.stdout), gone: new Promise(resolve => child.on('exit', resolve)) };
}

describe.each([
  ['a socket', bySocket],
  ["a child's stdout", byStream],
] as const)('bytes through %s', (_, open) => {
  test('arrive complete and in order, in pieces of any size, and end', async () => {
    const { source, gone } = await open(COUNTER(TOTAL));
    let position = 0;
    for (const size of [1, 7, 300_000, 65_536, 600_000]) {
      const piece = new Uint8Array(size);
      expect(await source.fill(piece)).toBe(true);
      expect(piece.every((byte, i) => byte === ((position + i) & 255))).toBe(true);
      position += size;
    }
    expect(await source.fill(new Uint8Array(TOTAL - position + 1))).toBe(false);
    expect(await source.fill(new Uint8Array(1))).toBe(false);
    await gone;
  });

  test('make the writer wait until they are read, and stop it if they are not needed', async () => {
    const { source, gone } = await open(
      'process.stdout.on("error", () => process.exit()); const more = error => error ? process.exit() : process.stdout.write(Buffer.alloc(1 << 20), more); more();',
    );
    const before = process.memoryUsage().rss;
    expect(await source.fill(new Uint8Array(5_000_000))).toBe(true);
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20);
    source.close();
    await gone;
  });
});

test('if no socket can be made, the result is undefined, not an error', async () => {
  vi.stubEnv('TMPDIR', join('/nonexistent', 'x'.repeat(200)));
  expect(await openBytePipe()).toBeUndefined();
  vi.unstubAllEnvs();
});
