import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { PACKAGE } from '../../src/system/package-info.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();

describe('what the command line says of itself', () => {
  test('--version, for people and as JSON', async () => {
    expect((await runCli(['--version'])).stdout).toBe(`${PACKAGE.version}\n`);
    const { stdout } = await runCli(['--version', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      version: PACKAGE.version,
      node: process.version,
      packages: { '@mediapipe/tasks-vision': expect.stringMatching(/^\d/) },
    });
  });

  test.each([
    [['--help']],
    [['analyze', '--help']],
    [['compare', '--help']],
    [['jobs', '--help']],
    [['doctor', '--help']],
    [['help']],
    [['help', 'compare']],
  ])('%j begins with examples and keeps to 80 columns where they are not', async args => {
    const { code, stdout, stderr } = await runCli(args);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Examples:\n {2}bodyscript /);
    const body = stdout.slice(stdout.indexOf('Usage:')).split('\n\nOptions can also')[0]?.split('\n\nMore:')[0] ?? '';
    expect(
      body.split('\n').filter(line => line.length > 80 && !/^(Frames are|A file|Exit|No pict)/.test(line)),
    ).toEqual([]);
  });

  test('typos get a suggestion', async () => {
    for (const [args, says] of [
      [['analyze', 'x.mp4', '--overlya', 'auto'], /Did you mean --overlay/],
      [['help', 'exitcodes'], /help exit-codes/],
      [['help', 'cvs'], /help csv/],
      [['help', 'xylophone'], /Topics: .*csv.* Commands: .*analyze/],
      [['jobs', 'lisst'], /list/],
      [['analyse', 'walk.mp4'], /"analyse" is neither a command nor a file\. Did you mean "bodyscript analyze"/],
    ] as const) {
      const { code, stderr } = await runCli(args);
      expect(stderr).toMatch(says);
      expect(code).toBe(2);
    }
  });

  test('without a word it shows its help, and says that nothing was done', async () => {
    const { code, stdout, stderr } = await runCli([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^Examples:\n[\s\S]*Commands:\n/);
  });

  test('a word that is near a command is a file where there is one', async () => {
    await writeFile(join(folder, 'reports'), 'text');
    const { stderr } = await runCli(['reports'], { cwd: folder });
    expect(stderr).toMatch(/not a video/);
  });

  test.each(['bash', 'zsh', 'fish'])('completion for %s', async shell => {
    const { code, stdout } = await runCli(['completion', shell]);
    expect(code).toBe(0);
    expect(stdout).toContain('bodyscript');
  });

  test('completion knows commands, options and values', async () => {
    expect((await runCli(['complete', '--', 'com'])).stdout).toMatch(/^compare\t/m);
    expect((await runCli(['complete', '--', 'analyze', '--csv-l'])).stdout).toMatch(/--csv-layout/);
    expect((await runCli(['complete', '--', 'analyze', '--mode', ''])).stdout).toMatch(/smart[\s\S]*track/);
    for (const words of [
      ['analyze', '--export'],
      ['export', '--format'],
    ]) {
      expect((await runCli(['complete', '--', ...words, ''])).stdout).toMatch(/^c3d[\s\S]*^xlsx/m);
    }
    expect((await runCli(['complete', '--', 'angles', '--csv-dialect', ''])).stdout).toMatch(/^excel-eu/m);
  });

  test('colours: none in a pipe, some if asked, none with NO_COLOR', async () => {
    const run = (env: NodeJS.ProcessEnv, ...args: string[]) => runCli(['compare', 'a.csv', 'b.csv', ...args], { env });
    const { NO_COLOR, FORCE_COLOR } = { NO_COLOR: '', FORCE_COLOR: '' };
    expect((await run({ NO_COLOR, FORCE_COLOR })).stderr).not.toContain('\u001b[');
    expect((await run({ NO_COLOR, FORCE_COLOR: '1' })).stderr).toContain('\u001b[31m');
    expect((await run({ NO_COLOR: '1', FORCE_COLOR: '1' })).stderr).not.toContain('\u001b[');
    expect((await run({ NO_COLOR: '1', FORCE_COLOR }, '--color', 'always')).stderr).toContain('\u001b[31m');
  });

  test('what needs no engine loads none', async () => {
    const log = join(folder, 'loaded.txt');
    const hooks = join(folder, 'hooks.mjs');
    await writeFile(
      hooks,
      `import { appendFileSync } from 'node:fs';
       export async function resolve(name, context, next) { appendFileSync(${JSON.stringify(log)}, name + '\\n'); return next(name, context); }`,
    );
    const watch = join(folder, 'watch.mjs');
    await writeFile(
      watch,
      `import { register } from 'node:module'; register(${JSON.stringify(pathToFileURL(hooks).href)});`,
    );
    const root = new URL('../../', import.meta.url).href;
    const loadedBy = async (...args: string[]) => {
      await writeFile(log, '');
      await runCli(args, { node: ['--import', watch] });
      return (await readFile(log, 'utf8'))
        .split('\n')
        .map(name => name.replace(root, '')) // A folder above may be called like one of ours.
        .filter(name => /fluent-ffmpeg|engine|(outputs|encode|draw)\/|analyze|canvas/.test(name));
    };
    expect(await loadedBy('--version')).toEqual([]);
    expect(await loadedBy('--help')).toEqual([]);
    expect(await loadedBy('compare', 'a.csv', 'b.csv')).toEqual([]);
    expect(await loadedBy('analyze', 'a.mp4')).toContain('fluent-ffmpeg');
  });
});
