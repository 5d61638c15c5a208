import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseComplaint } from '../../src/decode/complaint.js';
import { listFrames, makeWithFfmpeg, SYSTEM_FFMPEG } from '../support/ffmpeg.js';
import { KINDS, readVideo } from '../support/read-video.js';
import { runShell } from '../support/shell.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const FRAMES = 10;
const SCENE = ['-f', 'lavfi', '-i', `testsrc2=s=96x64:r=30:d=${FRAMES / 30}`, '-c:v', 'libx264', '-bf', '0'];

/** Writes a rotation into the stream itself, as phones do; older ffmpegs cannot. */
const TURN = `ffmpeg -v error -i plain.ts -c copy -bsf:v h264_metadata=display_orientation=insert:rotate=90 -output_ts_offset 0.4 turned.ts`;

describe.runIf(SYSTEM_FFMPEG !== undefined)('a stream that announces a rotation midway', () => {
  beforeAll(async () => {
    await makeWithFfmpeg([...SCENE, '-pix_fmt', 'yuv420p', '-f', 'mpegts'], at('plain.ts'));
    expect((await runShell(TURN, folder)).codes).toEqual([0]);
    const [plain, turned] = await Promise.all(['plain.ts', 'turned.ts'].map(name => readFile(at(name))));
    await writeFile(at('both.ts'), Buffer.concat([plain!, turned!]));
  });

  test.each(KINDS)('is read to its end by the ffmpeg of kind "%s", in the first size', async kind => {
    const { ids, times, size, warnings } = await readVideo(at('both.ts'), kind);
    expect([ids.length, size]).toEqual([2 * FRAMES, { width: 96, height: 64 }]);
    expect(times.map(time => time.toFixed(6))).toEqual(
      (await listFrames(at('both.ts'), 'v:0')).map(({ time }) => time),
    );
    // ffmpeg ignored it silently before version 5.
    if (kind === 'path') {
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain(`the rotation changes at frame ${FRAMES}`);
    } else expect(warnings).toEqual([]);
    const part = await readVideo(at('both.ts'), kind, { selection: { every: 1, start: 0.1 } });
    expect(part.warnings.join().includes('count from there again')).toBe(kind === 'path');
    expect(part.times).toEqual(part.ids.map(id => times[id]));
  });
});

test("ffmpeg's messages about output times are not errors of the video", () => {
  const text = 'Application provided invalid, non monotonically increasing dts to muxer in stream 0: 9 >= 1';
  expect(parseComplaint(`[rawvideo @ 0x1] [error] ${text}`)).toBeUndefined();
  expect(parseComplaint(`[mpegts @ 0x1] [error] ${text}`)).toBe(`mpegts: ${text}`);
  expect(parseComplaint('[rawvideo @ 0x1] [error] No space left')).toBe('rawvideo: No space left');
});
