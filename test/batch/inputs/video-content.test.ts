import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rename, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { CONTENT_BYTES, type Content, contentOf } from '../../../src/batch/inputs/video-content.js';
import { kindOfFile } from '../../../src/batch/inputs/video-files.js';
import { makeWithFfmpeg } from '../../support/ffmpeg.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const run = promisify(execFile);
const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const PICTURES = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=25:d=0.4', '-pix_fmt', 'yuv420p'];
const SOUND = ['-f', 'lavfi', '-i', 'sine=d=0.5'];
const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast'];
const PAL = ['-s', '720x576', '-r', '25'];

async function contentOfFile(path: string): Promise<Content> {
  return contentOf((await readFile(path)).subarray(0, CONTENT_BYTES));
}

describe('the content of a file, by its first bytes', () => {
  test.each([
    ['mp4', [...X264, '-f', 'mp4']],
    ['a fragmented mp4', [...X264, '-f', 'mp4', '-movflags', 'frag_keyframe+empty_moov']],
    ['mov', [...X264, '-f', 'mov']],
    ['3gp', ['-c:v', 'h263', '-s', '176x144', '-f', '3gp']],
    ['mkv', [...X264, '-f', 'matroska']],
    ['webm', ['-c:v', 'libvpx', '-f', 'webm']],
    ['mpegts', [...X264, '-f', 'mpegts']],
    ['m2ts', [...X264, '-f', 'mpegts', '-mpegts_m2ts_mode', '1']],
    ['vob', ['-c:v', 'mpeg2video', '-f', 'vob']],
    ['mpeg-1 ps', ['-c:v', 'mpeg1video', '-f', 'mpeg']],
    ['m2v', ['-c:v', 'mpeg2video', '-f', 'mpeg2video']],
    ['m4v', ['-c:v', 'mpeg4', '-f', 'm4v']],
    ['avi', ['-c:v', 'mpeg4', '-f', 'avi']],
    ['flv', [...X264, '-f', 'flv']],
    ['wmv', ['-c:v', 'wmv2', '-f', 'asf']],
    ['ogv', ['-c:v', 'libtheora', '-f', 'ogg']],
    ['nut', [...X264, '-f', 'nut']],
    ['y4m', ['-f', 'yuv4mpegpipe']],
    ['ivf', ['-c:v', 'libvpx', '-f', 'ivf']],
    ['raw h264', [...X264, '-f', 'h264']],
    ['raw hevc', ['-c:v', 'libx265', '-x265-params', 'log-level=error', '-f', 'hevc']],
    ['rm', ['-c:v', 'rv20', '-s', '176x144', '-f', 'rm']],
    ['wtv', ['-c:v', 'mpeg2video', '-f', 'wtv']],
    ['mxf', ['-c:v', 'mpeg2video', '-f', 'mxf']],
    ['dv', [...PAL, '-c:v', 'dvvideo', '-f', 'dv']],
  ])('%s is a video whatever it is called', async (name, args) => {
    const path = await makeWithFfmpeg([...PICTURES, ...args], at(`made ${name.replaceAll(' ', '-')}`));
    expect(await contentOfFile(path)).toBe('video');
    expect(await kindOfFile(path)).toBe('video');
  });

  test('a transport stream that was cut within a packet, or has error correction after each, is a video', async () => {
    const whole = await readFile(await makeWithFfmpeg([...PICTURES, ...X264, '-f', 'mpegts'], at('whole.ts')));
    expect(contentOf(whole.subarray(77, 77 + CONTENT_BYTES))).toBe('video');
    const packets = Array.from({ length: 20 }, (_, i) => whole.subarray(i * 188, (i + 1) * 188));
    expect(contentOf(Buffer.concat(packets.flatMap(packet => [packet, Buffer.alloc(16, 0x99)])))).toBe('video');
  });

  test.each([
    ['Vorbis', ['-c:a', 'libvorbis', '-f', 'ogg']],
    ['AAC in an m4a', ['-c:a', 'aac', '-f', 'ipod']],
    ['WAVE', ['-f', 'wav']],
    ['MP3', ['-f', 'mp3']],
    ['FLAC', ['-f', 'flac']],
    ['FLV without pictures', ['-c:a', 'aac', '-f', 'flv']],
  ])('audio is not a video: %s', async (name, args) => {
    const path = await makeWithFfmpeg([...SOUND, ...args], at(`sound ${name.replaceAll(' ', '-')}`));
    expect(await contentOfFile(path)).toBe('unknown');
    expect(await kindOfFile(path)).toBe('other');
  });

  test('pictures, archives, programs and random bytes are not videos', async () => {
    const chance = Buffer.alloc(CONTENT_BYTES, 0).map((_, i) => (i * 7919 + (i >> 3) * 104729) & 0xff);
    expect(contentOf(Buffer.from(chance))).toBe('unknown');
    expect(contentOf(gzipSync(await readFile('package.json')))).toBe('unknown');
    expect(await contentOfFile(process.execPath)).toBe('unknown');
    const png = await makeWithFfmpeg(['-f', 'lavfi', '-i', 'testsrc2=s=64x48', '-frames:v', '1'], at('picture.png'));
    expect(await contentOfFile(png)).toBe('unknown');
    expect(contentOf(Buffer.alloc(CONTENT_BYTES))).toBe('unknown');
    expect(contentOf(Buffer.alloc(0))).toBe('empty');
  });

  test('text of any encoding is text', () => {
    expect(contentOf(Buffer.from('export const a = 1;\n'))).toBe('text');
    expect(contentOf(Buffer.alloc(CONTENT_BYTES, 'G'))).toBe('text'); // Sync bytes of MPEG-TS everywhere.
    expect(contentOf(Buffer.from('// größer, 日本\r\n\tconst a = "\x1b[1m";'))).toBe('text');
    expect(contentOf(Buffer.from('// gr\xf6\xdfer', 'latin1'))).toBe('text');
    expect(contentOf(Buffer.from('\ufeff<?xml version="1.0"?><TS/>', 'utf16le'))).toBe('text');
  });
});

