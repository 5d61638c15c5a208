import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isVideoOf } from '../../src/batch/same-video.js';
import type { RunRecord } from '../../src/model/run-record.js';
import { sha256 } from '../../src/system/file-hash.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const path = join(await temporaryFolder(), 'walk.mp4');
await writeFile(path, 'walk');
const startedAt = '2026-11-26T12:00:00.000Z';
const start = Date.parse(startedAt);
const run = (change = {}) =>
  ({ startedAt, input: { bytes: 4, sha256: sha256('walk'), etag: null, ...change } }) as unknown as RunRecord;

test.each([
  ['older than the run', run(), { bytes: 4, modified: start - 1 }, true],
  [
    'newer by the clock of a file server that is ahead, with the same content',
    run(),
    { bytes: 4, modified: start + 300_000 },
    true,
  ],
  ['newer, with other content', run({ sha256: sha256('jump') }), { bytes: 4, modified: start + 300_000 }, false],
  ['newer, of unknown content', run({ sha256: null }), { bytes: 4, modified: start + 300_000 }, false],
  ['of another size', run(), { bytes: 5, modified: start - 1 }, false],
  [
    'an object with the same ETag, uploaded again',
    run({ etag: '"a"' }),
    { bytes: 4, modified: start + 9, etag: '"a"' },
    true,
  ],
  ['another object', run({ etag: '"a"' }), { bytes: 4, modified: start - 1, etag: '"b"' }, false],
])('recognises the video of a run: %s', async (_, record, facts, isSame) => {
  expect(await isVideoOf(record, path, facts)).toBe(isSame);
});
