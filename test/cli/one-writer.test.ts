import { existsSync } from 'node:fs';
import { copyFile, link, lstat, mkdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { firstOf, fullTest, inTurn } from '../support/full-tests.js';
import { CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

import { LITE, MINE, makeStills, namesIn, placeIn, WAVE } from '../support/written-places.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const place = (name: string) => placeIn(folder, name);

beforeAll(() => makeStills(folder));

describe('an output that is an input', () => {
  const inputs: readonly (readonly [what: string, input: string, args: readonly string[]])[] = [
    ['render to its video', 'clip.mp4', ['render', 'wave.csv', 'clip.mp4', '-o', 'clip.mp4']],
    ['render to its table', 'wave.csv', ['render', 'wave.csv', 'clip.mp4', '-o', './wave.csv']],
    ['filter to its table, spelled otherwise', 'wave.csv', ['filter', 'wave.csv', '-o', './/wave.csv']],
    ['filter to its table through a linked folder', 'wave.csv', ['filter', 'wave.csv', '-o', 'linked/wave.csv']],
    ['filter to a hard link of its table', 'wave.csv', ['filter', 'wave.csv', '-o', 'hard.csv']],
    ['filter to a symbolic link to its table', 'wave.csv', ['filter', 'wave.csv', '-o', 'soft.csv']],
    ['filter whose unfinished file is its table', 'x.csv.partial', ['filter', 'x.csv.partial', '-o', 'x.csv']],
    ['analyze to its video', 'clip.mp4', ['analyze', 'clip.mp4', '--csv', 'linked/clip.mp4', '-o', 'out', ...LITE]],
    ['analyze to its list', 'list.csv', ['analyze', '--from-file', 'list.csv', '-o', '.', '--force', ...LITE]],
    ['compare to a golden file', 'wave.csv', ['compare', 'wave.csv', 'hard.csv', '--junit', 'linked/wave.csv']],
    ['filter to its configuration', 'own.json', ['filter', 'wave.csv', '--config', 'own.json', '-o', 'own.json']],
  ];
  test.each(inTurn(inputs, 0, 2))('%s: is refused, also with --overwrite', async (_, input, args) => {
    const here = await place('same');
    await symlink('.', here('linked'));
    await link(here('wave.csv'), here('hard.csv'));
    await symlink('wave.csv', here('soft.csv'));
    await copyFile(WAVE, here('x.csv.partial'));
    await writeFile(here('own.json'), '{"filter":{"maxGap":3}}');
    // The table of list.mp4 would be list.csv.
    await copyFile(here('clip.mp4'), here('list.mp4'));
    await writeFile(here('list.csv'), 'list.mp4\n');
    const file = here(input);
    const before = await readFile(file);
    const facts = await stat(file);
    const { code, stderr } = await runCli([...args, '--overwrite'], { cwd: here('') });
    expect(stderr).toMatch(/is an input of this command/);
    expect([2, 3]).toContain(code);
    expect((await readFile(file)).equals(before)).toBe(true);
    expect((await stat(file)).ino).toBe(facts.ino);
  });

  test('two outputs of one command with the same file are a usage error', async () => {
    const here = await place('twice');
    await symlink('.', here('linked'));
    const motion = await runCli(['filter', here('wave.csv'), '-o', here('linked/wave.motion.csv'), '--motion']);
    expect([motion.code, motion.stderr]).toEqual([2, expect.stringContaining('two outputs')]);
    const both = ['--csv', here('a.txt'), '--ndjson', here('linked/a.txt'), '-o', here('out'), ...LITE];
    const tables = await runCli(['analyze', here('clip.mp4'), ...both]);
    expect([tables.code, tables.stderr]).toEqual([2, expect.stringContaining('two outputs')]);
    expect(existsSync(here('a.txt'))).toBe(false);
  });
});

/** Another run shown beside it. */
const BESIDE = ['--beside', 'wave.csv', '--beside-video', 'clip.mp4', '--max-size', '64'];

describe('existing files that are not the command’s own', () => {
  const outputs: readonly (readonly [what: string, file: string, args: readonly string[]])[] = [
    ['filter', 'wave.filtered.csv', ['filter', 'wave.csv']],
    ['filter --motion', 'wave.motion.csv', ['filter', 'wave.csv', '--motion']],
    ['export', 'wave.coco.json', ['export', 'wave.csv', '-f', 'coco']],
    ['export of a person', 'wave.person-3.trc', ['export', 'wave.csv', '-f', 'trc']],
    ['render', 'wave.render.mp4', ['render', 'wave.csv', 'clip.mp4', '--max-size', '64']],
    ['render --beside', 'wave.beside.mp4', ['render', 'wave.csv', 'clip.mp4', ...BESIDE]],
    ['cycles', 'wave.events.csv', ['cycles', 'wave.csv', '--angle', 'right_elbow']],
    ['compare --plot', 'plot.svg', ['compare', 'wave.csv', 'wave.csv', '--plot', 'plot.svg']],
    ['compare --plot, PNG', 'plot.png', ['compare', 'wave.csv', 'wave.csv', '--plot', 'plot.png']],
    ['compare --junit', 'report.xml', ['compare', 'wave.csv', 'wave.csv', '--junit', 'report.xml']],
    ['compare --markdown', 'report.md', ['compare', 'wave.csv', 'wave.csv', '--markdown', 'report.md']],
  ];
  test.each(inTurn(outputs, 0, 2))('%s: stays, and is replaced with --overwrite', async (_, file, args) => {
    const here = await place('policy');
    await writeFile(here(file), MINE);
    const refused = await runCli(args, { cwd: here('') });
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/already exists.*--overwrite/s)]);
    expect(await readFile(here(file), 'utf8')).toBe(MINE);
    const left = (await namesIn(here(''))).filter(name => /partial/.test(name));
    expect(left).toEqual([]);
    const replaced = await runCli([...args, '--overwrite'], { cwd: here('') });
    expect([replaced.code, replaced.stderr]).toEqual([0, expect.anything()]);
    if (file !== 'wave.person-3.trc') expect(await readFile(here(file), 'utf8')).not.toBe(MINE);
  });

  fullTest('an explicit --csv is checked even if a run of the same video has left its record', async () => {
    const here = await place('explicit');
    const args = ['analyze', here('clip.mp4'), '-o', here('out'), ...LITE];
    expect((await runCli(args)).code).toBe(0);
    await writeFile(here('precious.csv'), MINE);
    const refused = await runCli([...args, '--csv', here('precious.csv'), '--force']);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('precious.csv: already exists')]);
    expect(await readFile(here('precious.csv'), 'utf8')).toBe(MINE);
    const own = [...args, '--csv', here('own.csv'), '--force'];
    expect((await runCli(own)).code).toBe(0);
    expect((await runCli(own)).code).toBe(0);
  });

  fullTest(
    'a batch.json not written by a batch is rejected before any video, an earlier one’s is replaced',
    async () => {
      const here = await place('batch');
      await copyFile(at('clip.mp4'), here('other.mp4'));
      await mkdir(here('out'));
      await writeFile(here('out/batch.json'), MINE);
      const args = ['analyze', here('clip.mp4'), here('other.mp4'), '-o', here('out'), '--max-frames', '2', ...LITE];
      const refused = await runCli(args);
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('batch.json: already exists')]);
      expect(await namesIn(here('out'))).toEqual(['batch.json']);
      await rm(here('out/batch.json'));
      for (let time = 0; time < 2; time++) expect((await runCli(args)).code).toBe(0);
    },
  );

  fullTest('report replaces its own pages, and no others', async () => {
    const here = await place('pages');
    expect((await runCli(['analyze', here('clip.mp4'), '-o', here('out'), ...LITE])).code).toBe(0);
    const page = here('out/clip.report.html');
    for (let time = 0; time < 2; time++) expect((await runCli(['report', here('out')])).code).toBe(0);
    await writeFile(page, `<!doctype html><title>${MINE}</title>`);
    const refused = await runCli(['report', here('out')]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('clip.report.html: already exists')]);
    expect(await readFile(page, 'utf8')).toContain(MINE);
    expect((await runCli(['report', here('out'), '--overwrite'])).code).toBe(0);
    expect(await readFile(page, 'utf8')).not.toContain(MINE);
  });

  fullTest(
    'reports of a comparison are replaced by the next one, and a folder of OpenPose files only on request',
    async () => {
      const here = await place('again');
      const compare = ['compare', WAVE, WAVE, '--junit', here('r.xml'), '--markdown', here('r.md')];
      for (let time = 0; time < 2; time++) expect((await runCli(compare)).code).toBe(0);
      const folders = ['export', here('wave.csv'), '-f', 'openpose'];
      expect((await runCli(folders)).code).toBe(0);
      await writeFile(here('wave.openpose/notes.txt'), MINE);
      await writeFile(here('wave.openpose/wave_000000999999_keypoints.json'), '{}');
      expect((await runCli(folders)).stderr).toMatch(/wave\.openpose: already exists/);
      expect((await runCli([...folders, '--overwrite'])).code).toBe(0);
      const names = await namesIn(here('wave.openpose'));
      expect(names).toHaveLength(61);
      expect(names).toContain('notes.txt');
      expect((await namesIn(here(''))).filter(name => /partial|old/.test(name))).toEqual([]);
    },
  );
});

