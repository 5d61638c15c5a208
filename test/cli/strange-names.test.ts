import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FFMPEG_KINDS, makeWithFfmpeg } from '../support/ffmpeg.js';
import { firstOf, fullTest } from '../support/full-tests.js';
import '../support/one-worker.js';
import { runCli } from '../support/run-cli.js';
import { runShell } from '../support/shell.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (path: string) => join(folder, path);
/** Settings that keep a test short: other tests check the numbers. */
const FAST = ['--model', 'lite', '--mode', 'track'];
const TABLE_ONLY = [...FAST, '--no-overlay'];
const PICTURES = ['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=30:d=0.2', '-c:v', 'libx264', '-pix_fmt', 'yuv420p'];
const KINDS = FFMPEG_KINDS.filter(({ available }) => available);
const clip = await makeWithFfmpeg(PICTURES, at('clip.mp4'));

interface Report {
  readonly counts: Record<string, number>;
  readonly videos: readonly { path: string; name: string; outcome: string; error: { code: string } | null }[];
}

async function outcomesOf(out: string): Promise<Record<string, string>> {
  const { videos } = JSON.parse(await readFile(join(out, 'batch.json'), 'utf8')) as Report;
  return Object.fromEntries(videos.map(({ name, outcome, error }) => [name, error?.code ?? outcome]));
}

describe('a name of 244 bytes', () => {
  const LONG = 'あ'.repeat(80);

  test('gets outputs with a shorter one, a message about it, and is recognised again', async () => {
    await mkdir(at('long'));
    await copyFile(clip, at(`long/${LONG}.mp4`));
    await copyFile(clip, at(`long/${LONG.slice(1)}い.mp4`));
    const args = ['analyze', at('long'), '-o', at('long-out'), '--preview', '0.1s', '--contact-sheet', ...FAST];
    const first = await runCli(args);
    expect(first.code).toBe(0);
    expect(first.stderr).toMatch(/too long for output files: they are named あ+~[0-9a-f]{8}/);
    const names = await readdir(at('long-out'));
    const stems = new Set(names.flatMap(name => /^(あ+~[0-9a-f]{8})\.overlay\.mp4$/.exec(name)?.[1] ?? []));
    expect(stems.size).toBe(2);
    expect(names.filter(name => name.endsWith('.partial'))).toEqual([]);
    expect((await runCli(args)).stderr).toMatch(/2 skipped \(done already\)/);
    const one = ['analyze', at(`long/${LONG}.mp4`), '-o', at('long-one'), ...FAST];
    expect((await runCli(one)).code).toBe(0);
    expect(stems).toContain((await readdir(at('long-one'))).find(name => name.endsWith('.csv'))?.slice(0, -4));
  });

  test('on stdout as well, if its record is requested', async () => {
    const args = ['analyze', at(`long/${LONG}.mp4`), '--csv', '-', '-o', at('long-stdout'), ...TABLE_ONLY];
    const { code, stdout } = await runCli(args);
    expect(stdout).toMatch(/^frame_id,/);
    expect(code).toBe(0);
  });
});

