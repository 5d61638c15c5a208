import { existsSync } from 'node:fs';
import { chmod, copyFile, link, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { firstOf, fullTest, IS_FULL, inTurn } from '../support/full-tests.js';
import { SAMPLES } from '../support/reference-clips.js';
import { CAN_OBEY_PERMISSIONS, CliRun, runCli } from '../support/run-cli.js';
import { runShell } from '../support/shell.js';
import { temporaryFolder } from '../support/temporary-folder.js';

// Typical for a shell, a Makefile and a CI job: the same command again, and files that others have made for it.
const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const WAVE = join(SAMPLES, 'golden/wave.csv');
const OTHER = join(SAMPLES, 'golden/sit.csv');
const MINE = 'mine: years of work';
const FAST = ['--model', 'lite', '--max-frames', '2'] as const;
const LITE = [...FAST, '--no-overlay', '-q'] as const;

async function place(name: string): Promise<(file: string) => string> {
  const own = await mkdtemp(at(`${name}-`));
  await copyFile(at('clip.mp4'), join(own, 'clip.mp4'));
  await copyFile(WAVE, join(own, 'wave.csv'));
  return file => join(own, file);
}

const namesIn = async (path: string) => (await readdir(path)).sort();

beforeAll(async () => {
  const still = ['-i', join(SAMPLES, 'wave.mp4'), '-c:v', 'libx264', '-preset', 'ultrafast'];
  await makeWithFfmpeg([...still, '-t', '0.5'], at('clip.mp4'));
  await makeWithFfmpeg(['-stream_loop', '20', ...still], at('long.mp4'));
});

describe('an empty file that others have made to be filled', () => {
  const empty: readonly (readonly [what: string, file: string, args: readonly string[]])[] = [
    ['filter', 'x.csv', ['filter', 'wave.csv', '-o', 'x.csv']],
    ['export', 'x.coco.json', ['export', 'wave.csv', '-f', 'coco', '-o', 'x']],
    ['render', 'x.mp4', ['render', 'wave.csv', 'clip.mp4', '--max-size', '64', '-o', 'x.mp4']],
    ['cycles', 'x.cycles.csv', ['cycles', 'wave.csv', '--angle', 'right_elbow', '-o', 'x']],
    ['measure', 'x.csv', ['measure', 'wave.csv', '--scale', '200', '-o', 'x.csv']],
    ['compare --markdown', 'summary', ['compare', 'wave.csv', 'wave.csv', '--markdown', 'summary']],
    ['analyze --csv', 'x.csv', ['analyze', 'clip.mp4', '--csv', 'x.csv', '-o', 'out', ...LITE]],
  ];
  test.each(inTurn(empty, 0, 2))('%s: is filled', async (_, file, args) => {
    const here = await place('empty');
    await writeFile(here(file), '');
    const { code, stderr } = await runCli(args, { cwd: here('') });
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('exists')]);
    expect((await readFile(here(file))).length).toBeGreaterThan(50);
  });

  test('one with another name as well stays', async () => {
    const here = await place('linked');
    await writeFile(here('x.csv'), '');
    await link(here('x.csv'), here('also.csv'));
    const { code, stderr } = await runCli(['filter', 'wave.csv', '-o', 'x.csv'], { cwd: here('') });
    expect([code, stderr]).toEqual([1, expect.stringContaining('x.csv: already exists')]);
  });
});