describe('two commands with the same output file', () => {
  test('two runs with one --csv: the second names the file and the first one; the table is the first one’s', async () => {
    const csv = at('shared.csv');
    const args = (out: string) => [
      'analyze',
      at('long.mp4'),
      '--csv',
      csv,
      '-o',
      at(out),
      '--max-frames',
      '120',
      ...LITE,
    ];
    const first = new CliRun(args('first'));
    while (!existsSync(`${csv}.partial`)) await delay(20);
    const second = await runCli(args('second'));
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(
      new RegExp(`shared\\.csv: is being written by another run \\(process ${first.pid}\\)`),
    );
    const { code, stderr } = await first.finished;
    expect([code, stderr]).toEqual([0, '']);
    expect((await readFile(csv, 'utf8')).trimEnd().split('\n')).toHaveLength(1 + 120 * 33);
    expect((await namesIn(folder)).filter(name => /lock|partial/.test(name))).toEqual([]);
  });

  fullTest('six filters at once: one complete table, whoever wins; the others are busy, or replace it', async () => {
    const here = await place('race');
    const runs = Array.from({ length: 6 }, () => new CliRun(['filter', here('wave.csv')]));
    const results = await Promise.all(runs.map(one => one.finished));
    expect(results.filter(({ code }) => code === 0).length).toBeGreaterThan(0);
    for (const { code, stderr } of results) if (code !== 0) expect(stderr).toMatch(/is being written/);
    expect((await readFile(here('wave.filtered.csv'), 'utf8')).trimEnd().split('\n')).toHaveLength(1 + 60 * 33);
    expect(await namesIn(here(''))).toEqual(['clip.mp4', 'wave.csv', 'wave.filter.json', 'wave.filtered.csv']);
  });

  test('a killed run does not block the next one, which leaves no lock', async () => {
    const here = await place('killed');
    const args = ['analyze', at('long.mp4'), '--csv', here('k.csv'), '-o', here('out'), '--max-frames', '60', ...LITE];
    const first = new CliRun(args);
    while (!existsSync(here('k.csv.partial'))) await delay(20);
    first.process.kill('SIGKILL');
    await first.finished;
    expect((await namesIn(here(''))).filter(name => /lock/.test(name))).toEqual(['.k.csv.lock.partial']);
    const { code, stderr } = await runCli(args);
    expect([code, stderr]).toEqual([0, '']);
    expect((await namesIn(here(''))).filter(name => /lock|partial/.test(name))).toEqual([]);
  });

  test.each(firstOf(['SIGTERM', 'SIGINT'] as const, 1))(
    '%s leaves no lock, and the old file unchanged',
    async signal => {
      const here = await place(`signal-${signal}`);
      await writeFile(here('r.mp4'), MINE);
      const table = here('out/long.csv');
      expect((await runCli(['analyze', at('long.mp4'), '-o', here('out'), '--max-frames', '30', ...LITE])).code).toBe(
        0,
      );
      const render = new CliRun([
        'render',
        table,
        at('long.mp4'),
        '-o',
        here('r.mp4'),
        '--overwrite',
        '--overlay-crf',
        '1',
      ]);
      while (!existsSync(here('r.mp4.partial'))) await delay(20);
      render.process.kill(signal);
      expect((await render.finished).code).toBe(signal === 'SIGINT' ? 130 : 143);
      expect(await readFile(here('r.mp4'), 'utf8')).toBe(MINE);
      expect((await namesIn(here(''))).filter(name => /lock/.test(name))).toEqual([]);
    },
  );
});