// Other systems reject such names.
describe.runIf(process.platform === 'linux')('names that are not UTF-8', () => {
  const latin = (name: string) => Buffer.from(`${folder}/${name}`, 'latin1');
  const OUTCOMES = { 'Fu\\xdf': 'done', 'Fu\\xe4': 'done', 'D\\xe9j\\xe0/vu\\xe9': 'done' };

  test.each(firstOf(KINDS, 1))(
    'are analysed in a folder, each by itself, and known again (ffmpeg of the $kind)',
    async ({ kind, environment }) => {
      await mkdir(latin('latin/D\xe9j\xe0'), { recursive: true });
      for (const name of ['Fu\xdf', 'Fu\xe4', 'D\xe9j\xe0/vu\xe9']) await copyFile(clip, latin(`latin/${name}.mp4`));
      const out = at(`latin-${kind}`);
      const args = ['analyze', at('latin'), '-o', out, ...TABLE_ONLY];
      const first = await runCli(args, { env: environment });
      expect(first.code).toBe(0);
      expect(await outcomesOf(out)).toEqual(OUTCOMES);
      expect(await readdir(out)).toEqual(expect.arrayContaining(['Fu\\xdf.csv', 'Fu\\xe4.csv']));
      expect((await runCli(args, { env: environment })).stderr).toMatch(/3 skipped \(done already\)/);
    },
  );

  fullTest('are analysed if a shell names them, by a list, and by their escapes', async () => {
    const options = `-o ${at('latin-shell')} ${TABLE_ONLY.join(' ')}`;
    const { codes } = await runShell(`bodyscript analyze *.mp4 */*.mp4 ${options}`, at('latin'));
    expect(codes).toEqual([0]);
    expect(Object.values(await outcomesOf(at('latin-shell')))).toEqual(['done', 'done', 'done']);

    await writeFile(at('latin.txt'), Buffer.from(`${at('latin')}/D\xe9j\xe0/vu\xe9.mp4\n`, 'latin1'));
    const listed = await runCli(['analyze', '--from-file', at('latin.txt'), '-o', at('latin-list'), ...TABLE_ONLY]);
    expect(listed.code).toBe(0);
    const single = await runCli(['analyze', at('latin/Fu\\xe4.mp4'), '-o', at('latin-one'), ...FAST]);
    expect(single.code).toBe(0);
    expect(await readdir(at('latin-one'))).toContain('Fu\\xe4.overlay.mp4');
    const lost = await runShell(
      `bodyscript analyze */*.mp4 -o ${at('latin-lost')} ${TABLE_ONLY.join(' ')}`,
      at('latin'),
    );
    expect(lost.codes).toEqual([0]);
    expect(await readdir(at('latin-lost'))).toContain('vu\\xe9.csv');
    const inside = await runCli(['analyze', at('latin/D\\xe9j\\xe0'), '-o', at('latin-inside'), ...TABLE_ONLY]);
    expect(inside.code).toBe(0);
  });

  test('end in a clear error if it is ambiguous which is meant', async () => {
    const { code, stderr } = await runCli([
      'analyze',
      at('latin/Fu\ufffd.mp4'),
      '-o',
      at('latin-which'),
      ...TABLE_ONLY,
    ]);
    expect(stderr).toMatch(/not valid UTF-8: give the folder/);
    expect(code).toBe(1);
  });
});

describe('composed and decomposed letters', () => {
  const [COMPOSED, DECOMPOSED] = ['Jos\u00e9', 'Jose\u0301'];

  // macOS file systems treat both as equal.
  test.runIf(process.platform === 'linux')('two files that differ only in that are two videos', async () => {
    await mkdir(at('forms'));
    for (const name of [COMPOSED, DECOMPOSED]) await copyFile(clip, at(`forms/${name}.mp4`));
    expect((await runCli(['analyze', at('forms'), '-o', at('forms-out'), ...TABLE_ONLY])).code).toBe(0);
    expect(await outcomesOf(at('forms-out'))).toEqual({ [COMPOSED]: 'done', [DECOMPOSED]: 'done' });
    expect(await readdir(at('forms-out'))).toEqual(expect.arrayContaining([`${COMPOSED}.csv`, `${DECOMPOSED}.csv`]));
  });

  test('compare pairs the tables of two folders that differ only in that', async () => {
    await mkdir(at('golden'));
    await mkdir(at('fresh'));
    expect((await runCli(['analyze', clip, '-o', at('one'), ...TABLE_ONLY])).code).toBe(0);
    await copyFile(at('one/clip.csv'), at(`golden/${COMPOSED}.csv`));
    await copyFile(at('one/clip.csv'), at(`fresh/${DECOMPOSED}.csv`));
    const { code, stdout } = await runCli(['compare', at('golden'), at('fresh'), '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ passed: true, lost: [], added: [] });
  });
});

test('a list of Windows has a byte order mark and its line ends, in UTF-8 and in UTF-16', async () => {
  await copyFile(clip, at('second.mp4'));
  const list = '\ufeffclip.mp4\r\nsecond.mp4\r\n';
  for (const encoding of ['utf8', 'utf16le'] as const) {
    await writeFile(at(`${encoding}.txt`), Buffer.from(list, encoding));
    const args = ['analyze', '--from-file', `${encoding}.txt`, '-o', encoding, ...TABLE_ONLY];
    expect((await runCli(args, { cwd: folder })).code).toBe(0);
    expect(await outcomesOf(at(encoding))).toEqual({ clip: 'done', second: 'done' });
  }
  await writeFile(at('bare.txt'), Buffer.from('clip.mp4\r\n', 'utf16le'));
  const bare = await runCli(['analyze', '--from-file', 'bare.txt', '-o', 'bare', ...TABLE_ONLY], { cwd: folder });
  expect(bare.stderr).toMatch(/contains NUL characters.*UTF-8/);
  expect(bare.code).toBe(2);
});
