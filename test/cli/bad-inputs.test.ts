import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { clipNamed, makeClip } from '../support/clips.js';
import { outputsIn } from '../support/csv.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { inTurn } from '../support/full-tests.js';
import { CAN_OBEY_PERMISSIONS, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);

interface BadInput {
  readonly what: string;
  readonly make?: (path: string) => Promise<unknown>;
  readonly path: string;
  /** What the single line must say. */
  readonly says: RegExp;
  readonly options?: readonly string[];
  readonly code?: number;
}

const randomBytes = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7919 + ((i * i) >> 3)) & 255);

/** An MP4 with its index at the end, cut before it. */
async function withoutMoov(path: string): Promise<void> {
  await makeClip(folder, clipNamed('constant rate, B-frames'));
  const whole = await readFile(at('constant.mp4'));
  await writeFile(path, whole.subarray(0, whole.lastIndexOf('moov') - 4));
}

const INPUTS: readonly BadInput[] = [
  { what: 'a missing file', path: 'nowhere.mp4', says: /nowhere\.mp4: no such file\. Check/ },
  { what: 'an empty folder', path: 'a-folder', make: mkdir, says: /a-folder: no videos found/ },
  { what: 'a device', path: '/dev/zero', says: /is a device or a pipe/ },
  { what: 'an empty file', path: 'empty.mp4', make: path => writeFile(path, ''), says: /is empty \(0 bytes\)/ },
  {
    what: 'text',
    path: 'text.mp4',
    make: path => writeFile(path, 'Dear diary,\n'.repeat(99)),
    says: /not a video that ffmpeg can read/,
  },
  {
    what: 'random bytes',
    path: 'random.mp4',
    make: path => writeFile(path, randomBytes(50_000)),
    says: /not a (?:supported )?video|has only sound|has no video stream/,
  },
  {
    what: 'sound alone',
    path: 'sound.m4a',
    make: path => makeWithFfmpeg(['-f', 'lavfi', '-i', 'sine=duration=1', '-c:a', 'aac'], path),
    says: /has only sound, no video stream\. Choose a file with a video stream/,
  },
  {
    what: 'a video without frames',
    path: 'no-frames.mp4',
    make: path =>
      makeWithFfmpeg(['-f', 'lavfi', '-i', 'testsrc2=s=64x48:d=1', '-frames:v', '0', '-c:v', 'libx264'], path),
    says: /no frame could|no frames|no video stream|not a video/,
  },
  { what: 'an MP4 without its index', path: 'no-moov.mp4', make: withoutMoov, says: /without its index \("moov"\)/ },
  {
    what: 'a codec that ffmpeg does not know',
    path: 'unknown-codec.avi',
    make: async path => {
      await makeWithFfmpeg(['-f', 'lavfi', '-i', 'testsrc2=s=64x48:d=0.3', '-c:v', 'mpeg4'], path);
      const bytes = await readFile(path);
      await writeFile(path, Buffer.from(bytes.toString('latin1').replaceAll('FMP4', 'QQQQ'), 'latin1'));
    },
    says: /codec/,
  },
  {
    what: 'a playlist dressed up as a video',
    path: 'playlist.mp4',
    make: path =>
      writeFile(path, '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n'),
    says: /playlist|not a video/,
  },
  {
    what: 'a script of the concat demuxer',
    path: 'script.mp4',
    make: path => writeFile(path, "ffconcat version 1.0\nfile '/etc/passwd'\n"),
    says: /playlist|not a video/,
  },
  {
    what: 'a photo in HEIC, which lacks what an MP4 begins with',
    path: 'IMG_0001.mp4',
    make: path => writeFile(path, '\0\0\0\x18ftypheic\0\0\0\0mif1heic'.padEnd(2000, '\0')),
    says: /is a photo in HEIC.*Convert it to JPEG/,
  },
  {
    what: "a landmark table in a video's place",
    path: 'walk.csv',
    make: path => writeFile(path, `frame_id;timestamp;person_id;${'a;'.repeat(500)}\n`),
    says: /walk\.csv: is a table, not a video\. Tables are read by the commands filter, angles/,
  },
  {
    what: 'the page of a server that had no video',
    path: 'page.mp4',
    make: path => writeFile(path, `<!DOCTYPE html><html><title>404</title>${' '.repeat(500)}</html>`),
    says: /page\.mp4: is a web page, probably from a failed download\. /,
  },
  {
    what: 'an archive',
    path: 'videos.mp4',
    make: path => writeFile(path, `PK\u0003\u0004${'x'.repeat(500)}`),
    says: /videos\.mp4: is a ZIP archive\. Unpack it/,
  },
  {
    what: 'a file that was never written',
    path: 'zeros.mp4',
    make: path => writeFile(path, Buffer.alloc(100_000)),
    says: /begins with zeros only/,
  },
  {
    what: 'subtitles',
    path: 'subtitles.mp4',
    make: path => writeFile(path, '1\n00:00:01,000 --> 00:00:02,000\nHello\n'),
    says: /contains subtitles or text, but no video/,
  },
  { what: 'a gap in numbered pictures', path: 'gap/f_%03d.png', make: makeGap, says: /number 3 is missing/ },
  {
    what: 'a part beyond the end',
    path: 'constant.mp4',
    options: ['--start', '100'],
    says: /no frames in the selected range; the video is 0\.467 s long\. Check --start/,
  },
  {
    what: 'a stream that the file has not',
    path: 'constant.mp4',
    options: ['--video-stream', '7'],
    says: /stream 7 is not a video stream\. Choose one of its video streams with --video-stream: 0\./s,
  },
  {
    what: 'a model that is not there',
    path: 'constant.mp4',
    options: ['--model', 'huge'],
    says: /huge: no such file\. Use --model lite/,
  },
  {
    what: 'a corrupt model',
    path: 'constant.mp4',
    options: ['--model', at('corrupt.task')],
    make: () => writeFile(at('corrupt.task'), `PK\u0003\u0004${'x'.repeat(5000)}`),
    says: /corrupt\.task: MediaPipe cannot load/,
  },
  {
    what: 'a model that is no bundle',
    path: 'constant.mp4',
    options: ['--model', at('text.task')],
    make: () => writeFile(at('text.task'), 'hello'),
    says: /is not a \.task file/,
  },
  {
    what: 'a model of another hash',
    path: 'constant.mp4',
    options: ['--engine', 'mediapipe', '--model', 'lite', '--model-sha256', '0'.repeat(64)],
    says: /SHA-256 is d1d0feb9/,
  },
  {
    what: 'a model of another hash, native engine',
    path: 'constant.mp4',
    options: ['--engine', 'native', '--model', 'lite', '--model-sha256', '0'.repeat(64)],
    says: /SHA-256 is 679712cf/,
  },
  {
    what: 'an ffmpeg that is not there',
    path: 'constant.mp4',
    options: ['--ffmpeg', '/nowhere/ffmpeg'],
    says: /does not exist\. Correct --ffmpeg/,
  },
  {
    what: 'an ffmpeg that is too old',
    path: 'constant.mp4',
    options: ['--ffmpeg', at('old-ffmpeg')],
    make: makeOldFfmpeg,
    says: /is older than 4\.3/,
  },
  {
    what: 'an output folder that is a file',
    path: 'constant.mp4',
    options: ['--out', at('text.mp4')],
    says: /text\.mp4: is a file, but a folder is needed/,
  },
  {
    what: 'an option out of range',
    path: 'constant.mp4',
    options: ['--min-presence', 'high'],
    says: /--min-presence must be a number from 0 to 1, got "high"/,
    code: 2,
  },
  {
    what: 'options that leave nothing',
    path: 'constant.mp4',
    options: ['--no-csv', '--no-overlay'],
    says: /--no-csv and --no-overlay: no output selected/,
    code: 2,
  },
  { what: 'an unknown option', path: 'constant.mp4', options: ['--fast'], says: /unknown option '--fast'/, code: 2 },
  {
    what: 'memory that cannot be enough',
    path: 'constant.mp4',
    options: ['--max-memory', '100M'],
    says: /needs at least \d+ MB of memory, the limit is 100 MB.*--max-size.*--model lite/,
    code: 5,
  },
];

