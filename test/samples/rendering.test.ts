import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FramePool } from '../../samples/render/frame-pool.js';
import { frameHash } from '../../samples/render/render-clip.js';
import { SAMPLES } from '../support/reference-clips.js';

const FULL = { width: 640, height: 480, samples: 4, shadowCells: 192 } as const;
const SMALL = { width: 96, height: 72, samples: 1, shadowCells: 48 } as const;

async function hashes(pool: FramePool, film: Parameters<FramePool['frames']>[0], indexes: readonly number[]) {
  const list: string[] = [];
  for await (const { data } of pool.frames(film, indexes)) list.push(frameHash(data));
  return list;
}

describe('rendering', () => {
  test('frames equal the recorded ones', async () => {
    const recorded = JSON.parse(await readFile(join(SAMPLES, 'frame-hashes.json'), 'utf8')) as Record<string, string[]>;
    await using pool = new FramePool(FULL, 2);
    expect(await hashes(pool, 'wave', [80, 0])).toEqual([recorded.wave?.[80], recorded.wave?.[0]]);
    expect(await hashes(pool, 'crossing', [55])).toEqual([recorded.crossing?.[55]]);
  });

  test('the number of threads and the order of the frames make no difference', async () => {
    await using one = new FramePool(SMALL, 1);
    await using three = new FramePool(SMALL, 3);
    const forward = await hashes(one, 'cartwheel', [0, 20, 40, 60, 80]);
    expect(await hashes(three, 'cartwheel', [0, 20, 40, 60, 80])).toEqual(forward);
    expect((await hashes(three, 'cartwheel', [80, 60, 40, 20, 0])).reverse()).toEqual(forward);
    expect(new Set(forward).size).toBe(5);
  });

  test('a thread that fails is reported, and does not hang', async () => {
    await using pool = new FramePool(SMALL, 1);
    await expect(hashes(pool, 'no such film' as never, [0])).rejects.toThrow();
  });
});
