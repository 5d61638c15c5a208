import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { runShell } from '../support/shell.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { HAS_TMUX, TerminalWindow } from '../support/terminal-window.js';

const folder = await temporaryFolder();
const GOLDEN = join(SAMPLES, 'golden', 'wave.csv');
const leftCopies = async () => (await readdir(tmpdir())).filter(name => name.startsWith('bodyscript-table-'));

async function piped(line: string, name: string) {
  const cwd = join(folder, name);
  await mkdir(cwd, { recursive: true });
  return { ...(await runShell(line, cwd)), files: (await readdir(cwd)).sort() };
}

describe('a table from stdin', () => {
  let before: string[] = [];
  beforeAll(async () => {
    before = await leftCopies();
  });

  test.each([
    ['angles', '', /^frame_id,timestamp,person_id,angle,/],
    ['filter', '', /^frame_id,/],
    ['quality', '', /^\{\n {2}"frames": 60/],
    ['measure', '--scale 200', /^person_id,measure,/],
  ])('%s reads it, and writes its result to stdout', async (command, more, expected) => {
    const { codes, stdout, files } = await piped(`cat ${GOLDEN} | bodyscript ${command} - ${more}`, command);
    expect(codes).toEqual([0, 0]);
    expect(stdout).toMatch(expected);
    expect(files).toEqual([]);
  });

  test.each([
    ['export', '--format trc,parquet', ['stdin.parquet', 'stdin.trc']],
    ['plots', '', ['stdin.plots.png', 'stdin.plots.svg']],
    ['render', join(SAMPLES, 'wave.mp4'), ['stdin.render.mp4']],
  ])('%s reads it, and calls its files after it', async (command, more, expected) => {
    const { codes, stderr, files } = await piped(`cat ${GOLDEN} | bodyscript ${command} - ${more}`, command);
    expect([codes, stderr]).toEqual([[0, 0], expect.stringContaining('stdin.')]);
    expect(files).toEqual(expected);
  });

  test('the result is that of the file', async () => {
    const { stdout } = await piped(`cat ${GOLDEN} | bodyscript angles -`, 'same');
    expect(stdout).toBe((await runCli(['angles', GOLDEN, '-o', '-'])).stdout);
  });

  test('cycles names it in its errors, and not the copy', async () => {
    const { codes, stderr } = await piped(`cat ${GOLDEN} | bodyscript cycles - -o x`, 'cycles');
    expect(codes[1]).toBeLessThan(2);
    expect(stderr).not.toContain(`${tmpdir()}/bodyscript-table-`);
    const wrong = await piped('echo nothing | bodyscript angles -', 'wrong');
    expect([wrong.codes[1], wrong.stderr]).toEqual([1, expect.stringMatching(/^error: stdin: /)]);
  });

  test('NDJSON is recognised by what it holds', async () => {
    const ndjson = join(folder, 'wave.ndjson');
    await runCli(['analyze', join(SAMPLES, 'wave.mp4'), '--ndjson', ndjson, '--no-overlay', '--max-frames', '8']);
    const { stdout } = await piped(`cat ${ndjson} | bodyscript quality -`, 'ndjson');
    expect(JSON.parse(stdout)).toMatchObject({ frames: 8 });
  });

  test('<(command) of a shell works as well, though commands read a table more than once', async () => {
    const { codes, stdout } = await piped(`bodyscript angles <(cat ${GOLDEN}) -o -`, 'descriptor');
    expect(codes).toEqual([0]);
    expect(stdout.split('\n').length).toBeGreaterThan(100);
  });

  test.each(['angles', 'quality'])('%s says that stdin was empty', async command => {
    const { codes, stderr } = await piped(`bodyscript ${command} - < /dev/null`, 'empty');
    expect([codes, stderr]).toEqual([[1], expect.stringContaining('stdin was empty')]);
  });

  test.each([
    ['report', ['report', '-']],
    ['compare', ['compare', '-', GOLDEN]],
  ])('%s says that it needs a file', async (_, args) => {
    const { code, stderr } = await runCli(args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/cannot read stdin: it needs a file/)]);
  });

  test('render takes one input from stdin, not two', async () => {
    const { code, stderr } = await runCli(['render', '-', '-']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('only one input may come from stdin')]);
  });

  test('no copy is left', async () => {
    expect(await leftCopies()).toEqual(before);
  });
});

describe.skipIf(!HAS_TMUX)('at a terminal', () => {
  test.each([
    ['analyze', [join(SAMPLES, 'wave.mp4'), '--overlay', '-']],
    ['render', [GOLDEN, join(SAMPLES, 'wave.mp4'), '-o', '-']],
  ])('%s does not write a film to it', async (command, args) => {
    using window = new TerminalWindow(200, 24, folder);
    window.start(command, ...args);
    const { code, lines } = await window.ended();
    expect(code).toBe(2);
    expect(lines).toEqual([
      expect.stringMatching(/^error: --\w+ - writes a film, and stdout is a terminal\. Redirect it/),
    ]);
    expect(existsSync(join(folder, 'bodyscript-out'))).toBe(false);
  });

  test('a table is not waited for from the keyboard', async () => {
    using window = new TerminalWindow(200, 24, folder);
    window.start('quality', '-');
    const { code, lines } = await window.ended();
    expect([code, lines]).toEqual([2, [expect.stringContaining('stdin is a terminal')]]);
  });
});

test('the table that the tests pipe has 60 frames', async () => {
  const ids = (await readFile(GOLDEN, 'utf8'))
    .split('\n')
    .slice(1, -1)
    .map(line => line.split(',')[0]);
  expect(new Set(ids).size).toBe(60);
});
