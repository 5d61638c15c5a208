import { expect, test } from 'vitest';
import { FramePool } from '../../src/decode/frame-pool.js';

test('pictures for which the system has no memory are an error with a remedy, not a bare RangeError', () => {
  const allocate = () => new FramePool(2 ** 50);
  expect(allocate).toThrow(
    expect.objectContaining({ code: 'NOT_ENOUGH_MEMORY', remedy: expect.stringContaining('--max-size') }),
  );
});
