import { describe, expect, test } from 'vitest';
import { probeStreams } from '../../support/ffmpeg.js';
import { HAS_CASES } from '../../support/reference-clips.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { makeHalf } from './half.js';

const folder = await temporaryFolder();

describe.runIf(HAS_CASES)('half a body', () => {
  test('the truth has the size of the clip, and requires only the upper body', async () => {
    const { clip, truth } = await makeHalf(folder);
    const [stream] = await probeStreams(clip);
    expect(stream).toMatchObject({ width: truth.width, height: truth.height });
    const [person] = truth.frames[0]!;
    expect(person!.sight[11]! * person!.sight[12]!).toBeGreaterThan(0);
    expect([person!.sight[25], person!.sight[26], person!.sight[27], person!.sight[28]]).toEqual([0, 0, 0, 0]);
  });
});
