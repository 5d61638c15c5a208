import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { inspectVideo } from '../../src/analyze/inspect-video.js';
import { VideoCopies } from '../../src/batch/video-copies.js';
import { Scratch } from '../../src/storage/scratch.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { firstOf } from '../support/full-tests.js';
import { MOTO } from '../support/moto.js';
import { analyzeOptions } from '../support/options.js';
import { filesBelow, type ProxiedBucket, startProxiedBucket } from '../support/proxied-bucket.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const { signal } = new AbortController();
const SCRATCH = join(folder, 'scratch');
// Noise, which no codec makes small: more than eight megabytes.
const PICTURES = ['-f', 'lavfi', '-i', 'nullsrc=s=320x240:r=30:d=4,noise=alls=100:allf=t'];
const SOUND = ['-f', 'lavfi', '-i', 'sine=d=4', '-c:a', 'aac'];
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '15', '-qp', '4', '-pix_fmt', 'yuv420p'];
const options = analyzeOptions(join(folder, 'out'));

describe.skipIf(!MOTO)('a long video of a bucket that is only looked at', () => {
  let place: ProxiedBucket;
  let copies: VideoCopies;
  let source: string;

  beforeAll(async () => {
    place = await startProxiedBucket(folder);
    Object.assign(process.env, place.env());
    source = await makeWithFfmpeg([...PICTURES, ...SOUND, ...H264], join(folder, 'source.mkv'));
    copies = new VideoCopies(await Scratch.open(SCRATCH));
  }, 90_000);

  async function look(name: string, content: Uint8Array) {
    await place.bucket.put(name, content);
    place.calm();
    const uri = `s3://lab/${name}`;
    return copies.look(uri, signal, async copy => {
      const inspected = await inspectVideo(uri, options, signal, copy);
      await using _source = inspected.source;
      return inspected.video;
    });
  }

  /** Whether all of it was downloaded. */
  const isWhole = () => place.downloads().some(({ headers }) => headers.range === undefined);

  const kinds: [string, string, string[], boolean][] = [
    ['an MP4 with its index at the end', 'end.mp4', [], false],
    ['an MP4 with its index at the beginning', 'begin.mp4', ['-movflags', '+faststart'], false],
    ['a QuickTime file with an edit list', 'later.mov', ['-an', '-output_ts_offset', '2'], false],
    ['a fragmented MP4', 'parts.mp4', ['-movflags', '+frag_keyframe+empty_moov'], true],
    ['Matroska', 'other.mkv', [], true],
  ];
  test.each(firstOf(kinds, 1))('is described as by its file: %s', async (_, name, args, whole) => {
    const file = await makeWithFfmpeg(['-i', source, '-c', 'copy', ...args], join(folder, name));
    const content = await readFile(file);
    expect(content.length).toBeGreaterThan(2 ** 23);
    const inspected = await inspectVideo(file, options, signal);
    await using _source = inspected.source;
    expect(await look(name, content)).toEqual({ value: { ...inspected.video, path: `s3://lab/${name}` } });
    expect(isWhole()).toBe(whole);
    expect(await filesBelow(SCRATCH, 'outline.mp4')).toEqual([]);
  });

  test('is downloaded where its index alone cannot be read, and then says why not', async () => {
    const content = Buffer.alloc(2 ** 23 + 1);
    for (const [at, size, type] of [
      [0, 32, 'ftyp'],
      [32, 100, 'moov'],
      [132, content.length - 132, 'mdat'],
    ] as const) {
      content.writeUInt32BE(size, at);
      content.write(type, at + 4, 'latin1');
    }
    expect(await look('damaged.mp4', content)).toMatchObject({ error: { code: expect.stringMatching(/^INPUT_/) } });
    expect(isWhole()).toBe(true);
  });
});
