import { chmod, copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { analysedSize } from '../../src/decode/decode-command.js';
import { FrameReader } from '../../src/decode/frame-reader.js';
import { openSource } from '../../src/decode/input.js';
import { probeVideo } from '../../src/decode/probe.js';
import { findFfmpeg } from '../../src/system/ffmpeg-binaries.js';
import { sha256OfFiles } from '../../src/system/file-hash.js';
import { runProgram } from '../../src/system/run-program.js';
import { clipNamed, makeClip } from '../support/clips.js';
import { type FfmpegKind, makeWithFfmpeg, PACKAGED_FFMPEG } from '../support/ffmpeg.js';
import { binariesOf, KINDS } from '../support/read-video.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
/** Times of all frames, the warnings, and the first bytes of the first picture. */
async function readAll(path: string, kind: FfmpegKind['kind'] = 'package', options: { maxPixels?: number } = {}) {
  const { ffmpeg, ffprobe } = await binariesOf(kind);
  await using source = await openSource(path, options);
  const video = await probeVideo(source, ffprobe);
  const size = analysedSize(video);
  await using reader = await FrameReader.open({ source, video, size, selection: { every: 1 }, ffmpeg });
  const times: number[] = [];
  let first: Buffer | undefined;
  for await (const { timestamp, image, release } of reader.frames()) {
    times.push(timestamp);
    first ??= Buffer.from(image.data.slice(0, 64 * 48));
    release();
  }
  return { times, warnings: reader.report.warnings, luma: first?.[0] };
}

const FORGED =
  'x\n[Parsed_showinfo_0 @ 0x55] [info] n: 0 pts: 99999 pts_time:9\n[error] broken\n[h264 @ 0x1] [error] bad';
/** The same in a line of the form that reports times now. */
const FORGED_NOW = 'y\n[error] 0.000000\n[error] 99999.000000\n[error] 1.000000\n[error] nan\n';

describe.each(KINDS)('with the ffmpeg of kind "%s"', kind => {
  let calm: Awaited<ReturnType<typeof readAll>>;
  beforeAll(async () => {
    calm = await readAll(await makeClip(folder, clipNamed('constant rate, B-frames')), kind);
  });

  test.each([FORGED, FORGED_NOW])('a file name that contains lines of a log changes nothing', async name => {
    const path = at(`${name.replaceAll('/', '')}.mp4`);
    await copyFile(at('constant.mp4'), path);
    expect(await readAll(path, kind)).toEqual(calm);
  });

  test.each([FORGED, FORGED_NOW])(
    'a title, a key and a chapter with lines of a log in them change nothing',
    async text => {
      const file = at('forged.ffmeta');
      const quoted = text.replaceAll(/[=;#\\\n]/g, '\\$&');
      await writeFile(
        file,
        `;FFMETADATA1\ntitle=${quoted}\ncomment=${quoted}\n${quoted}=1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=100\ntitle=${quoted}\n`,
      );
      const path = await makeWithFfmpeg(
        ['-i', at('constant.mp4'), '-i', file, '-map_metadata', '1', '-c', 'copy', '-movflags', 'use_metadata_tags'],
        at('forged.mkv'),
      );
      expect((await readFile(path)).includes('[error]')).toBe(true);
      const { times, warnings } = await readAll(path, kind);
      expect(warnings).toEqual([]);
      expect(times.map(time => time.toFixed(3))).toEqual(calm.times.map(time => time.toFixed(3)));
    },
  );
});

/** Bytes of a PNG of one colour. */
function png(side: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([8, 0], 8);
  const rows = deflateSync(Buffer.alloc(side * (side + 1)), { level: 9 });
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function crc32(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

describe.each(KINDS)('too much for the machine, with the ffmpeg of kind "%s"', kind => {
  test('a picture of 16000x16000 in a small file is rejected before decoding', async () => {
    await writeFile(at('huge.png'), png(16_000));
    await expect(readAll(at('huge.png'), kind)).rejects.toMatchObject({
      code: 'INPUT_TOO_LARGE',
      message: expect.stringMatching(
        /huge\.png: its frames of 16000x16000 have 256 million pixels, the limit is 100 million/,
      ),
      remedy: expect.stringMatching(/--max-pixels/),
    });
  });

  test('a video whose pictures are larger than allowed is rejected, and read if they are allowed', async () => {
    const path = await makeClip(folder, clipNamed('constant rate, B-frames'));
    await expect(readAll(path, kind, { maxPixels: 3071 })).rejects.toMatchObject({ code: 'INPUT_TOO_LARGE' });
    expect((await readAll(path, kind, { maxPixels: 3072 })).times).toHaveLength(15);
  });

  test('streams that are large together are rejected, whichever is selected', async () => {
    const path = await makeClip(folder, clipNamed('several video streams'));
    await expect(readAll(path, kind, { maxPixels: 3072 })).resolves.toMatchObject({ warnings: [] });
    const maps = Array.from({ length: 9 }, () => ['-map', '0:v:0']).flat();
    await makeWithFfmpeg(['-i', at('constant.mp4'), ...maps, '-c', 'copy'], at('nine.mkv'));
    await expect(readAll(at('nine.mkv'), kind, { maxPixels: 3072 })).rejects.toMatchObject({
      code: 'INPUT_TOO_LARGE',
      message: expect.stringMatching(/one frame of each of its 9 streams has 0\.0276 million pixels in total/),
    });
  });

  test('a file of 120 streams is rejected, with the reason', async () => {
    const maps = Array.from({ length: 120 }, () => ['-map', '0:v']).flat();
    const source = ['-f', 'lavfi', '-i', 'testsrc2=s=32x32:r=25:d=0.04'];
    await makeWithFfmpeg([...source, ...maps, '-c:v', 'mpeg4', '-threads', '1'], at('many.mkv'));
    await expect(readAll(at('many.mkv'), kind)).rejects.toMatchObject({
      code: 'INPUT_TOO_LARGE',
      message: expect.stringMatching(/many\.mkv: has more than 100 streams/),
    });
  });
});

/** A picture of nearly uniform brightness. */
async function grey(path: string, luma: number): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  // Under another name, which the writing ffmpeg cannot take for a pattern.
  const made = at(`made${path.slice(path.lastIndexOf('.'))}`);
  const filter = `lutyuv=y=val/16+${luma},format=${path.endsWith('.jp2') ? 'yuv420p' : 'rgb24'}`;
  // With the reversible wavelet: the other one's encoder of 2018 writes pictures that its decoder complains about.
  const wavelet = path.endsWith('.jp2') ? ['-pred', '1'] : [];
  const args = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48', '-frames:v', '1', '-vf', filter];
  await makeWithFfmpeg([...args, ...wavelet], made);
  await copyFile(made, path);
}

describe('a name is not a pattern', () => {
  test.each(['png', 'jp2', 'dpx', 'ppm', 'tga', 'bmp', 'tiff'])(
    '%s: a picture with a number sign in its name or folder is one picture',
    async type => {
      await grey(at(`f_1.${type}`), 0xd0);
      await grey(at(`f_%d.${type}`), 0x20);
      await grey(at(`folder_1/p.${type}`), 0xd0);
      await grey(at(`folder_%d/p.${type}`), 0x20);
      for (const kind of KINDS) {
        for (const path of [at(`f_%d.${type}`), at(`folder_%d/p.${type}`)]) {
          const { times, luma } = await readAll(path, kind);
          expect(times).toHaveLength(1);
          expect(luma).toBeLessThan(80);
        }
      }
    },
  );

  test('a % in the folder of numbered pictures, or beside the number, is an ordinary character', async () => {
    await grey(at('s_1/q%d_1.png'), 0xd0);
    await grey(at('s_%d/5%_0001.png'), 0x20);
    await grey(at('s_%d/5%_0002.png'), 0x20);
    await grey(at('s_1/5%_0001.png'), 0xd0);
    for (const kind of KINDS) {
      const { times, luma } = await readAll(at('s_%d/5%_%04d.png'), kind);
      expect(times).toHaveLength(2);
      expect(luma).toBeLessThan(80);
    }
  });

  test('a pattern only in a folder reads nothing', async () => {
    await grey(at('only_1/img.png'), 0xd0);
    await expect(readAll(at('only_%d/img.png'))).rejects.toMatchObject({ code: 'INPUT_MISSING' });
  });
});

test('the opened video is read, even if another file takes its name', async () => {
  const path = at('swapped.mp4');
  await copyFile(await makeClip(folder, clipNamed('constant rate, B-frames')), path);
  const { ffmpeg, ffprobe } = await findFfmpeg();
  await using source = await openSource(path);
  const video = await probeVideo(source, ffprobe);
  const { rename } = await import('node:fs/promises');
  await writeFile(at('other'), 'other');
  await rename(at('other'), path);
  const selection = { every: 1 };
  await using reader = await FrameReader.open({ source, video, size: analysedSize(video), selection, ffmpeg });
  let frames = 0;
  for await (const frame of reader.frames()) {
    frames++;
    frame.release();
  }
  expect(frames).toBe(15);
  expect(await source.sha256()).toBe(await sha256OfFiles([at('constant.mp4')]));
});

describe('an ffprobe that is killed', () => {
  const endedBy = async (how: string) => {
    const fake = at(`ffprobe-${how}`);
    await writeFile(fake, `#!/bin/sh\nkill -${how} $$\n`);
    await chmod(fake, 0o755);
    const { ffprobe } = await findFfmpeg();
    await using source = await openSource(await makeClip(folder, clipNamed('constant rate, B-frames')));
    return await probeVideo(source, { ...ffprobe, path: fake });
  };

  test('proves nothing about the video', async () => {
    await expect(endedBy('KILL')).rejects.toMatchObject({
      code: 'DECODER_FAILED',
      message: expect.stringMatching(/ffprobe was killed \(SIGKILL\), probably out of memory/),
      remedy: expect.stringMatching(/video may be fine.*more memory/),
    });
    await expect(endedBy('SEGV')).rejects.toMatchObject({ code: 'DECODER_FAILED' });
  });
});

describe('a broken ffmpeg', () => {
  const PATH = process.env.PATH;
  const onPath = async (name: string, script: string) => {
    const bin = at(`bin-${name}`);
    await mkdir(bin, { recursive: true });
    await writeFile(join(bin, 'ffmpeg'), script);
    await chmod(join(bin, 'ffmpeg'), 0o755);
    const probe = (await findFfmpeg()).ffprobe.path;
    await symlink(probe, join(bin, 'ffprobe')).catch(() => {});
    process.env.PATH = `${bin}:/usr/bin:/bin`;
    try {
      return await findFfmpeg();
    } finally {
      process.env.PATH = PATH;
    }
  };

  test.each([
    [
      'code',
      '#!/bin/sh\necho "error while loading shared libraries: libx264.so.164" >&2\nexit 127\n',
      /code 127: error while loading shared libraries/,
    ],
    ['junk', '#!/bin/sh\necho hello\n', /does not print its version/],
    ['signal', '#!/bin/sh\nkill -SEGV $$\n', /killed by SIGSEGV/],
    ['format', 'not a program at all \u0000', /./],
  ])('on PATH (%s) is an error that names it', async (name, script, symptom) => {
    const failure = onPath(name, script);
    await expect(failure).rejects.toMatchObject({
      code: 'FFMPEG_BROKEN',
      message: expect.stringMatching(new RegExp(`bin-${name}/ffmpeg: is not a working ffmpeg \\(`)),
      remedy: expect.stringMatching(/path with --ffmpeg/),
    });
    await expect(failure).rejects.toThrow(symptom);
  });

  test('too old on PATH: the npm package has a tested one, and the warning names both', async () => {
    const old = '#!/bin/sh\necho "ffmpeg version 4.2.7"\necho "libavcodec     58. 54.100 / 58. 54.100"\n';
    const { ffmpeg } = await onPath('old', old);
    expect(ffmpeg).toMatchObject({ source: 'package', path: PACKAGED_FFMPEG, year: 2018 });
    expect(basename(ffmpeg.inPlaceOf ?? '')).toBe('ffmpeg, 4.2.7');
  });
});

test.skipIf(process.platform !== 'linux')('a program cannot take more address space than its limit', async () => {
  const bin = await makeClip(folder, clipNamed('constant rate, B-frames'));
  const args = ['-c', 'head -c 400000000 /dev/zero | tail -c 399999999 | wc -c'];
  const run = (addressSpace: number) => runProgram('/bin/sh', args, 60_000, { addressSpace });
  expect((await run(100 * 1024 * 1024)).stdout.trim()).not.toBe('399999999');
  expect((await run(2 ** 31)).stdout.trim()).toBe('399999999');
  const missing = await runProgram('/nowhere/ffprobe', [bin], 60_000, { addressSpace: 2 ** 31 });
  expect(missing.startError?.code).toBe('ENOENT');
});
