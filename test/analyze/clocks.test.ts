import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { analyzeVideo } from '../../src/analyze/analyze-video.js';
import { CLOCK_CLIPS, playedTimes } from '../support/clock-clips.js';
import { framesOf, readCsv } from '../support/csv.js';
import { FakeEngine } from '../support/fake-engine.js';
import { FFMPEG_KINDS, listFrames, makeWithFfmpeg, PACKAGED_FFMPEG, probeStreams } from '../support/ffmpeg.js';
import { fullTest, inTurn } from '../support/full-tests.js';
import { type AnyOptions, analyzeOptions } from '../support/options.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const FRAME = 1 / 30;
const EXACT = 2e-6;
/** Each video with one kind of ffmpeg in turn; with all of them if time allows. */
const KINDS = FFMPEG_KINDS.filter(({ available }) => available).map((kind, turn) => ({ ...kind, turn }));
const OVERLAY = { to: 'auto', crf: 23, minVisibility: 0.5, labels: false };

function near(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  for (const [i, time] of expected.entries()) expect(Math.abs((found[i] ?? Number.NaN) - time)).toBeLessThan(EXACT);
}

async function analysed(path: string, out: string, replaced: Partial<AnyOptions> = {}) {
  const engine = new FakeEngine();
  const wanted = { overlay: OVERLAY, exports: ['trc', 'mot'], plots: true, preview: 0.2, ...replaced } as const;
  const record = await analyzeVideo(path, analyzeOptions(join(folder, out), wanted), { engine });
  const fileOf = (suffix: string) => record.outputs.find(file => file.endsWith(suffix)) ?? suffix;
  const times = framesOf(await readCsv(fileOf('.csv'))).map(frame => Number(frame.timestamp));
  const film = (await listFrames(fileOf('.overlay.mp4'), 'v:0')).map(frame => Number(frame.time));
  return { record, engine, fileOf, times, film, streams: await probeStreams(fileOf('.overlay.mp4')) };
}

/** A column of an OpenSim file. */
async function column(path: string, head: number, index: number): Promise<number[]> {
  const rows = (await readFile(path, 'utf8')).split('\n').slice(head);
  return rows.filter(row => row !== '').map(row => Number(row.split('\t')[index]));
}

