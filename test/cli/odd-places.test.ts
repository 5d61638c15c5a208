import { execFile } from 'node:child_process';
import { copyFile, lstat, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../support/run-cli.js';
import { runShell } from '../support/shell.js';
import { temporaryFolder } from '../support/temporary-folder.js';

import { GOLDEN, LITE, MINE, makeStills, namesIn, placeIn, WAVE } from '../support/written-places.js';

const run = promisify(execFile);
const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const place = (name: string) => placeIn(folder, name);
const asRoot = process.getuid?.() === 0;

beforeAll(() => makeStills(folder));

describe('paths that are not files', () => {
  // A device of the test's own: one that was replaced by a file would be missed by the whole machine.
  test.skipIf(!asRoot)('a device takes everything and stays a device', async () => {
    const here = await place('devices');
    await run('mknod', [here('null'), 'c', '1', '3']);
    const { rdev, ino } = await lstat(here('null'));
    for (const args of [
      ['filter', 'wave.csv', '-o', 'null'],
      ['render', 'wave.csv', 'clip.mp4', '-o', 'null'],
      ['analyze', 'clip.mp4', '--csv', 'null', '-o', 'out', ...LITE],
      ['compare', 'wave.csv', 'wave.csv', '--junit', 'null'],
    ]) {
      const { code, stderr } = await runCli(args, { cwd: here('') });
      expect([args[0], code, stderr]).toEqual([args[0], 0, expect.not.stringContaining('This is a bug')]);
    }
    expect(await lstat(here('null'))).toMatchObject({ rdev, ino });
    expect((await namesIn(here(''))).filter(name => /null/.test(name))).toEqual(['null']);
  });

  test('/dev/stdout is stdout', async () => {
    const here = await place('stdout');
    const piped = await runShell('bodyscript filter wave.csv -o /dev/stdout | head -1', here(''));
    expect(piped.stdout).toMatch(/^frame_id,timestamp/);
    const redirected = await runShell('bodyscript filter wave.csv -o /dev/stdout > kept.csv', here(''));
    expect(redirected.codes).toEqual([0]);
    expect((await readFile(here('kept.csv'), 'utf8')).trimEnd().split('\n')).toHaveLength(1 + 60 * 33);
  });

  test('a pipe, a folder and a path below a file are rejected in a sentence', async () => {
    const here = await place('pipes');
    await run('mkfifo', [here('pipe')]);
    await mkdir(here('folder.csv'));
    for (const [to, says] of [
      ['pipe', /pipe: is a pipe, not a file.*stdout/s],
      ['folder.csv', /folder\.csv: is a folder/],
      ['wave.csv/x.csv', /wave\.csv: is a file, but a folder is needed/],
    ] as const) {
      for (const args of [
        ['filter', 'wave.csv', '-o', to],
        ['render', 'wave.csv', 'clip.mp4', '-o', to],
        ['analyze', 'clip.mp4', '--csv', to, '-o', 'out', ...LITE],
      ]) {
        // Where these find a folder, the file goes into it.
        if (to === 'folder.csv' && args[0] !== 'analyze') continue;
        const { code, stderr } = await runCli([...args, '--overwrite'], { cwd: here('') });
        expect([args[0], to, code, stderr]).toEqual([args[0], to, 1, expect.stringMatching(says)]);
      }
    }
    expect((await lstat(here('pipe'))).isFIFO()).toBe(true);
  });
});

describe.skipIf(!asRoot)('a full disk', () => {
  const DISK_KB = 400;
  test.each([
    ['filter', 'wave.filtered.csv', ['filter', 'wave.csv']],
    ['export', 'wave.coco.json', ['export', 'wave.csv', '-f', 'coco']],
    ['compare --update', 'golden.csv', ['compare', 'golden.csv', 'wave.csv', '--update']],
    ['render', 'wave.render.mp4', ['render', 'wave.csv', at('clip.mp4'), '--overlay-crf', '0']],
  ])('%s: is named, and the old file stays', async (_, file, args) => {
    const disk = await mkdtemp(at('disk-'));
    await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_KB}k`, 'tmpfs', disk]);
    try {
      await copyFile(WAVE, join(disk, 'wave.csv'));
      // The golden table has to be one.
      const isUpdate = args[0] === 'compare';
      await (isUpdate ? copyFile(join(GOLDEN, 'sit.csv'), join(disk, file)) : writeFile(join(disk, file), MINE));
      const before = await readFile(join(disk, file));
      if (!isUpdate) await writeFile(join(disk, 'filler'), Buffer.alloc(180 * 1024));
      const { code, stderr } = await runCli(isUpdate ? args : [...args, '--overwrite'], { cwd: disk });
      expect([code, stderr]).toEqual([1, expect.stringMatching(/the disk is full\. Free some space/)]);
      expect((await readFile(join(disk, file))).equals(before)).toBe(true);
      expect((await namesIn(disk)).filter(name => /lock/.test(name))).toEqual([]);
    } finally {
      await run('umount', [disk]);
    }
  });
});
