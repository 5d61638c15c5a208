import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Ledger, ledgerPath } from '../../src/batch/ledger/ledger.js';
import { closeUnused } from '../../src/batch/ledger/unused-folder.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  await writeFile(at('empty.mp4'), '');
  await writeFile(at('letter.mp4'), 'Dear reader, this is text.');
  await copyFile(join(SAMPLES, 'wave.mp4'), at('wave.mp4'));
  await mkdir(at('nothing'));
});

describe('a command that writes no result leaves no results folder behind', () => {
  test.each([
    ['an empty file', ['empty.mp4'], 'the file is empty'],
    ['a file that is not a video', ['letter.mp4'], 'not a video'],
    ['a part that the video does not have', ['wave.mp4', '--start', '100'], 'no frames in the selected range'],
    ['a folder without videos', ['nothing'], 'no videos found'],
  ])('%s', async (what, args, says) => {
    const out = at(what.replaceAll(' ', '-'));
    const { code, stderr } = await runCli(['analyze', ...args, '-o', out], { cwd: folder });
    expect([code === 0, stderr]).toEqual([false, expect.stringContaining(says)]);
    expect(existsSync(out)).toBe(false);
  });

  test('one that existed stays, and so does one with a report of failures', async () => {
    const out = at('existing');
    await mkdir(out);
    await runCli(['analyze', at('letter.mp4'), '-o', out]);
    expect(await readdir(out)).toEqual(['.bodyscript']);
    const { code } = await runCli(['analyze', at('empty.mp4'), at('letter.mp4'), '-o', at('many')]);
    expect(code).toBe(3);
    expect((await readdir(at('many'))).sort()).toEqual(['.bodyscript', 'batch.json']);
  });
});

describe('a ledger is removed with its folder', () => {
  test('unless another command has it open', () => {
    const out = at('shared');
    const [ours, another] = [new Ledger(ledgerPath(out)), new Ledger(ledgerPath(out))];
    closeUnused(ours.database, out);
    expect(existsSync(ledgerPath(out))).toBe(true);
    another[Symbol.dispose]();
  });

  test('unless any file is beside it', async () => {
    const out = at('with-a-file');
    const ledger = new Ledger(ledgerPath(out));
    await writeFile(join(out, 'walk.csv.partial'), '');
    closeUnused(ledger.database, out);
    expect((await readdir(out)).sort()).toEqual(['.bodyscript', 'walk.csv.partial']);
  });
});
