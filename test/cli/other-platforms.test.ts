import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { findFfmpeg } from '../../src/system/ffmpeg-binaries.js';
import { outputsIn, readCsv } from '../support/csv.js';
import { firstOf } from '../support/full-tests.js';
import { SAMPLES } from '../support/reference-clips.js';
import { CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const PRETEND = new URL('../support/pretend-platform.mjs', import.meta.url).href;
const folder = await temporaryFolder();
const at = (path: string) => join(folder, path);
const { ffmpeg, ffprobe } = await findFfmpeg();
const PROGRAMS = { BODYSCRIPT_FFMPEG: ffmpeg.path, BODYSCRIPT_FFPROBE: ffprobe.path };
/** For Windows the program looks for ffmpeg.exe on PATH, so it is named here. */
const LITE = ['--model', 'lite', '--mode', 'track'];
const pretending = (platform: string) => ({
  ...PROGRAMS,
  PRETENDED_PLATFORM: platform,
  NODE_OPTIONS: `--import=${PRETEND}`,
});

async function outcomesOf(out: string): Promise<string[]> {
  const { videos } = JSON.parse(await readFile(join(out, 'batch.json'), 'utf8')) as { videos: { outcome: string }[] };
  return videos.map(({ outcome }) => outcome);
}

beforeAll(async () => {
  await mkdir(at('clips/Monday (1)'), { recursive: true });
  await copyFile(join(SAMPLES, 'hands-up.mp4'), at('clips/Monday (1)/Fußball 100%.mp4'));
  await copyFile(join(SAMPLES, 'cut-chest.mp4'), at('clips/cut.mp4'));
  const plain = await runCli(['analyze', at('clips'), '-o', at('linux'), ...LITE, '--quiet'], { env: PROGRAMS });
  expect(plain.code).toBe(0);
});

describe.runIf(process.platform === 'linux').each(firstOf(['win32', 'darwin'], 1))(
  'taken for %s, on this Linux, the program',
  platform => {
    const out = at(platform);
    const run = (...args: readonly string[]) => runCli(args, { env: pretending(platform) });

    test('analyses a folder by two processes, and writes the same tables and films', async () => {
      const { code } = await run('analyze', at('clips'), '-o', out, ...LITE, '--jobs', '2', '--max-memory', '4G');
      expect([code, await outcomesOf(out)]).toEqual([0, ['done', 'done']]);
      for (const stem of ['Monday (1)/Fußball 100%', 'cut']) {
        for (const suffix of ['csv', 'overlay.mp4']) {
          const [ours, theirs] = await Promise.all(
            [out, at('linux')].map(place => readFile(join(place, `${stem}.${suffix}`))),
          );
          expect(ours?.equals(theirs ?? Buffer.alloc(0))).toBe(true);
        }
        const record = JSON.parse(await readFile(join(out, `${stem}.run.json`), 'utf8'));
        expect(record.tool.platform).toMatch(new RegExp(`^${platform}-`));
        // Facts that the other system does not report are not invented, and those it reports are not zero.
        expect(record.peakMemory).toMatchObject({ treePss: null, treeFixed: null });
        expect(record.peakMemory.rssByProcess.node).toBeGreaterThan(50e6);
      }
    });

    test('skips finished videos the second time, and continues an interrupted one', async () => {
      const again = await run('analyze', at('clips'), '-o', out, ...LITE);
      expect([again.code, await outcomesOf(out)]).toEqual([0, ['skipped', 'skipped']]);
      const clip = join(SAMPLES, 'walk-across.mp4');
      const interrupted = new CliRun(['analyze', clip, '-o', out, ...LITE, '--no-overlay'], {
        env: pretending(platform),
      });
      const partial = join(out, 'walk-across.csv.partial');
      while ((await readFile(partial, 'utf8').catch(() => '')).length < 100_000) await sleep(50);
      interrupted.process.kill('SIGINT');
      expect((await interrupted.finished).code).toBe(130);
      expect((await run('analyze', clip, '-o', out, ...LITE, '--no-overlay')).code).toBe(0);
      const record = JSON.parse(await readFile(join(out, 'walk-across.run.json'), 'utf8'));
      expect(record.resumedAtFrames).toHaveLength(1);
      expect(await readCsv(join(out, 'walk-across.csv'))).toHaveLength(150 * 33);
    });

    test('leaves no lock and no unfinished file', async () => {
      const names = await readdir(out, { recursive: true });
      expect(names.filter(name => /\.(partial|tmp)$|\.lock/.test(name))).toEqual([]);
      expect(await outputsIn(out)).toContain('batch.json');
    });

    test('stops when memory runs short, which it knows without the kernel’s files', async () => {
      const args = ['analyze', join(SAMPLES, 'wave.mp4'), '-o', at(`${platform}-short`), '--max-memory', '60M'];
      const { code, stderr } = await run(...args);
      expect(code).toBe(5);
      expect(stderr).toMatch(/memory/);
    });
  },
);
