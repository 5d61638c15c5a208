import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadImage } from '@napi-rs/canvas';
import { describe, expect, test } from 'vitest';
import { analyzeVideo } from '../../src/analyze/analyze-video.js';
import { BodyscriptError } from '../../src/errors.js';
import { listFrames, makeWithFfmpeg, probeStreams } from '../support/ffmpeg.js';
import { analyzeOptions } from '../support/options.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const clip = join(folder, 'clip.mkv');
// A second without a person, then one and a half with one.
const NOBODY_FRAMES = 30;
await makeWithFfmpeg(
  [
    '-i',
    join(SAMPLES, 'wave.mp4'),
    '-vf',
    `drawbox=t=fill:color=gray:enable='lt(n,${NOBODY_FRAMES})'`,
    '-frames:v',
    '75',
  ],
  clip,
);
const PICTURES = ['--contact-sheet', '--thumbnail', '--plots', '--preview', '1s'];

/** Colours in a picture's rectangle, as shares of pixels that are far from grey. */
async function colourful(path: string): Promise<number> {
  const { createCanvas } = await import('@napi-rs/canvas');
  const image = await loadImage(await readFile(path));
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) {
    const [r = 0, g = 0, b = 0] = data.subarray(i, i + 3);
    if (Math.max(r, g, b) - Math.min(r, g, b) > 120) count++;
  }
  return count / (data.length / 4);
}

describe('pictures of an analysis', () => {
  test('a sheet, a thumbnail, plots and a preview are made with it, named in the record, and no other files are left', async () => {
    const out = join(folder, 'out');
    const args = ['analyze', clip, '-o', out, '--mode', 'still', ...PICTURES];
    const { code, stderr } = await runCli(args);
    expect([code, stderr]).toEqual([0, expect.stringContaining('clip.contact-sheet.jpg')]);
    const made = [
      'clip.contact-sheet.jpg',
      'clip.csv',
      'clip.overlay.mp4',
      'clip.plots.png',
      'clip.plots.svg',
      'clip.preview.mp4',
      'clip.run.json',
      'clip.thumbnail.jpg',
    ];
    expect((await readdir(out)).filter(name => !name.startsWith('.')).sort()).toEqual(made);
    const { outputs } = JSON.parse(await readFile(join(out, 'clip.run.json'), 'utf8'));
    expect(outputs.map((path: string) => path.replace(/^.*\//, '')).sort()).toEqual(made);
    const sheet = await loadImage(await readFile(join(out, 'clip.contact-sheet.jpg')));
    expect([sheet.width, sheet.height]).toEqual([4 * 328 + 8, expect.any(Number)]);
    const thumbnail = join(out, 'clip.thumbnail.jpg');
    const { width, height } = await loadImage(await readFile(thumbnail));
    expect([width, height]).toEqual([640, 480]);
    expect(await colourful(thumbnail)).toBeGreaterThan(0.002); // A skeleton, and therefore a frame with a person.
    expect((await runCli(args)).stderr).toMatch(/done already/);
  });

  test('the preview is a second of the overlay from the first frame with a person, scaled down', async () => {
    const preview = join(folder, 'out', 'clip.preview.mp4');
    const [stream] = await probeStreams(preview);
    expect([stream?.width, stream?.height]).toEqual([480, 360]);
    expect((await listFrames(preview, 'v:0')).length).toBe(30);
    await makeWithFfmpeg(['-i', preview, '-frames:v', '1'], join(folder, 'first.png'));
    expect(await colourful(join(folder, 'first.png'))).toBeGreaterThan(0.002);
  });

  test('the plots are drawn as SVG that another program reads, and as PNG', async () => {
    const svg = await readFile(join(folder, 'out', 'clip.plots.svg'), 'utf8');
    expect(svg).not.toMatch(/NaN|undefined/);
    for (const word of ['score, from 0 to 1', 'status', 'knee, degrees', 'shoulder, degrees', '75 frames'])
      expect(svg).toContain(word);
    expect(svg).toContain('>absent</text>'); // Before the person comes.
    const [image, png] = [await loadImage(Buffer.from(svg)), await loadImage(join(folder, 'out', 'clip.plots.png'))];
    expect([png.width, png.height]).toEqual([2 * image.width, 2 * image.height]);
    expect(await colourful(join(folder, 'out', 'clip.plots.png'))).toBeGreaterThan(0.001);
  });

  test('a run that was stopped makes the same pictures', async () => {
    const made = ['contact-sheet.jpg', 'thumbnail.jpg', 'plots.svg', 'preview.mp4'];
    const folders = [await temporaryFolder(), await temporaryFolder()] as const;
    const more = {
      engineName: 'native',
      mode: 'still',
      contactSheet: true,
      thumbnail: true,
      plots: true,
      preview: 1,
      overlay: { to: 'auto', crf: 30, minVisibility: 0.5, labels: false },
    } as const;
    await analyzeVideo(clip, analyzeOptions(folders[0], more));
    const options = analyzeOptions(folders[1], more);
    const checkpoint = { path: join(folders[1], 'checkpoint.bin'), resume: 'any' as const };
    const stop = new AbortController();
    const onProgress = ({ frames }: { frames: number }) =>
      frames >= 50 && stop.abort(new BodyscriptError('INTERRUPTED', 'enough'));
    await analyzeVideo(clip, options, { checkpoint, signal: stop.signal, onProgress }).catch(() => {});
    const record = await analyzeVideo(clip, options, { checkpoint });
    expect(record.resumedAtFrames.length).toBe(1);
    for (const name of made.slice(0, 3)) {
      const [one, other] = await Promise.all(folders.map(path => readFile(join(path, `clip.${name}`))));
      expect([name, one?.equals(other as Buffer)]).toEqual([name, true]);
    }
    const times = folders.map(path => listFrames(join(path, 'clip.preview.mp4'), 'v:0'));
    expect(await times[1]).toEqual(await times[0]);
    expect((await readdir(folders[1])).sort()).toEqual((await readdir(folders[0])).sort());
  });

  test('impossible requests are usage errors', async () => {
    for (const args of [
      ['--preview', '2', '--no-overlay'],
      ['--preview', 'long'],
      ['--plots', '--csv', '-'],
    ]) {
      expect([args, (await runCli(['analyze', clip, '-o', join(folder, 'none'), ...args])).code]).toEqual([args, 2]);
    }
  });

  test('without an overlay there is still a sheet, even for an upright film', async () => {
    const out = join(folder, 'upright');
    const args = ['analyze', clip, '-o', out, '--mode', 'still', '--rotate', '90', '--no-overlay', '--contact-sheet'];
    expect((await runCli([...args, '-q'])).code).toBe(0);
    const sheet = await loadImage(await readFile(join(out, 'clip.contact-sheet.jpg')));
    expect(sheet.width).toBe(6 * (270 + 8) + 8);
  });
});