describe('analyze again', () => {
  fullTest('stdout gets its output each time, with a record as well', async () => {
    const here = await place('stream');
    const args = ['analyze', 'clip.mp4', '-o', 'q', '--csv', '-', ...LITE];
    const first = await runCli(args, { cwd: here('') });
    const second = await runCli(args, { cwd: here('') });
    expect([first.code, second.code, second.stderr]).toEqual([0, 0, '']);
    expect(first.stdout.trimEnd().split('\n')).toHaveLength(1 + 2 * 33);
    expect(second.stdout).toBe(first.stdout);
    expect(existsSync(here('q/clip.run.json'))).toBe(true);
  });

  fullTest('a file without a record is rejected, by the option that names it', async () => {
    const here = await place('nameless');
    const outputs = [
      ['ndjson', 'w.ndjson'],
      ['overlay', 'w.overlay.mp4'],
    ] as const;
    for (const [option, file] of firstOf(outputs, 1)) {
      const args = ['analyze', 'clip.mp4', '--csv', '-', `--${option}`, file, ...FAST, '-q'];
      expect((await runCli(args, { cwd: here('') })).code).toBe(0);
      const { code, stderr } = await runCli(args, { cwd: here('') });
      expect([code, stderr]).toEqual([1, expect.stringMatching(/already exists\. Choose another name for --/)]);
      expect(stderr).toContain(`Choose another name for --${option}, or replace it with --overwrite.`);
      expect(stderr).not.toMatch(/--out|earlier run/);
      expect((await runCli([...args, '--overwrite'], { cwd: here('') })).code).toBe(0);
    }
    const auto = ['analyze', 'clip.mp4', '--csv', '-', '--ndjson', 'auto', ...LITE];
    expect((await runCli(auto, { cwd: here('') })).code).toBe(0);
    const again = await runCli(auto, { cwd: here('') });
    expect([again.code, again.stderr]).toEqual([1, expect.stringMatching(/no run record says which video/)]);
  });

  fullTest('stdin may be another video: the earlier results stay, and the message says how to keep both', async () => {
    const here = await place('stdin');
    await makeWithFfmpeg(['-i', at('clip.mp4'), '-c', 'copy', '-f', 'matroska'], here('clip.mkv'));
    const say = (more: string) =>
      runShell(`cat clip.mkv | bodyscript analyze - -o out ${LITE.join(' ')} ${more}`, here(''));
    expect((await say('')).codes).toEqual([0, 0]);
    const again = await say('');
    expect(again.codes.at(-1)).toBe(1);
    expect(again.stderr).toMatch(
      /stdin\.csv: already exists, and may belong to another video.*--name OTHER.*--overwrite/s,
    );
    expect((await say('--name other')).codes).toEqual([0, 0]);
    expect((await say('--overwrite')).codes).toEqual([0, 0]);
  });

  test('--overwrite names each replaced file that was not the run’s own, and no other', async () => {
    const here = await place('named');
    await mkdir(here('out'));
    await writeFile(here('out/clip.csv'), MINE);
    await writeFile(here('out/clip.run.json'), '');
    const args = ['analyze', 'clip.mp4', '-o', 'out', '--overwrite', '--force', ...FAST, '--no-overlay'];
    const first = await runCli(args, { cwd: here('') });
    expect([first.code, first.stderr]).toEqual([
      0,
      expect.stringMatching(/out\/clip\.csv: not known to be from an earlier run/),
    ]);
    expect(first.stderr.match(/not known to be/g)).toHaveLength(1);
    const second = await runCli(args, { cwd: here('') });
    expect([second.code, second.stderr]).toEqual([0, expect.not.stringContaining('not known to be')]);
  });

  fullTest('another video’s results are recognised by the record that names it', async () => {
    const here = await place('other');
    await mkdir(here('more'));
    await copyFile(at('clip.mp4'), here('more/clip.mp4'));
    const args = (video: string) => ['analyze', video, '-o', 'out', ...LITE];
    expect((await runCli(args('clip.mp4'), { cwd: here('') })).code).toBe(0);
    const other = await runCli(args('more/clip.mp4'), { cwd: here('') });
    expect(other.code).toBe(1);
    const [, file = ''] = /(\S+): belongs to the results of/.exec(other.stderr) ?? [];
    expect(file).toBe('out/clip.run.json');
    expect(existsSync(here(file))).toBe(true);
  });

  fullTest("a damaged record is named as the obstacle to replacing the run's own results", async () => {
    const here = await place('damaged');
    const args = ['analyze', 'clip.mp4', '-o', 'out', ...LITE, '--force'];
    expect((await runCli(args, { cwd: here('') })).code).toBe(0);
    await writeFile(here('out/clip.run.json'), '{ torn');
    const { code, stderr } = await runCli(args, { cwd: here('') });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/record.*clip\.run\.json: is not a run record.*--overwrite/s),
    ]);
    expect((await runCli([...args, '--overwrite'], { cwd: here('') })).code).toBe(0);
  });
});

