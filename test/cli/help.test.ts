import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { helpWidth } from '../../src/cli/help-text.js';
import { PACKAGE } from '../../src/system/package-info.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const COMMANDS = [
  'analyze',
  'compare',
  'filter',
  'report',
  'render',
  'export',
  'angles',
  'plots',
  'quality',
  'cycles',
  'measure',
  'jobs',
  'plan',
  'doctor',
  'demo',
  'completion',
];

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

  test.each(['', ...COMMANDS].map(command => [command]))(
    '"bodyscript %s --help" ends with examples and keeps to 80 columns, but for long commands',
    async command => {
      const { code, stdout, stderr } = await runCli([...(command === '' ? [] : [command]), '--help']);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^Usage: bodyscript /);
      const [, examples = ''] = stdout.split('\n\nExamples:\n');
      expect(examples).toMatch(/^ {2}(bodyscript|eval) /);
      expect(examples).not.toMatch(/^\S/m);
      const tooLong = stdout.split('\n').filter(line => line.length > 80);
      expect(tooLong.filter(line => !/^ {2}bodyscript /.test(line))).toEqual([]);
    },
  );

  test('help of a subcommand is that of its --help; another word says which exist', async () => {
    const { stdout } = await runCli(['jobs', 'list', '--help']);
    expect(await runCli(['help', 'jobs', 'list'])).toMatchObject({ code: 0, stdout });
    for (const [words, says] of [
      [['jobs', 'lst'], 'Did you mean "bodyscript help jobs list"?'],
      [['jobs', 'zebra'], 'Commands of jobs: list, show, retry, clean, merge, rebuild.'],
      [['filter', 'x'], 'Run "bodyscript help filter".'],
      [['csv', 'x'], 'Run "bodyscript help csv".'],
    ] as const) {
      const wrong = await runCli(['help', ...words]);
      expect(wrong).toMatchObject({ code: 2, stderr: `error: help: no page "${words.join(' ')}". ${says}\n` });
    }
  });

  test('a terminal of unknown width, as in a container, gets lines of 80 columns', () => {
    expect([helpWidth(0), helpWidth(undefined), helpWidth(40)]).toEqual([80, 80, 40]);
  });

  test('help shows common options first, and help of a command as --help does', async () => {
    const { stdout } = await runCli(['analyze', '--help']);
    expect(/^([A-Z][\w ]+):\n {2}-o, --out <dir>/m.exec(stdout)?.[1]).toBe('Common options');
    expect(stdout.indexOf('Common options:')).toBeLessThan(stdout.indexOf('\nOutputs:'));
    expect((await runCli(['help', 'analyze'])).stdout.startsWith(stdout.trimEnd())).toBe(true);
  });

  test.each<[string, RegExp]>([
    ['analyze x.mp4 --overlya auto', /unknown option '--overlya'\. Did you mean --overlay\?/],
    ['x.mp4 --overlya auto', /Did you mean --overlay\?/],
    ['doctor --josn', /Did you mean --json\?/],
    ['jobs list --josn', /Did you mean --json\?/],
    ['analyze x.mp4 --mode smrt', /got "smrt"\. Did you mean smart\?/],
    ['analyze x.mp4 --export c3d,trk', /Did you mean trc\?/],
    ['analyze x.mp4 --log-level wran', /Did you mean warn\?/],
    ['filter x.csv --smooth butterwort', /Did you mean butterworth\?/],
    ['export x.csv --format opnpose', /Did you mean openpose\?/],
    ['jobs list --state fialed', /Did you mean failed\?/],
    ['help exitcodes', /help exit-codes/],
    ['help cvs', /help csv/],
    ['help xylophone', /Topics: .*csv.* Commands: .*analyze/],
    ['jobs lisst', /"lisst" is not a command of "bodyscript jobs"\. Did you mean "bodyscript jobs list"\?/],
    ['jobs xylophone', /Its commands: list, show, retry, clean, merge/],
    ['analyse walk.mp4', /"analyse" is neither a command nor a file\. Did you mean "bodyscript analyze walk\.mp4"\?/],
    ['foo', /"foo" is neither a command nor a file\. To list the commands: bodyscript --help/],
    ['compare a.csv', /missing argument 'new'\. Usage: bodyscript compare/],
  ])('"bodyscript %s" gets a suggestion, on one line', async (line, says) => {
    const { code, stdout, stderr } = await runCli(line.split(' '));
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd()).not.toContain('\n');
    expect([code, stdout]).toEqual([2, '']);
  });

  test('alone it shows where to begin, and says by its exit code that nothing was done', async () => {
    const { code, stdout, stderr } = await runCli([]);
    expect([code, stdout]).toEqual([2, '']);
    for (const begin of ['demo', 'VIDEO', 'doctor', '--help']) expect(stderr).toContain(`bodyscript ${begin} `);
    expect(stderr.split('\n').length).toBeLessThan(16);
  });

  test('a word that resembles a command is a file if one exists', async () => {
    await writeFile(join(folder, 'reports'), 'text');
    const { stderr } = await runCli(['reports'], { cwd: folder });
    expect(stderr).toMatch(/not a video/);
  });

  test('colours: none in a pipe, some on request, none with NO_COLOR', async () => {
    const run = (env: NodeJS.ProcessEnv, ...args: string[]) => runCli(['compare', 'a.csv', 'b.csv', ...args], { env });
    const { NO_COLOR, FORCE_COLOR } = { NO_COLOR: '', FORCE_COLOR: '' };
    expect((await run({ NO_COLOR, FORCE_COLOR })).stderr).not.toContain('\u001b[');
    expect((await run({ NO_COLOR, FORCE_COLOR: '1' })).stderr).toContain('\u001b[31m');
    expect((await run({ NO_COLOR: '1', FORCE_COLOR: '1' })).stderr).not.toContain('\u001b[');
    expect((await run({ NO_COLOR: '1', FORCE_COLOR }, '--color', 'always')).stderr).toContain('\u001b[31m');
  });

  test('commands that need no engine load none', async () => {
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
        .map(name => name.replace(root, '')) // A parent folder may be named like one of ours.
        .filter(name => /fluent-ffmpeg|engine|(outputs|encode|draw)\/|analyze|canvas/.test(name));
    };
    expect(await loadedBy('--version')).toEqual([]);
    expect(await loadedBy('--help')).toEqual([]);
    expect(await loadedBy('compare', 'a.csv', 'b.csv')).toEqual([]);
    expect(await loadedBy('analyze', 'a.mp4')).toContain('fluent-ffmpeg');
  });
});