describe('links', () => {
  const unfinished: readonly (readonly [what: string, args: readonly string[], planted: string])[] = [
    ['analyze', ['analyze', 'clip.mp4', '-o', 'out', ...LITE], 'out/clip.csv.partial'],
    ['analyze, run record', ['analyze', 'clip.mp4', '-o', 'out', ...LITE], 'out/clip.run.json.partial'],
    ['analyze, quality', ['analyze', 'clip.mp4', '-o', 'out', '--quality', ...LITE], 'out/clip.quality.json.partial'],
    ['filter', ['filter', 'wave.csv'], 'wave.filtered.csv.partial'],
    ['export', ['export', 'wave.csv', '-f', 'coco,parquet'], 'wave.parquet.partial'],
    ['export, rows', ['export', 'wave.csv', '-f', 'trc'], 'wave.trc.rows-0.partial'],
    ['export, folder', ['export', 'wave.csv', '-f', 'openpose'], 'wave.openpose.partial'],
    ['render', ['render', 'wave.csv', 'clip.mp4'], 'wave.render.mp4.partial'],
    ['render, finished film', ['render', 'wave.csv', 'clip.mp4'], 'wave.render.mp4.whole.partial'],
    ['cycles', ['cycles', 'wave.csv', '--angle', 'right_elbow'], 'wave.cycles.csv.partial'],
    ['render --beside', ['render', 'wave.csv', 'clip.mp4', ...BESIDE], 'wave.beside.mp4.partial'],
    ['compare', ['compare', 'wave.csv', 'wave.csv', '--junit', 'r.xml'], 'r.xml.partial'],
    ['compare --plot', ['compare', 'wave.csv', 'wave.csv', '--plot', 'p.svg'], 'p.svg.partial'],
    ['compare --update', ['compare', 'golden.csv', 'wave.csv', '--update'], 'golden.csv.partial'],
  ];
  test.each(inTurn(unfinished, 0, 2))(
    '%s: an unfinished file that is a link is not followed',
    async (_, args, planted) => {
      const here = await place('links');
      await mkdir(here('out'));
      await mkdir(here('elsewhere'));
      await writeFile(here('precious'), MINE);
      await symlink(here(planted.includes('openpose') ? 'elsewhere' : 'precious'), here(planted));
      const { code, stderr } = await runCli(args, { cwd: here('') });
      expect([code, stderr]).toEqual([1, expect.stringMatching(/is a link.*Remove it/s)]);
      expect(await readFile(here('precious'), 'utf8')).toBe(MINE);
      expect(await namesIn(here('elsewhere'))).toEqual([]);
    },
  );

  fullTest('an unfinished file with another name is not written to, even by a continued run', async () => {
    const here = await place('hard-links');
    const args = ['analyze', at('long.mp4'), '-o', here('out'), '--max-frames', '1200', ...LITE];
    const first = new CliRun(args);
    while (!existsSync(here('out/.bodyscript/checkpoints'))) await delay(20);
    await delay(1000);
    first.process.kill('SIGKILL');
    await first.finished;
    await link(here('out/long.csv.partial'), here('precious'));
    const before = await readFile(here('precious'));
    const { code, stderr } = await runCli(args);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/long\.csv\.partial: has another name/)]);
    expect((await readFile(here('precious'))).equals(before)).toBe(true);
  });

  fullTest(
    'a final name that is a link is rejected like any file; --overwrite replaces the link and not its target',
    async () => {
      const here = await place('final');
      await writeFile(here('precious'), MINE);
      for (const target of ['precious', 'nothing-there']) {
        await rm(here('link.csv'), { force: true });
        await symlink(target, here('link.csv'));
        const args = ['filter', here('wave.csv'), '-o', here('link.csv')];
        expect((await runCli(args)).stderr).toMatch(/link\.csv: already exists/);
        expect(await readlink(here('link.csv'))).toBe(target);
        expect((await runCli([...args, '--overwrite'])).code).toBe(0);
        expect((await lstat(here('link.csv'))).isFile()).toBe(true);
        expect(existsSync(here('nothing-there'))).toBe(false);
      }
      expect(await readFile(here('precious'), 'utf8')).toBe(MINE);
    },
  );

  test('a lock that is a link is neither read nor replaced', async () => {
    const here = await place('lock');
    await writeFile(here('precious'), MINE);
    await symlink('precious', here('.wave.filtered.csv.lock.partial'));
    const { code, stderr } = await runCli(['filter', here('wave.csv')]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/\.lock\.partial: is a link/)]);
    expect(await readFile(here('precious'), 'utf8')).toBe(MINE);
  });
});