describe('the same command again', () => {
  const results: readonly (readonly [command: string, files: readonly string[], args: readonly string[]])[] = [
    ['filter', ['wave.filtered.csv', 'wave.motion.csv'], ['filter', 'wave.csv', '--motion']],
    [
      'export',
      ['wave.trc', 'wave.mot', 'wave.c3d', 'wave.coco.json', 'wave.parquet', 'wave.movement.nc', 'wave.xlsx'],
      ['export', 'wave.csv', '-f', 'trc,mot,opensim,c3d,coco,parquet,movement,xlsx,openpose'],
    ],
    ['render', ['wave.render.mp4'], ['render', 'wave.csv', 'clip.mp4', '--max-size', '64']],
    [
      'render --beside',
      ['wave.beside.mp4'],
      ['render', 'wave.csv', 'clip.mp4', '--beside', 'wave.csv', '--beside-video', 'clip.mp4', '--max-size', '64'],
    ],
    [
      'cycles',
      ['events.csv', 'cycles.csv', 'cycle-curves.csv', 'cycles.png', 'cycles.svg'].map(name => `wave.${name}`),
      ['cycles', 'wave.csv', '--angle', 'right_elbow'],
    ],
    ['measure', ['wave.measures.csv'], ['measure', 'wave.csv', '--scale', '200']],
  ];
  test.each(inTurn(results, 0, 4))(
    '%s replaces its own result under the default name, and no other file',
    async (_, files, args) => {
      const here = await place('again');
      const both = [];
      for (let time = 0; time < 2; time++) both.push(await runCli(args, { cwd: here('') }));
      expect(both.map(({ code, stderr }) => [code, /exists/.test(stderr)])).toEqual([
        [0, false],
        [0, false],
      ]);
      for (const file of files) {
        const before = await readFile(here(file));
        await writeFile(here(file), MINE);
        const refused = await runCli(args, { cwd: here('') });
        expect([file, refused.code, refused.stderr]).toEqual([
          file,
          1,
          expect.stringContaining(`${file}: already exists`),
        ]);
        expect(await readFile(here(file), 'utf8')).toBe(MINE);
        await writeFile(here(file), before);
      }
      expect((await namesIn(here(''))).filter(name => /partial|lock/.test(name))).toEqual([]);
    },
  );

  test.each([
    ['filter', 'x.csv', ['filter', 'wave.csv', '-o', 'x.csv']],
    ['export', 'x.trc', ['export', 'wave.csv', '-f', 'trc', '-o', 'x']],
    ['render', 'x.mp4', ['render', 'wave.csv', 'clip.mp4', '--max-size', '64', '-o', 'x.mp4']],
  ])('%s with -o asks for --overwrite', async (_, file, args) => {
    const here = await place('chosen');
    expect((await runCli(args, { cwd: here('') })).code).toBe(0);
    const { code, stderr } = await runCli(args, { cwd: here('') });
    expect([code, stderr]).toEqual([1, expect.stringContaining(`${file}: already exists`)]);
    expect((await runCli([...args, '--overwrite'], { cwd: here('') })).code).toBe(0);
    const help = await runCli([args[0]!, '--help']);
    expect(help.stdout).toContain('An earlier result under the default name is replaced; with -o, add --overwrite');
  });

  test("filter does not replace another video's analysis under its name", async () => {
    const here = await place('namesake');
    await copyFile(at('clip.mp4'), here('wave.filtered.mp4'));
    expect((await runCli(['analyze', 'wave.filtered.mp4', '-o', '.', ...LITE], { cwd: here('') })).code).toBe(0);
    const { code, stderr } = await runCli(['filter', 'wave.csv'], { cwd: here('') });
    expect([code, stderr]).toEqual([1, expect.stringContaining('wave.filtered.csv: already exists')]);
  });

  fullTest('compare redraws its pictures, and replaces no other file', async () => {
    const here = await place('worst');
    const args = ['compare', WAVE, OTHER, '--picture', here('worst'), '--video', join(SAMPLES, 'wave.mp4')];
    for (let time = 0; time < 2; time++) {
      const { code, stderr } = await runCli(args);
      expect([time, code, stderr]).toEqual([time, 4, expect.not.stringContaining('exists')]);
    }
    const [picture = ''] = await namesIn(here('worst'));
    expect(picture).toMatch(/^worst-1-frame-\d+\.png$/);
    await writeFile(here(`worst/${picture}`), MINE);
    const refused = await runCli(args);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('already exists')]);
  });
});

describe('a misspelt input', () => {
  const misspelt: readonly (readonly [name: string, args: readonly string[]])[] = [
    ['filter', ['filter', 'wvae.csv', '-o', 'new/x.csv']],
    ['export', ['export', 'wvae.csv', '-f', 'openpose,coco', '-o', 'new/x']],
    ['render, table', ['render', 'wvae.csv', 'clip.mp4', '-o', 'new/x.mp4']],
    ['render, video', ['render', 'wave.csv', 'cilp.mp4', '-o', 'new/x.mp4']],
    ['render, no table', ['render', 'clip.mp4', 'clip.mp4', '-o', 'new/x.mp4']],
    ['compare', ['compare', 'wave.csv', 'wvae.csv', '--junit', 'new/r.xml']],
    ['compare, golden', ['compare', 'wvae.csv', 'wave.csv', '--junit', 'new/r.xml']],
    ['compare, video', ['compare', 'wave.csv', 'wave.csv', '--picture', 'new', '--video', 'cilp.mp4']],
    ['report', ['report', 'new']],
    ['filter, an address', ['filter', 'https://u:secret@host/walk.csv?sig=abc']],
    ['export, an address', ['export', 'https://u:secret@host/walk.csv?sig=abc', '-f', 'coco']],
  ];
  test.each(inTurn(misspelt, 0, 2))('%s: leaves nothing behind', async (name, args) => {
    const here = await place('misspelt');
    const before = await namesIn(here(''));
    const { code, stderr } = await runCli(args, { cwd: here('') });
    expect([code, stderr]).toEqual([1, expect.not.stringMatching(/This is a bug|secret|sig=/)]);
    if (name.includes('address')) expect(stderr).toMatch(/https:\/\/host\/walk\.csv: is a URL, not a file/);
    expect(await namesIn(here(''))).toEqual(before);
  });
});

