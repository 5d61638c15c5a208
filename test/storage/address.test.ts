import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../src/storage/address.js';

describe('an address of a bucket', () => {
  test.each([
    ['s3://lab/clips/../private', /must not contain the parts \. or \.\./],
    ['s3://lab/clips/..\\private', /must not contain the parts/],
    ['s3://lab/./clips', /must not contain the parts/],
    ['s3://lab/walk.mp4?X-Amz-Signature=0123', /^s3:\/\/lab\/walk\.mp4: .*must not contain a query/],
    ['s3://name:word@lab/clips', /^s3:\/\/lab\/clips: the name of a bucket/],
  ])('%s is refused for its own reason, without secrets', (address, says) => {
    expect(() => parseAddress(address)).toThrow(says);
    expect(() => parseAddress(address)).not.toThrow(/0123|word/);
  });

  test.each(['a b/100%/c+d/é.mp4', 'e\u0301.mp4', '..hidden/two..dots.mp4', '/first.mp4', 'a//b.mp4'])(
    'may have the key %s',
    key => {
      expect(parseAddress(`s3://lab/${key}`)).toEqual({ bucket: 'lab', key });
    },
  );
});
