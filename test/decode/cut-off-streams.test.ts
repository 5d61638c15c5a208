import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CUT_CLIPS } from '../support/awkward/ends.js';
import { expectTimes } from '../support/awkward/truth.js';
import { listFrames, makeWithFfmpeg } from '../support/ffmpeg.js';
import { inTurn } from '../support/full-tests.js';
import { KINDS, readVideo } from '../support/read-video.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const KEPT = 0.77;

/** Each stream with one kind of ffmpeg in turn; with all of them if time allows. */
const clipsOf = (turn: number) => inTurn(CUT_CLIPS, turn, KINDS.length);

describe.each(KINDS)('recordings that are cut off, with the ffmpeg of kind "%s"', kind => {
  test.each(clipsOf(KINDS.indexOf(kind)))(
    '$name: all frames that ffprobe still lists come before the error',
    async clip => {
      const path = await makeWithFfmpeg(clip.args, join(folder, `${kind}-${clip.file}`));
      const bytes = await readFile(path);
      await writeFile(path, bytes.subarray(0, Math.floor(bytes.length * KEPT)));
      const times: number[] = [];
      const read = readVideo(path, kind, { look: (_image, _id, timestamp) => times.push(timestamp) });
      if (clip.isTold) await expect(read).rejects.toMatchObject({ code: 'INPUT_DAMAGED' });
      else await read;
      const listed = await listFrames(path, 'v:0');
      expect(listed.length).toBeGreaterThan(8);
      expectTimes(times, listed, 'isRaw' in clip ? 25 : undefined);
    },
  );
});
