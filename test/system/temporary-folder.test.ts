import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeTemporaryFolder } from '../../src/system/temporary-folder.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const PREFIX = `bodyscript-test-${process.pid}-kept-`;
const at = (name: string) => join(tmpdir(), `${PREFIX}${name}`);

/** A folder as left by a process with this number. */
async function left(name: string, change: object): Promise<string> {
  await using own = await makeTemporaryFolder(PREFIX);
  const owner = JSON.parse(await readFile(join(own.path, 'owner.json'), 'utf8')) as object;
  await mkdir(at(name));
  await writeFile(join(at(name), 'owner.json'), JSON.stringify({ ...owner, ...change }));
  await writeFile(join(at(name), '0.png'), '');
  return at(name);
}

test('a folder is removed at its end, and leftovers of ended processes at the next start', async () => {
  const mine = await left('mine', {});
  const elsewhere = await left('elsewhere', { host: 'another', pid: 2 ** 22 + 1 });
  const unnamed = at('unnamed');
  await mkdir(unnamed);
  await mkdir(at('old'));
  await utimes(at('old'), 0, 0);
  const dead = await left('dead', { pid: 2 ** 22 + 1 });
  const reused = await left('reused', { started: '1' });
  await symlink(folder, at('link'));
  let path = '';
  {
    await using made = await makeTemporaryFolder(PREFIX);
    path = made.path;
    expect([mine, elsewhere, unnamed, at('link'), path].map(existsSync)).toEqual([true, true, true, true, true]);
    expect([dead, reused, at('old')].map(existsSync)).toEqual([false, false, false]);
  }
  expect(existsSync(path)).toBe(false);
  for (const name of [mine, elsewhere, unnamed, at('link')]) await rm(name, { recursive: true });
  expect(existsSync(folder)).toBe(true);
});

test.skipIf(process.platform === 'win32')('a run that is killed leaves no files after the next one', async () => {
  const own = join(folder, 'tmp');
  await mkdir(own);
  const pattern = join(folder, 'p%d.png');
  await makeWithFfmpeg(['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=30:d=2'], pattern);
  await writeFile(join(folder, 'p2.png'), '');
  const links = async () => (await readdir(own)).filter(name => name.startsWith('bodyscript-pictures-'));
  const args = ['analyze', pattern, '-o', join(folder, 'out'), '--mode', 'track', '--no-overlay'];
  const killed = new CliRun(args, { env: { TMPDIR: own } });
  const isNamed = async () => (await links()).some(name => existsSync(join(own, name, 'owner.json')));
  while (!(await isNamed())) await new Promise(resolve => setTimeout(resolve, 5));
  killed.process.kill('SIGKILL');
  await killed.finished;
  expect(await links()).toHaveLength(1);
  const { code, stderr } = await runCli(args, { env: { TMPDIR: own } });
  expect([code, await links()], stderr).toEqual([0, []]);
});
