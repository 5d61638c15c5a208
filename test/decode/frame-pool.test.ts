import { expect, test } from 'vitest';
import { FramePool } from '../../src/decode/frame-pool.js';

test('too little memory for pictures is an error with a remedy, not a bare RangeError', () => {
  const allocate = () => new FramePool(2 ** 50);
  expect(allocate).toThrow(
    expect.objectContaining({ code: 'NOT_ENOUGH_MEMORY', remedy: expect.stringContaining('--max-size') }),
  );
});
