import { expect, test } from 'vitest';
import { s3Error } from '../../src/storage/s3-errors.js';

const answer = (name: string, httpStatusCode: number) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });

test.each([
  ['a missing bucket by name, not by the object', 'NoSuchBucket', 404, 's3://video: the bucket does not exist'],
  ['a refusal without a reason', 'Unknown', 403, 's3://video/clips/wave.mp4: access denied'],
  ['a refusal whose name is its number', '403', 403, 's3://video/clips/wave.mp4: access denied'],
  [
    'a refusal with its reason',
    'InvalidAccessKeyId',
    403,
    's3://video/clips/wave.mp4: access denied (InvalidAccessKeyId)',
  ],
])('names %s', (_, name, status, message) => {
  expect(s3Error('s3://video/clips/wave.mp4', answer(name, status)).message).toBe(message);
});
