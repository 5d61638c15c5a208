import { loadImage } from '@napi-rs/canvas';
import { describe, expect, test } from 'vitest';
import { type YuvImage, yuvBytes } from '../../../src/model/picture.js';
import { composeSheet, type Sheet } from '../../../src/outputs/pictures/compose-sheet.js';
import type { Kept } from '../../../src/outputs/pictures/picks.js';

const SIZE = { width: 160, height: 120 };
const CELL_HEIGHT = 120 + 18 + 8;
const frame = (frameId: number, people: readonly number[] = [0], score = 0.95): Kept => ({
  frameId,
  timestamp: frameId / 10,
  score,
  isMissing: people.length === 0,
  worth: score,
  people,
  at: frameId,
});

/** The size of a sheet, and the most pictures that were read and not yet drawn. */
async function sheetOf(part: Partial<Sheet>) {
  let reads = 0;
  const read = async (): Promise<YuvImage> => {
    reads++;
    return { ...SIZE, matrix: 'bt601', data: new Uint8Array(yuvBytes(SIZE.width, SIZE.height)).fill(128) };
  };
  const regular = [0, 1, 2, 3, 4].map(id => frame(id));
  const lowest = { score: 0.95, frameId: 0, timestamp: 0 };
  const sheet = { title: 'walk', size: SIZE, columns: 4, regular, step: 0.1, worst: [], lowest, read, ...part };
  const { width, height } = await loadImage(await composeSheet(sheet));
  return { width, height, reads };
}

describe('a contact sheet', () => {
  test('has a row of low scores only where there are some', async () => {
    const [without, withSome] = [await sheetOf({}), await sheetOf({ worst: [frame(9, [0], 0.3), frame(7, [])] })];
    expect([without.width, without.reads]).toEqual([4 * 168 + 8, 5]);
    expect([withSome.height - without.height, withSome.reads]).toEqual([CELL_HEIGHT, 7]);
  });

  test('has a line for the people of each picture where the video has several', async () => {
    const regular = [frame(0), frame(1, [0, 3]), frame(2, [])];
    expect((await sheetOf({ regular })).height - (await sheetOf({ regular: [frame(0)] })).height).toBe(18);
  });

  test('of a video without frames, or with a long and strange name, is a sheet all the same', async () => {
    const strange = `${'a'.repeat(500)}\u202e\n\u0000${'ü'.repeat(200)}`;
    expect((await sheetOf({ regular: [], lowest: undefined, title: strange })).width).toBe(4 * 168 + 8);
  });
});
