import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { fullTest } from '../support/full-tests.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const CLIP = fileURLToPath(new URL('../../dist/demo/wave.mp4', import.meta.url));
const MINUTES = 60_000;
/** Not by npx, which may run the tests. */
const INSTALLED = { npm_command: undefined };
const FILES = ['.bodyscript', 'wave.csv', 'wave.overlay.mp4', 'wave.report.html', 'wave.run.json'];

test('the clip is small enough for a package', async () => {
  expect((await stat(CLIP)).size).toBeLessThan(150_000);
});

test(
  'demo makes table, overlay and page in one command, offline, and replaces nothing but them',
  async () => {
    const where = join(folder, 'fresh');
    await mkdir(where);
    // A configuration of the folder decides nothing: the demo looks the same everywhere.
    await writeFile(join(where, 'bodyscript.config.json'), '{"analyze":{"overlay":false,"csvLayout":"wide"}}');
    const watch = pathToFileURL(fileURLToPath(new URL('../support/watch-network.mjs', import.meta.url))).href;
    const requests = join(folder, 'requests.txt');
    // Nor does a variable of the user's own work.
    const ofUser = { BODYSCRIPT_START: '30', BODYSCRIPT_CSV_LAYOUT: 'wide', BODYSCRIPT_MODE: 'fast' };
    const options = {
      cwd: where,
      env: { ...INSTALLED, ...ofUser, BODYSCRIPT_NETWORK_LOG: requests },
      node: ['--import', watch],
    };
    const { code, stdout, stderr } = await runCli(['demo'], options);
    expect([code, stderr.includes('error:')]).toEqual([0, false]);
    const attempts = (await readFile(requests, 'utf8')).split('\n').filter(line => line.startsWith('ATTEMPT'));
    expect(attempts).toEqual([]);
    const out = join(where, 'bodyscript-demo');
    expect((await readdir(out)).sort()).toEqual(FILES);
    for (const name of FILES.slice(1, 4)) expect(stdout).toContain(join('bodyscript-demo', name));
    expect(stdout).toMatch(/Next, with your own video:\n {2}bodyscript my-video\.mp4\n$/);
    const rows = (await readFile(join(out, 'wave.csv'), 'utf8')).trimEnd().split('\n');
    expect(rows).toHaveLength(1 + 120 * 33);
    expect(await readFile(join(out, 'wave.report.html'), 'utf8')).toContain('wave.overlay.mp4');
    const again = await runCli(['demo'], { cwd: where, env: INSTALLED });
    expect([again.code, again.stdout]).toEqual([0, stdout]);
    // It tries the installation again, and does not suggest an option that it lacks.
    expect(again.stderr).toMatch(/wave\.mp4: done\n/);
    expect(again.stderr).not.toContain('--force');
  },
  3 * MINUTES,
);

test(
  'a file that it did not write stays, and the message names another folder',
  async () => {
    const out = join(folder, 'taken');
    for (const name of ['wave.csv', 'wave.overlay.mp4']) {
      await rm(out, { recursive: true, force: true });
      await mkdir(out);
      await writeFile(join(out, name), 'mine');
      const { code, stderr } = await runCli(['demo', '-o', out]);
      expect(code).toBe(1);
      expect(stderr).toMatch(/already exists[\s\S]*Choose another folder: bodyscript demo -o OTHER-FOLDER/);
      expect(stderr).not.toContain('--overwrite');
      expect(await readFile(join(out, name), 'utf8')).toBe('mine');
    }
  },
  MINUTES,
);

test('a place where it cannot write gets the remedy that the demo has', async () => {
  const file = join(folder, 'a-file');
  await writeFile(file, '');
  const { code, stderr } = await runCli(['demo', '-o', join(file, 'below')]);
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining('Choose another folder: bodyscript demo -o OTHER-FOLDER'),
  ]);
  const bucket = await runCli(['demo', '-o', 's3://lab/demo']);
  expect(bucket).toMatchObject({ code: 2, stderr: expect.stringContaining('is a bucket. Give a folder') });
});

fullTest(
  'a page that it did not write stays',
  async () => {
    const out = join(folder, 'page');
    await mkdir(out);
    await writeFile(join(out, 'wave.report.html'), 'mine');
    const { code, stderr } = await runCli(['demo', '-o', out]);
    expect(code).toBe(1);
    expect(stderr).toContain('bodyscript demo -o OTHER-FOLDER');
    expect(stderr).not.toContain('--overwrite');
    expect(await readFile(join(out, 'wave.report.html'), 'utf8')).toBe('mine');
  },
  MINUTES,
);
