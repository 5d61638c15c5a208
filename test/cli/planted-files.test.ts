import { existsSync } from 'node:fs';
import { copyFile, lstat, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const FAST = ['--max-frames', '2', '--mode', 'track', '--model', 'lite', '--no-overlay'];
const folder = await temporaryFolder();
const clip = join(folder, 'clip.mp4');
const table = join(folder, 'clip.csv');
const PRECIOUS = 'the work of a year\n';

beforeAll(async () => {
  await copyFile(join(SAMPLES, 'small.mp4'), clip);
  expect((await runCli(['analyze', clip, '-o', folder, ...FAST])).code).toBe(0);
});

/** A separate folder for one test. */
async function place(name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  return path;
}

async function precious(...parts: readonly string[]): Promise<string> {
  const path = join(...parts);
  await writeFile(path, PRECIOUS);
  return path;
}

describe("other people's files that are named like unfinished ones", () => {
  test.each([
    ['export', 'x', (out: string) => ['export', table, '-f', 'openpose', '-o', join(out, 'x')]],
    ['analyze', 'clip', (out: string) => ['analyze', clip, '-o', out, '--export', 'openpose', ...FAST]],
  ])('a folder is not emptied by %s', async (name, stem, args) => {
    const out = await place(`folder-${name}`);
    await mkdir(join(out, `${stem}.openpose.partial`, 'deep'), { recursive: true });
    const mine = await precious(out, `${stem}.openpose.partial`, 'deep', 'mine');
    const { code, stderr } = await runCli(args(out));
    expect(stderr).toMatch(/openpose\.partial: contains files that are not from an earlier run/);
    expect(code).toBe(1);
    expect(await readFile(mine, 'utf8')).toBe(PRECIOUS);
  });

  test.each([
    ['filter', 'x.csv', (file: string) => ['filter', table, '-o', file]],
    ['render', 'x.mp4', (file: string) => ['render', table, clip, '-o', file]],
    ['analyze', 'x.csv', (file: string) => ['analyze', clip, '--csv', file, '-o', join(file, '..'), ...FAST]],
  ])('a file is not replaced by %s, but with --overwrite', async (name, output, args) => {
    const out = await place(`file-${name}`);
    const mine = await precious(out, `${output}.partial`);
    const { code, stderr } = await runCli(args(join(out, output)));
    expect(stderr).toMatch(/\.partial: already exists, and is not from an earlier run/);
    expect(code).toBe(1);
    expect(await readFile(mine, 'utf8')).toBe(PRECIOUS);
    expect((await runCli([...args(join(out, output)), '--overwrite'])).code).toBe(0);
    expect(existsSync(mine)).toBe(false);
  });
});

test('a link to a device is not written through, and not taken for the device', async () => {
  const out = await place('device');
  await symlink('/dev/null', join(out, 'clip.csv'));
  const { code, stderr } = await runCli(['analyze', clip, '-o', out, ...FAST]);
  expect(stderr).toMatch(/clip\.csv: already exists/);
  expect(code).toBe(1);
  expect((await lstat(join(out, 'clip.csv'))).isSymbolicLink()).toBe(true);
});

test('a run record permits only tables elsewhere', async () => {
  const out = await place('record');
  const mine = await precious(folder, 'precious.csv');
  const record = JSON.parse(await readFile(join(folder, 'clip.run.json'), 'utf8'));
  await writeFile(join(out, 'clip.run.json'), JSON.stringify({ ...record, outputs: [mine] }));
  const { code, stderr } = await runCli(['analyze', clip, '-o', out, '--csv', mine, '--force', ...FAST]);
  expect(stderr).toMatch(/precious\.csv: already exists/);
  expect(code).toBe(1);
  expect(await readFile(mine, 'utf8')).toBe(PRECIOUS);
});

describe.runIf(existsSync('/proc/self/fd'))('a path where the system does not allow files', () => {
  test.each([
    ['analyze -o', ['analyze', clip, '-o', '/proc/x', ...FAST]],
    ['analyze of many -o', ['analyze', folder, '-o', '/proc/x', ...FAST]],
    ['analyze -o, by root, which the system would allow', ['analyze', clip, '-o', '/dev/x', ...FAST]],
    ['analyze -o, through a link', ['analyze', clip, '-o', join(folder, 'to-dev/x'), ...FAST]],
    ['analyze --dry-run -o', ['analyze', clip, '-o', '/dev/x', '--dry-run', ...FAST]],
    ['analyze --csv', ['analyze', clip, '--csv', '/proc/x/y.csv', '-o', join(folder, 'proc'), ...FAST]],
    ['filter -o', ['filter', table, '-o', '/proc/self/x/y.csv']],
    ['render -o', ['render', table, clip, '-o', '/proc/x/y.mp4']],
  ])('is refused at once: %s', async (_, args) => {
    await symlink('/dev', join(folder, 'to-dev')).catch(() => {});
    const { code, stderr } = await runCli([...args, '--log-json']);
    expect(stderr).toMatch(
      /"code":"OUTPUT_NOT_WRITABLE".*is a system folder|is a system folder.*"OUTPUT_NOT_WRITABLE"/,
    );
    expect(code).toBe(1);
    expect(existsSync('/dev/x')).toBe(false);
  });

  test('and a cache there costs only the cache', async () => {
    const args = ['analyze', clip, '-o', join(folder, 'no-cache'), ...FAST];
    expect((await runCli(args, { env: { BODYSCRIPT_CACHE: '/proc/x' } })).code).toBe(0);
  });
});
