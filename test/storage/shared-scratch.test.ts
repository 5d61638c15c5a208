import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Scratch } from '../../src/storage/scratch.js';
import { claimCopy, unstageVideo } from '../../src/storage/stage.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();

test('two analyses of one video with one scratch folder have a copy each, and neither removes the other’s', async () => {
  const scratch = await Scratch.open(join(folder, 'scratch'));
  const place = (use: string) => scratch.videoFolder(use);
  {
    await using first = await claimCopy(scratch, 's3://lab/walk.mp4');
    await using second = await claimCopy(scratch, 's3://lab/walk.mp4');
    expect(place(second.use)).not.toBe(place(first.use));
    for (const { use } of [first, second]) {
      await mkdir(place(use), { recursive: true });
      await writeFile(join(place(use), 'walk.mp4'), 'a video');
    }
    await unstageVideo(scratch, second.use);
    expect(await readdir(place(first.use))).toEqual(['walk.mp4']);
    await unstageVideo(scratch, first.use);
  }
  // A later run finds the place that an interrupted one used.
  await using later = await claimCopy(scratch, 's3://lab/walk.mp4');
  expect(later.use).toBe('s3://lab/walk.mp4');
});