describe('the type of a file in a folder', () => {
  test('text with an extension shared by videos is not a video; damage is, since its failure should be reported', async () => {
    await writeFile(at('code.ts'), 'export const a = 1;\n');
    await writeFile(at('code.MTS'), 'export const a = 1;\n');
    await writeFile(at('zeros.ts'), Buffer.alloc(1000));
    await writeFile(at('nothing.MTS'), '');
    await writeFile(at('page.mp4'), '<html>not found</html>');
    expect(await kindOfFile(at('code.ts'))).toBe('text');
    expect(await kindOfFile(at('code.MTS'))).toBe('text');
    expect(await kindOfFile(at('zeros.ts'))).toBe('video');
    expect(await kindOfFile(at('nothing.MTS'))).toBe('video');
    expect(await kindOfFile(at('page.mp4'))).toBe('video');
  });

  test('an inconclusive name needs conclusive content; names of other files, and of incomplete ones, are trusted', async () => {
    const clip = await makeWithFfmpeg([...PICTURES, ...X264, '-f', 'mp4'], at('clip.mp4'));
    const bytes = await readFile(clip);
    const names = [
      'clip.dat',
      'clip',
      'CLIP.MOD',
      'clip.mp4.partial',
      'clip.crdownload',
      'clip.wma',
      'clip.LRV',
      'a.THM',
    ];
    for (const name of names) await writeFile(at(name), bytes);
    const kinds = await Promise.all(names.map(name => kindOfFile(at(name))));
    expect(kinds).toEqual(['video', 'video', 'video', 'other', 'other', 'other', 'video', 'other']);
    await truncate(at('clip.dat'), 3);
    expect(await kindOfFile(at('clip.dat'))).toBe('other');
  });

  test('none of the program’s own sources is a video', async () => {
    const files = await readdir('src', { recursive: true, withFileTypes: true });
    const kinds = await Promise.all(
      files.filter(file => file.isFile()).map(file => kindOfFile(join(file.parentPath, file.name))),
    );
    expect(kinds.length).toBeGreaterThan(200);
    expect(kinds.filter(kind => kind === 'video')).toEqual([]);
  });

  test.runIf(process.platform === 'linux')('a pipe is not waited for', async () => {
    await run('mkfifo', [at('pipe.dat')]);
    expect(await kindOfFile(at('pipe.dat'))).toBe('other');
    await mkdir(at('moved'));
    await rename(at('pipe.dat'), at('moved/pipe.ts'));
    expect(await kindOfFile(at('moved/pipe.ts'))).toBe('video'); // Named like a video: the error is reported.
  });
});
