import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { fullTest } from '../support/full-tests.js';
import '../support/one-worker.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (path: string) => join(folder, path);
/** Settings that keep a test short: other tests check the numbers. */
const FAST = ['--model', 'lite', '--mode', 'track'];
const PICTURES = ['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=30:d=0.2', '-c:v', 'libx264', '-pix_fmt', 'yuv420p'];

interface Report {
  readonly counts: Record<string, number>;
  readonly passedOver: Record<string, number>;
  readonly videos: readonly { path: string; name: string; outcome: string; error: { code: string } | null }[];
}

async function reportOf(out: string): Promise<Report> {
  return JSON.parse(await readFile(join(out, 'batch.json'), 'utf8')) as Report;
}

const outcomes = ({ videos }: Report) =>
  Object.fromEntries(videos.map(({ name, outcome, error }) => [name, error?.code ?? outcome]));

const clip = await makeWithFfmpeg(PICTURES, at('clip.mp4'));
const stream = await makeWithFfmpeg([...PICTURES, '-f', 'mpegts'], at('stream'));

describe('the videos of a folder, by content', () => {
  test('TypeScript is counted and not tried; recordings with any name are found; a small copy beside its video is left out', async () => {
    await mkdir(at('mixed'));
    await writeFile(at('mixed/index.ts'), 'export const answer = 42;\n');
    await writeFile(at('mixed/index.MTS'), 'export const answer = 42;\n');
    await writeFile(at('mixed/torn.ts'), Buffer.alloc(2000));
    await writeFile(at('mixed/letters.dat'), 'no video');
    await copyFile(stream, at('mixed/00001.MTS'));
    await copyFile(stream, at('mixed/MOV001.TOD'));
    await copyFile(clip, at('mixed/dump.dat'));
    await copyFile(clip, at('mixed/untitled'));
    await copyFile(clip, at('mixed/GX010001.MP4'));
    await copyFile(clip, at('mixed/GL010001.LRV'));
    await copyFile(clip, at('mixed/GL020002.LRV'));
    const { code, stderr } = await runCli(['analyze', at('mixed'), '-o', at('mixed-out'), '--no-overlay', ...FAST]);
    const report = await reportOf(at('mixed-out'));
    expect(outcomes(report)).toEqual({
      '00001': 'done',
      MOV001: 'done',
      dump: 'done',
      untitled: 'done',
      GX010001: 'done',
      GL020002: 'done',
      torn: 'INPUT_NOT_A_VIDEO',
    });
    expect(report.passedOver).toMatchObject({ notVideo: 1, text: 2, proxies: 1 });
    expect(stderr).toMatch(/2 text files with a video extension .*1 low-resolution camera copy/);
    expect(code).toBe(3);
  });

  test('the program’s own sources contain none; a glob finds none of them either', async () => {
    for (const inputs of ['src', 'src/**/*.ts']) {
      const { code, stderr, stdout } = await runCli(['analyze', inputs, '-o', at('own-out'), ...FAST]);
      expect(stderr).toMatch(/no videos found \(.*\d{3} text files with a video extension/);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    }
  });

  test('a named file is tried, and so is one that --include names', async () => {
    const named = await runCli([
      'analyze',
      at('mixed/index.ts'),
      at('clip.mp4'),
      '-o',
      at('named'),
      '--no-overlay',
      ...FAST,
    ]);
    expect(named.code).toBe(3);
    expect(outcomes(await reportOf(at('named')))).toMatchObject({
      clip: 'done',
      index: expect.stringMatching(/^INPUT_/),
    });
    const args = ['analyze', at('mixed'), '--include', 'GL01*', '-o', at('included'), '--no-overlay', ...FAST];
    expect((await runCli(args)).code).toBe(0);
    expect(outcomes(await reportOf(at('included')))).toEqual({ GL010001: 'done' });
  });
});

describe('files of earlier runs', () => {
  fullTest(
    'are not analysed in the next run beside the videos: not as files, in a list, by a glob or in a folder',
    async () => {
      const own = at('own');
      await mkdir(own);
      await copyFile(clip, join(own, 'a.mp4'));
      await copyFile(clip, join(own, 'mine.overlay.mp4'));
      const drawn = ['-o', '.', '--preview', '0.1s', ...FAST];
      const first = await runCli(['analyze', 'a.mp4', 'mine.overlay.mp4', ...drawn], { cwd: own });
      expect(first.code).toBe(0);
      const names = (await readdir(own)).filter(name => name.endsWith('.mp4'));
      const OUTPUTS = ['a.overlay.mp4', 'a.preview.mp4', 'mine.overlay.overlay.mp4', 'mine.overlay.preview.mp4'];
      expect(names).toEqual(expect.arrayContaining(OUTPUTS));
      await writeFile(at('own-list.txt'), names.join('\n'));
      const inputs = [names, ['--from-file', at('own-list.txt')], ['*.mp4'], ['.']];
      for (const given of inputs) {
        const again = await runCli(['analyze', ...given, ...drawn], { cwd: own });
        expect(again.stderr).toMatch(/2 videos: 0 done, 2 skipped \(done already\)/);
        expect(again.stderr).toMatch(/4 outputs of earlier runs/);
        expect(again.code).toBe(0);
        expect(await reportOf(own)).toMatchObject({ counts: { videos: 2, skipped: 2 }, passedOver: { outputs: 4 } });
      }
      const named = await runCli(['analyze', 'a.overlay.mp4', '-o', at('own-overlay'), '--no-overlay', ...FAST], {
        cwd: own,
      });
      expect(named.code).toBe(0);
      const only = await runCli(['analyze', ...OUTPUTS, '-o', '.', ...FAST], { cwd: own });
      expect(only.stderr).toMatch(/no videos found \(4 outputs of earlier runs/);
    },
  );
});