describe('what is said', () => {
  test.skipIf(!IS_FULL || !CAN_OBEY_PERMISSIONS)(
    'a read-only folder: the remedy is one that the command has',
    async () => {
      const here = await place('read-only');
      expect((await runCli(['analyze', 'clip.mp4', '-o', 'out', ...LITE], { cwd: here('') })).code).toBe(0);
      await chmod(here('out'), 0o555);
      await chmod(here(''), 0o555);
      try {
        for (const [args, remedy] of [
          [['filter', 'wave.csv'], /Choose a place that you may write to with -o/],
          [['export', 'wave.csv', '-f', 'trc'], /Choose a place that you may write to with -o/],
          [['render', 'wave.csv', 'clip.mp4'], /Choose a place that you may write to with -o/],
          [['report', 'out'], /make the folder writable, or copy the results elsewhere/],
          [['analyze', 'clip.mp4', '-o', 'new', ...LITE], /Choose a folder that you may write to/],
        ] as const) {
          const { code, stderr } = await runCli(args, { cwd: here(''), obeyPermissions: true });
          expect([args[0], code, stderr]).toEqual([args[0], 1, expect.stringMatching(remedy)]);
          if (args[0] !== 'analyze') expect(stderr).not.toContain('--out');
        }
      } finally {
        await chmod(here(''), 0o755);
        await chmod(here('out'), 0o755);
      }
    },
  );

  fullTest('a broken ffmpeg: who named it, and how to undo that', async () => {
    const here = await place('ffmpeg');
    const analyze = ['analyze', 'clip.mp4', '-o', 'out', ...LITE];
    const env = { BODYSCRIPT_FFMPEG: '/nowhere/ffmpeg' };
    for (const args of [analyze, ['doctor']]) {
      const { code, stdout, stderr } = await runCli(args, { cwd: here(''), env });
      expect(code).toBe(1);
      expect(`${stdout}${stderr}`).toMatch(
        /\/nowhere\/ffmpeg \(from BODYSCRIPT_FFMPEG\): does not exist[\s\S]*unset BODYSCRIPT_FFMPEG/,
      );
    }
    const named = await runCli([...analyze, '--ffmpeg', '/bin/false'], { cwd: here('') });
    expect(named.stderr).toMatch(/\/bin\/false \(from --ffmpeg\): is not a working ffmpeg \(.*Correct --ffmpeg/s);
  });

  test.skipIf(!IS_FULL || process.getuid?.() !== 0)(
    'doctor explains an unsafe cache once, and refers to it where it stops something else',
    async () => {
      const cache = await mkdtemp(at('cache-'));
      await chmod(cache, 0o777);
      const { stdout } = await runCli(['doctor'], { env: { BODYSCRIPT_CACHE: cache } });
      expect(stdout.match(/another user|other users|is writable by/gi) ?? []).toHaveLength(1);
      expect(stdout).toMatch(/\w+ model +same cause as "model cache"/);
    },
  );
});

describe('jobs after a run was killed', () => {
  fullTest('shows it as interrupted, and removes its leftovers', async () => {
    const here = await place('killed');
    const out = here('out');
    const first = new CliRun(['analyze', at('long.mp4'), '-o', out, '--model', 'lite', '-q']);
    while (!existsSync(join(out, '.bodyscript/checkpoints'))) await delay(20);
    expect((await runCli(['jobs', '-o', out])).stdout).toMatch(/running/);
    first.process.kill('SIGKILL');
    await first.finished;
    const list = await runCli(['jobs', '-o', out]);
    expect(list.stdout).toMatch(/1 interrupted/);
    expect((await runCli(['jobs', 'list', '-o', out, '--state', 'running'])).stdout).toBe('no videos in this state\n');
    expect((await runCli(['jobs', 'list', '-o', out, '--state', 'interrupted'])).stdout).toMatch(/1 interrupted/);
    expect((await runCli(['jobs', 'show', 'long', '-o', out])).stdout).toMatch(/state +interrupted/);
    const dry = await runCli(['jobs', 'clean', '-o', out, '--dry-run']);
    expect(dry.stdout).toMatch(/would remove .*long\.csv\.partial/);
    expect((await namesIn(out)).filter(name => /partial/.test(name)).length).toBeGreaterThan(3);
    const cleaned = await runCli(['jobs', 'clean', '-o', out]);
    expect(cleaned.stdout).toMatch(/removed .*long\.csv\.partial[\s\S]*removed .*\.long\.csv\.lock\.partial/);
    expect((await namesIn(out)).filter(name => /partial/.test(name))).toEqual([]);
  });
});
