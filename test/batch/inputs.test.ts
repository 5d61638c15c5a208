import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findInputs, type Input, type InputRequest } from '../../src/batch/inputs/find-inputs.js';
import { OwnOutputs } from '../../src/batch/inputs/own-outputs.js';
import { nothingPassedOver, type PassedOver } from '../../src/batch/inputs/passed-over.js';
import { UsageError } from '../../src/errors.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (path: string) => join(folder, path);

const FILES = [
  'in/b.mp4',
  'in/a.MOV',
  'in/notes.txt',
  'in/.hidden.mp4',
  'in/.folder/c.mp4',
  'in/deep/er/d.mkv',
  'in/deep/skip/e.mkv',
  'in/results/f.mp4',
  'in/own.overlay.mp4',
  'in/own.run.json',
  'in/other.overlay.mp4',
];

beforeAll(async () => {
  for (const file of FILES) {
    await mkdir(dirname(at(file)), { recursive: true });
    await writeFile(at(file), file);
  }
  const record = { tool: { name: 'bodyscript' }, outputs: ['/then/own.overlay.mp4'] };
  await writeFile(at('in/own.run.json'), JSON.stringify(record));
  await symlink(at('in/b.mp4'), at('in/link.mp4'));
  await symlink(at('in'), at('in/deep/loop'));
  await mkdir(at('elsewhere'));
  await writeFile(at('elsewhere/g.mp4'), 'g');
  await symlink(at('elsewhere'), at('in/linked'));
  await symlink(at('nowhere'), at('in/broken.mp4'));
});

async function find(request: Partial<InputRequest>): Promise<{ inputs: Input[]; passed: PassedOver }> {
  const passed = nothingPassedOver();
  const inputs: Input[] = [];
  const whole: InputRequest = {
    paths: [],
    fromFile: undefined,
    nullSeparated: false,
    include: [],
    exclude: [],
    hidden: false,
    follow: false,
    outDir: at('in/results'),
    ...request,
  };
  for await (const input of findInputs(whole, passed)) inputs.push(input);
  return { inputs, passed };
}

const relatives = ({ inputs }: { inputs: Input[] }) => inputs.map(({ relative }) => relative);

describe('the videos of a folder', () => {
  test('are found by name, in order, at any depth; skipped files are counted; results are not searched', async () => {
    const found = await find({ paths: [at('in')] });
    expect(relatives(found)).toEqual(['a.MOV', 'b.mp4', 'deep/er/d.mkv', 'deep/skip/e.mkv', 'other.overlay.mp4']);
    expect(found.passed).toMatchObject({ notVideo: 2, hidden: 2, links: 4, outputs: 1, excluded: 0, unreadable: [] });
    expect(found.inputs[2]).toEqual({
      path: at('in/deep/er/d.mkv'),
      relative: 'deep/er/d.mkv',
      parent: 'in',
      stem: 'deep/er/d',
    });
  });

  test('--hidden and --follow: names that begin with a dot, links, and no loop', async () => {
    const found = relatives(await find({ paths: [at('in')], hidden: true, follow: true }));
    expect(found).toContain('.hidden.mp4');
    expect(found).toContain('.folder/c.mp4');
    expect(found).toContain('link.mp4');
    expect(found).toContain('linked/g.mp4');
    expect(found.filter(path => path.startsWith('deep/loop'))).toEqual([]);
    // A broken link stands for a video: it is reported as one.
    expect(found).toContain('broken.mp4');
  });

  test('--include and --exclude: globs of names or of paths, files or folders', async () => {
    expect(relatives(await find({ paths: [at('in')], include: ['*.txt'] }))).toEqual(['notes.txt']);
    expect(relatives(await find({ paths: [at('in')], include: ['deep/**/*.mkv'], exclude: ['skip/'] }))).toEqual([
      'deep/er/d.mkv',
    ]);
    const found = await find({ paths: [at('in')], exclude: ['deep', '*.overlay.mp4'] });
    expect(relatives(found)).toEqual(['a.MOV', 'b.mp4']);
    expect(found.passed.excluded).toBe(3);
  });

  test('a folder that cannot be read is reported, and the search continues', async () => {
    const passed = nothingPassedOver();
    const { walk } = await import('../../src/batch/inputs/walk.js');
    const options = {
      isWanted: () => true,
      isExcluded: () => false,
      byContent: false,
      hidden: false,
      follow: false,
      outDir: '',
      own: new OwnOutputs(),
    };
    const found: string[] = [];
    for await (const path of walk(at('not-there'), options, passed)) found.push(path);
    expect(found).toEqual([]);
    expect(passed.unreadable[0]).toContain('not-there (ENOENT)');
  });
});

describe('named inputs', () => {
  test('files are accepted whatever their name, even if they do not exist; globs are searched', async () => {
    const named = await find({ paths: [at('in/notes.txt'), at('in/missing.mp4'), at('in/deep/**/*.mkv')] });
    expect(relatives(named)).toEqual(['notes.txt', 'missing.mp4', 'er/d.mkv', 'skip/e.mkv']);
    expect(named.inputs[0]?.stem).toBe('notes');
  });

  test('numbered pictures are named by their pattern', async () => {
    const { inputs } = await find({ paths: [at('in/frame_%04d.png'), at('in/%d.png')] });
    expect(inputs.map(({ stem }) => stem)).toEqual(['frame', 'in']);
  });

  test('lists: lines of any kind, or ended by NUL; relative paths keep their folders', async () => {
    await writeFile(at('list.txt'), `${at('in/b.mp4')}\r\n\nin/deep/er/d.mkv\n./in/deep/er/../x.mp4`);
    expect(relatives(await find({ fromFile: at('list.txt') }))).toEqual(['b.mp4', 'in/deep/er/d.mkv', 'in/deep/x.mp4']);
    await writeFile(at('list.bin'), `${at('in/b.mp4')}\0in/with\nbreak.mp4\0`);
    expect(relatives(await find({ fromFile: at('list.bin'), nullSeparated: true }))).toEqual([
      'b.mp4',
      'in/with\nbreak.mp4',
    ]);
    await rm(at('list.txt'));
    await expect(find({ fromFile: at('list.txt') })).rejects.toThrow(UsageError);
  });
});