describe.each(KINDS)('clocks, by the ffmpeg of kind "$kind"', ({ kind, turn, environment }) => {
  beforeAll(() => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  test.each(inTurn(CLOCK_CLIPS, turn, KINDS.length))(
    "$name: the table has the file's times, all else begins at 0 and rises",
    async clip => {
      const path = await clip.make(folder);
      const source = (await listFrames(path, 'v:0')).map(frame => Number(frame.time));
      const played = playedTimes(source);
      const { record, engine, fileOf, times, film, streams } = await analysed(path, `${kind}/${clip.name}`);
      near(times, source);
      expect(record.input.firstTimestamp).toBeCloseTo(source[0] ?? Number.NaN, 6);
      near(film, played);
      near(await column(fileOf('.trc'), 6, 1), played);
      near(await column(fileOf('.mot'), 8, 0), played);
      near(
        engine.timestamps,
        played.map(time => time + (source[0] ?? 0)),
      );
      const preview = await listFrames(fileOf('.preview.mp4'), 'v:0');
      expect(preview.map(({ time }) => Number(time))[0]).toBe(0);
      for (const stream of streams) {
        const length = (played.at(-1) ?? 0) + FRAME;
        expect(Math.abs(Number(stream.duration) - length)).toBeLessThan(FRAME + 0.03);
        expect(Math.abs(Number(stream.start_time))).toBeLessThan(0.05);
        if (clip.seconds !== undefined) expect(length).toBeCloseTo(clip.seconds, 2);
      }
      const reported = record.warnings.filter(warning => /video's times/.test(warning));
      expect(reported).toHaveLength(Math.min(1, clip.leaps));
      if (clip.leaps > 0) expect(reported[0]).toMatch(/at frame 30\b/);
    },
  );

  fullTest.each(CLOCK_CLIPS)('$name: --start and --end count like players', async clip => {
    const path = await clip.make(folder);
    const source = (await listFrames(path, 'v:0')).map(frame => Number(frame.time));
    const played = playedTimes(source);
    const selection = { every: 1, start: 0.25, end: clip.seconds === undefined ? 0.5 : clip.seconds - 0.25 };
    const { times, film, streams } = await analysed(path, `${kind}/part of ${clip.name}`, { selection });
    const chosen = played.map(time => time >= selection.start - EXACT && time < selection.end - EXACT);
    near(
      times,
      source.filter((_, i) => chosen[i]),
    );
    const shown = played.filter((_, i) => chosen[i]);
    near(
      film,
      shown.map(time => time - (shown[0] ?? 0)),
    );
    for (const stream of streams) {
      expect(Math.abs(Number(stream.duration) - shown.length * FRAME)).toBeLessThan(FRAME + 0.03);
    }
  });

  test('frames with equal times are counted in a warning, and distinguished in exports', async () => {
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=30:d=0.3', '-vf', 'setpts=floor(N/3)*3', '-vsync', '0'];
    const path = await makeWithFfmpeg([...picture, '-c:v', 'ffv1'], join(folder, `repeated-${kind}.mkv`));
    const { record, times, fileOf } = await analysed(path, `${kind}/repeated`);
    near(times, [0, 0, 0, 0.1, 0.1, 0.1, 0.2, 0.2, 0.2]);
    const rising = await column(fileOf('.trc'), 6, 1);
    expect(rising).toEqual([...new Set(rising)].sort((a, b) => a - b));
    expect(record.warnings.join('\n')).toMatch(/^6 frames have the time of the previous frame:/m);
  });

  test('a range without frames is an error that says where the video begins and ends', async () => {
    const path = await CLOCK_CLIPS[0].make(folder);
    const late = analysed(path, `${kind}/nothing`, { selection: { every: 1, start: 5 } });
    await expect(late).rejects.toThrow(
      /no frames in the selected range; the video is 0\.967 s long; its own clock begins at 1\.4 s/,
    );
    const none = analysed(path, `${kind}/nothing`, { selection: { every: 1, end: 0 } });
    await expect(none).rejects.toThrow(
      /no frames in the selected range; the video is 1 s long; its own clock begins at 1\.4 s/,
    );
  });
});

describe.each(KINDS)('audio, with the ffmpeg of kind "$kind"', ({ kind, turn, environment }) => {
  beforeAll(() => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  /** The start of the tone in a film, in seconds. */
  async function toneBegins(file: string): Promise<number> {
    const args = ['-v', 'error', '-i', file, '-map', '0:a', '-ac', '1', '-ar', '8000', '-f', 's16le', 'pipe:1'];
    const { stdout } = await promisify(execFile)(PACKAGED_FFMPEG, args, { encoding: 'buffer', maxBuffer: 1 << 26 });
    const samples = Array.from({ length: stdout.length >> 1 }, (_, i) => Math.abs(stdout.readInt16LE(2 * i)));
    return samples.findIndex(sample => sample > 1000) / 8000;
  }

  const films: readonly (readonly [about: string, name: string, args: readonly string[]])[] = [
    ['MPEG-TS after ten hours', 'late-tone.ts', ['-output_ts_offset', '36000', '-f', 'mpegts']],
    ['MPEG-TS at 1.4 s', 'tone.ts', ['-f', 'mpegts']],
    ['MP4', 'tone.mp4', []],
    ['Matroska after ten hours', 'late-tone.mkv', ['-output_ts_offset', '36000', '-f', 'matroska']],
  ];
  test.each(inTurn(films, turn, KINDS.length))(
    '%s: that of a part and of the whole begins with its picture',
    async (_, name, more) => {
      const tone = "aevalsrc='if(gte(t,2),0.5*sin(880*PI*t),0)':d=4:s=48000";
      const inputs = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=30:d=4', '-f', 'lavfi', '-i', tone];
      const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-bf', '0', '-c:a', 'mp2'];
      const path = await makeWithFfmpeg([...inputs, ...codecs, ...more], join(folder, `${kind}-${name}`));
      const whole = await analysed(path, `${kind}/whole ${name}`);
      expect(Math.abs((await toneBegins(whole.fileOf('.overlay.mp4'))) - 2)).toBeLessThan(0.05);
      const selection = { every: 1, start: 1.5, end: 3 };
      const part = await analysed(path, `${kind}/part ${name}`, { selection });
      expect(part.film).toHaveLength(45);
      expect(Math.abs((await toneBegins(part.fileOf('.overlay.mp4'))) - 0.5)).toBeLessThan(0.05);
      for (const { duration } of part.streams) expect(Math.abs(Number(duration) - 1.5)).toBeLessThan(0.06);
    },
  );
});