async function makeGap(path: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await makeWithFfmpeg(['-f', 'lavfi', '-i', 'testsrc2=s=32x32:d=0.2'], path);
  const { rm } = await import('node:fs/promises');
  await rm(path.replace('%03d', '003'));
}

async function makeOldFfmpeg(): Promise<void> {
  await writeFile(
    at('old-ffmpeg'),
    '#!/bin/sh\necho "ffmpeg version 4.2.7"\necho "libavcodec     58. 54.100 / 58. 54.100"\n',
  );
  await chmod(at('old-ffmpeg'), 0o755);
}

beforeAll(async () => {
  await makeClip(folder, clipNamed('constant rate, B-frames'));
});

describe('inputs that cannot be analysed', () => {
  test.each(inTurn(INPUTS, 0, 2))(
    '$what: one clear line and the right exit code',
    async ({ path, make, says, options = [], code = 1 }) => {
      const input = path.startsWith('/') ? path : at(path);
      await make?.(input);
      const out = at(`out-${Math.random()}`);
      const result = await runCli(['analyze', input, '--out', out, ...options]);
      expect(result.stderr).toMatch(says);
      expect(result.code).toBe(code);
      expect(result.stdout).toBe('');
      expect(result.stderr).not.toMatch(/\n {4}at /);
      expect(result.stderr.split('\n').filter(line => line.startsWith('error:'))).toHaveLength(1);
      const left = existsSync(out) ? await outputsIn(out) : [];
      expect(left.filter(name => !name.endsWith('.partial'))).toEqual([]);
    },
  );

  test('a range without frames leaves no files, as it has no results', async () => {
    const out = at('no-range');
    const { code, stderr } = await runCli(['analyze', at('constant.mp4'), '--out', out, '--start', '100']);
    expect(code).toBe(1);
    expect(stderr).not.toContain('partial results');
    expect(existsSync(out)).toBe(false);
  });

  test.skipIf(!CAN_OBEY_PERMISSIONS)('an unreadable file', async () => {
    await makeClip(folder, clipNamed('with sound'));
    await chmod(at('sound.mp4'), 0o000);
    const result = await runCli(['analyze', at('sound.mp4'), '--out', at('unreadable')], { obeyPermissions: true });
    expect(result.stderr).toMatch(/sound\.mp4: no permission to read it\. Change/);
    expect(result.code).toBe(1);
  });

  test.skipIf(!CAN_OBEY_PERMISSIONS)('an output folder without write permission', async () => {
    await mkdir(at('locked'), { mode: 0o555 });
    const result = await runCli(['analyze', at('constant.mp4'), '--out', at('locked')], { obeyPermissions: true });
    expect(result.stderr).toMatch(/locked: cannot be written \(permission denied\)\. Choose a folder/);
    expect(result.code).toBe(1);
  });

  test('a truncated file: all whole frames are kept, and the line says where it broke', async () => {
    const whole = await makeWithFfmpeg(
      ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=30:d=1', '-c:v', 'libx264', '-g', '5', '-movflags', '+faststart'],
      at('cut.mp4'),
    );
    await truncate(whole, Math.round((await readFile(whole)).length * 0.6));
    const result = await runCli(['analyze', whole, '--out', at('cut'), '--model', 'lite', '--no-overlay']);
    expect(result.code).toBe(1);
    const [, last] = /damaged or cut off after frame (\d+)/.exec(result.stderr) ?? [];
    expect(Number(last)).toBeGreaterThan(3);
    expect(result.stderr).toContain(at('cut/cut.csv.partial'));
    const rows = (await readFile(at('cut/cut.csv.partial'), 'utf8')).trimEnd().split('\n').slice(1);
    expect(rows).toHaveLength((Number(last) + 1) * 33);
    const record = JSON.parse(await readFile(at('cut/cut.run.json.partial'), 'utf8')) as Record<string, unknown>;
    expect(record).toMatchObject({ status: 'failed', exitCode: 1, error: { code: 'INPUT_DAMAGED' } });
  });

  test('results of another video are not overwritten', async () => {
    await mkdir(at('taken'));
    await writeFile(at('taken/constant.csv'), 'mine');
    const result = await runCli(['analyze', at('constant.mp4'), '--out', at('taken')]);
    expect(result.stderr).toMatch(/constant\.csv: already exists.*--overwrite/);
    expect(result.code).toBe(1);
    expect(await readFile(at('taken/constant.csv'), 'utf8')).toBe('mine');
  });
});
