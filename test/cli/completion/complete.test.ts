import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { CompletedCommand } from '../../../src/cli/completion/catalogue.js';
import { ALL_TABLES } from '../../../src/options/all-tables.js';
import { runCli } from '../../support/run-cli.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = await temporaryFolder();
const CATALOGUE = new URL('../../../dist/cli/completion/catalogue.json', import.meta.url);
const FILES = ':0';
const NONE = ':4';
const FOLDERS = ':16';

/** The candidates, and the directive. */
async function complete(...words: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await runCli(['complete', '--', ...words]);
  expect([code, stderr]).toEqual([0, '']);
  return stdout
    .trimEnd()
    .split('\n')
    .map(line => line.split('\t')[0]!);
}

describe('what may stand at the cursor', () => {
  test.each<[string[], string[]]>([
    [['comp'], ['compare', 'completion', FILES]],
    [
      ['help', 'jobs', 're'],
      ['retry', 'rebuild', NONE],
    ],
    [['help', 'filter', ''], [NONE]],
    [['help', 'jobs', 'list', ''], [NONE]],
    [
      ['analyze', '--csv-l'],
      ['--csv-layout', NONE],
    ],
    [
      ['analyze', '--csv-layout', ''],
      ['long', 'wide', NONE],
    ],
    [
      ['analyze', '--csv-layout=w'],
      ['--csv-layout=wide', NONE],
    ],
    [['analyze', '-qo', ''], [FOLDERS]],
    [['analyze', '-ores', 'x'], [FILES]],
    [['analyze', '--out=res'], [FOLDERS]],
    [['walk.mp4', '--out', ''], [FOLDERS]],
    [['analyze', '--', '--csv-l'], [FILES]],
    [['analyze', '-', ''], [FILES]],
    [['compare', 'a.csv', ''], [FILES]],
    [['compare', 'a.csv', 'b.csv', ''], [NONE]],
    [
      ['jobs', 'list', '--state', 'failed,r'],
      ['failed,running', NONE],
    ],
    [
      ['jobs', 're'],
      ['retry', 'rebuild', NONE],
    ],
    [
      ['analyze', '--person', 'l'],
      ['largest', NONE],
    ],
    [
      ['analyze', '--jobs', ''],
      ['auto', NONE],
    ],
    [['analyze', '--unknown=', ''], [FILES]],
    [
      ['completion', 'f'],
      ['fish', NONE],
    ],
  ])('%j', async (words, expected) => {
    expect(await complete(...words)).toEqual(expected);
  });

  test('a long description is cut at a word', async () => {
    const { stdout } = await runCli(['complete', '--', 'analyze', '--mo']);
    const [mode = ''] = stdout.split('\n');
    expect(mode).toMatch(/^--mode\tsmart: .*…$/);
    expect(mode.length).toBeLessThan(75);
  });

  test('a line of bash gives the same as its words', async () => {
    const { stdout } = await runCli(['complete', '--line', String.raw`bodyscript analyze my\ clip.mp4 --mode=st`]);
    expect(stdout).toMatch(/^--mode=still\t.*\n:4\n$/);
    expect((await runCli(['complete', '--line', 'bodyscript quality a.csv > '])).stdout).toBe(':0\n');
  });
});

describe('the list that the build writes', () => {
  const catalogue = JSON.parse(readFileSync(CATALOGUE, 'utf8')) as CompletedCommand;
  const commands = catalogue.commands.flatMap(command => [command, ...command.commands]);
  const options = commands.flatMap(({ options }) => options);

  test('has every option of every table', () => {
    const known = new Set(options.flatMap(({ flags }) => flags));
    for (const table of ALL_TABLES) {
      for (const { flags } of Object.values(table)) {
        for (const [flag] of flags?.matchAll(/(?<!\S)--?[a-z0-9][a-z0-9-]*/gi) ?? []) expect(known).toContain(flag);
      }
    }
  });

  test('offers paths wherever an option takes one, and nowhere else', () => {
    const tabled = ALL_TABLES.flatMap(table => Object.values(table));
    for (const { flags, kind } of tabled) {
      const long = /--[a-z0-9-]+/.exec(flags ?? '')?.[0];
      const found = options.filter(option => option.value && option.flags.includes(long ?? ''));
      const takesPath = /\bpath\b|\bfile\b(?! name)/.test(kind.expected);
      for (const { value } of found) expect([long, value?.paths !== 'none']).toEqual([long, takesPath]);
    }
  });
});

test('a tab loads Node and the list, and nothing else of the program', async () => {
  const log = join(folder, 'loaded.txt');
  const hooks = join(folder, 'hooks.mjs');
  await writeFile(log, '');
  await writeFile(
    hooks,
    `import { appendFileSync } from 'node:fs';
     export async function load(url, context, next) { appendFileSync(${JSON.stringify(log)}, url + '\\n'); return next(url, context); }`,
  );
  const watch = join(folder, 'watch.mjs');
  await writeFile(
    watch,
    `import { register } from 'node:module'; register(${JSON.stringify(pathToFileURL(hooks).href)});`,
  );
  await runCli(['complete', '--', 'analyze', '--mode', ''], { node: ['--import', watch] });
  const loaded = readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .filter(url => url.startsWith('file:') && url !== pathToFileURL(watch).href);
  expect(loaded.map(url => /(bin|dist\/cli\/completion)\/[^/]+$/.exec(url)?.[0] ?? url)).toEqual([
    'bin/bodyscript.js',
    'dist/cli/completion/complete.js',
    'dist/cli/completion/candidates.js',
    'dist/cli/completion/split-line.js',
  ]);
});

describe('bodyscript completion', () => {
  test.each(['bash', 'zsh', 'fish', 'powershell'])('prints a script for %s', async shell => {
    const { code, stdout, stderr } = await runCli(['completion', shell]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/(bodyscript|\$\{?program\}?"?) complete /);
  });

  test('says which line to put where', async () => {
    const { stdout } = await runCli(['completion', '--help']);
    expect(stdout).toMatch(/bash, ~\/\.bashrc:\n +eval "\$\(bodyscript completion bash\)"/);
    expect(stdout).toMatch(/fish, ~\/\.config\/fish\/config\.fish:\n +bodyscript completion fish \| source/);
  });

  test.each<[string[], string, RegExp]>([
    [['completion'], '/usr/bin/zsh', /name a shell \(bash, zsh, fish, powershell\)\. .* to ~\/\.zshrc: eval/],
    [['completion'], '/bin/other', /name a shell .* to ~\/\.bashrc: eval/],
    [['completion', 'fissh'], '/bin/bash', /"fissh" is not a supported shell .* to ~\/\.config\/fish\/config\.fish:/],
    [['complete'], '/bin/bash', /Did you mean "bodyscript completion"\?/],
    [['complete', 'bash'], '/bin/bash', /Did you mean "bodyscript completion bash"\?/],
  ])('%j is wrong usage, in one line', async (args, SHELL, says) => {
    const { code, stdout, stderr } = await runCli(args, { env: { SHELL }, cwd: folder });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  test('works in bash 3.2, whose arrays and options are fewer', async () => {
    const script = readFileSync(
      fileURLToPath(new URL('../../../src/cli/completion/shells/bodyscript.bash', import.meta.url)),
      'utf8',
    );
    // Each came with bash 4 or later.
    expect(script).not.toMatch(/mapfile|readarray|declare -[An]|local -n|\$\{\w+(,,|\^\^)|\|&/);
    await promisify(execFile)('bash', ['-n', '-c', script]);
  });
});
