import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { SAMPLES } from '../support/reference-clips.js';
import { type CliResult, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const WAVE = join(SAMPLES, 'wave.mp4');
/** Sets a window's title, clears the screen, forges a line, reverses the writing direction. */
const HOSTILE = '\u001b]0;owned\u0007\u001b[2J\nerror: forged\u009b31m\u202e @org #1 `x` | <b>.mp4';
const SPELLED = '\\x1b]0;owned\\x07\\x1b[2J\\nerror: forged\\x9b31m\\u202e @org #1 `x` | <b>.mp4';
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const ACTING = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

function expectSafe({ stdout, stderr }: CliResult): void {
  for (const text of [stdout, stderr]) {
    expect(text).not.toMatch(ACTING);
    expect(text).not.toMatch(/^error: forged/m);
  }
}

describe('names with control characters', () => {
  const clips = join(folder, 'clips');
  const out = join(folder, 'out');
  const small = ['--max-frames', '2', '--mode', 'still', '--no-overlay'];
  beforeAll(async () => {
    await mkdir(clips);
    await copyFile(WAVE, join(clips, HOSTILE));
    await writeFile(join(clips, `bad ${HOSTILE}`), 'no video');
  });

  test.each([
    ['a missing file', () => ['analyze', join(folder, HOSTILE), '-o', out]],
    ['a file that is not a video', () => ['analyze', join(clips, `bad ${HOSTILE}`), '-o', out]],
    ['one video', () => ['analyze', join(clips, HOSTILE), '-o', out, ...small]],
    ['the same again', () => ['analyze', join(clips, HOSTILE), '-o', out, ...small]],
    ['a folder', () => ['analyze', clips, '-o', out, ...small]],
    ['a dry run', () => ['analyze', clips, '-o', out, '--dry-run']],
    ['lines of JSON', () => ['analyze', clips, '-o', out, '--log-json', ...small]],
    ['the ledger', () => ['jobs', '-o', out]],
    ['the ledger as JSON', () => ['jobs', '-o', out, '--json']],
    ['one job', () => ['jobs', 'show', '1', '-o', out]],
    ['quality of a table that is missing', () => ['quality', `${HOSTILE}.csv`]],
    ['an argument', () => ['analyze', `--${HOSTILE}`]],
    ['a missing file, with where it comes from', () => ['analyze', join(folder, HOSTILE), '--debug']],
    ['the options in use', () => ['analyze', '--print-config', '--csv', HOSTILE]],
    ['what is there', () => ['doctor', '-o', HOSTILE, '--ffmpeg', `./${HOSTILE}`]],
    ['a page', () => ['report', out]],
  ])('do nothing to the terminal: %s', async (_, args) => {
    const result = await runCli(args(), { cwd: folder });
    expect(`${result.stdout}${result.stderr}`).toMatch(/owned/);
    expectSafe(result);
    const isSpelledAsJson = args().some(arg => ['--log-json', '--json', '--print-config'].includes(arg));
    if (!isSpelledAsJson) expect(`${result.stdout}${result.stderr}`).toContain(SPELLED.slice(0, -4));
  });

  test('JSON for programs keeps the names', async () => {
    const { stdout } = await runCli(['jobs', '-o', out, '--json']);
    expect((JSON.parse(stdout) as { name: string }[]).map(({ name }) => name)).toContain(HOSTILE.slice(0, -4));
  });

  test('our own colours stay', async () => {
    const { stderr } = await runCli(['analyze', join(folder, HOSTILE), '--color', 'always']);
    expect(stderr).toContain('\u001b[31merror:\u001b[39m');
    expect(stderr).toContain(SPELLED);
  });

  test('reports for CI notify no user, contain no markup and are well-formed', async () => {
    const [golden, fresh] = [join(folder, 'golden'), join(folder, 'fresh')];
    await mkdir(golden);
    await mkdir(fresh);
    const [name] = (await readdir(out)).filter(file => file.endsWith('.csv'));
    const csv = await readFile(join(out, name!), 'utf8');
    await writeFile(join(golden, `${HOSTILE}.csv`), csv);
    await writeFile(join(golden, `lost ${HOSTILE}.csv`), csv);
    await writeFile(join(fresh, `new ${HOSTILE}.csv`), csv);
    await writeFile(join(fresh, `${HOSTILE}.csv`), csv.replaceAll('original', 'x').replace(/^1,.*\n/gm, ''));
    const [xml, markdown] = [join(folder, 'x.xml'), join(folder, 'x.md')];
    const result = await runCli(['compare', golden, fresh, '--junit', xml, '--markdown', markdown]);
    expect(result.code).toBe(4);
    expectSafe(result);
    const text = await readFile(markdown, 'utf8');
    expect(text).not.toMatch(ACTING);
    expect(text.replaceAll(/&#\d+;/g, '')).not.toMatch(/@|#1|`|<b>/);
    for (const line of text.split('\n').filter(row => row.startsWith('| '))) expect(line.split('|')).toHaveLength(9);
    const report = await readFile(xml, 'utf8');
    expect(report).not.toMatch(ACTING);
    expect(report.match(/<testcase /g)).toHaveLength(2);
    expect(report).not.toContain('<b>');
  });
});

describe('an address with a signature, given by mistake', () => {
  const ADDRESS =
    'https://me:secret1@bucket.s3.example.com/clips/walk.mp4?X-Amz-Credential=secret2%3d&X-Amz-Signature=secret3#secret4';
  const out = join(folder, 'addressed');

  test.each([
    ['a video', ['analyze', ADDRESS, '-o', out]],
    ['several', ['analyze', ADDRESS, WAVE, '-o', out, '--max-frames', '2', '--mode', 'still', '--no-overlay']],
    ['a dry run', ['analyze', ADDRESS, WAVE, '-o', out, '--dry-run']],
    ['lines of JSON', ['analyze', ADDRESS, WAVE, '-o', out, '--log-json']],
    ['where it comes from', ['analyze', ADDRESS, '-o', out, '--debug']],
    ['the ledger', ['jobs', '-o', out, '--json']],
    ['a place to write', ['analyze', WAVE, '-o', ADDRESS]],
    ['a network', ['analyze', WAVE, '--model', ADDRESS]],
    ['a list', ['analyze', '--from-file', ADDRESS]],
    ['a table', ['quality', ADDRESS]],
    ['two tables', ['compare', ADDRESS, ADDRESS]],
    ['a film', ['render', join(SAMPLES, 'golden', 'wave.csv'), ADDRESS]],
    ['a folder of results', ['report', ADDRESS]],
    ['a configuration', ['analyze', WAVE, '--config', ADDRESS]],
  ])('is reported without secrets: %s', async (_, args) => {
    const { stdout, stderr } = await runCli(args, { cwd: folder });
    expect(`${stdout}${stderr}`).not.toMatch(/secret\d/);
    expect(`${stdout}${stderr}`).toMatch(/https:\/\/?bucket\.s3\.example\.com\/clips\/walk\.mp4/);
  });

  test('is written nowhere', async () => {
    const list = join(folder, 'list.txt');
    await writeFile(list, `${ADDRESS}\n${WAVE}\n`);
    await runCli(['analyze', '--from-file', list, '-o', out]);
    const files = (await readdir(out, { recursive: true, withFileTypes: true })).filter(entry => entry.isFile());
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      expect(file.name).not.toMatch(/secret/);
      expect(await readFile(join(file.parentPath, file.name), 'latin1')).not.toMatch(/secret\d/);
    }
    expect(existsSync(join(folder, 'https:'))).toBe(false);
  });
});
