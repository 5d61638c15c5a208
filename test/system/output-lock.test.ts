import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { link, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { claimOutputs } from '../../src/system/claim-outputs.js';
import { lockPath, OutputLock } from '../../src/system/output-lock.js';
import { copyLeftover, reopenOwn } from '../../src/system/own-file.js';
import { identifyProcess } from '../../src/system/process-identity.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const run = promisify(execFile);
const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const LOCK_MODULE = pathToFileURL(fileURLToPath(new URL('../../dist/system/output-lock.js', import.meta.url))).href;
const me = identifyProcess();
/** A number without a process. */
const NOBODY = 2 ** 22 + 1;

/** Leaves the lock of a process that did not remove it. */
async function leaveLock(output: string, identity: object, ageSeconds = 0): Promise<void> {
  await writeFile(lockPath(output), JSON.stringify({ token: `left-${ageSeconds}`, process: identity }));
  const then = Date.now() / 1000 - ageSeconds;
  await utimes(lockPath(output), then, then);
}

const locks = async () => (await readdir(folder)).filter(name => /lock|bodyscript-/.test(name));

describe('the lock of an output', () => {
  test('keeps others out and names the holder, and is removed afterwards', async () => {
    const output = at('a.csv');
    {
      await using _lock = await OutputLock.take(output);
      await expect(OutputLock.take(output)).rejects.toMatchObject({
        code: 'OUTPUT_BUSY',
        message: `${output}: is being written by another run (process ${process.pid})`,
      });
    }
    expect(await locks()).toEqual([]);
    await using _again = await OutputLock.take(output);
    expect(existsSync(lockPath(output))).toBe(true);
  });

  test('of a process that has ended is taken over, even if its number now belongs to another process', async () => {
    for (const identity of [
      { ...me, pid: NOBODY },
      { ...me, started: '1' },
    ]) {
      await leaveLock(at('dead.csv'), identity);
      await using _lock = await OutputLock.take(at('dead.csv'));
      expect(JSON.parse(await readFile(lockPath(at('dead.csv')), 'utf8')).process.pid).toBe(process.pid);
    }
    expect(await locks()).toEqual([]);
  });

  test.each([
    ['elsewhere', { ...me, host: 'another-machine' }, ''],
    ['empty: a crash between making and writing it', undefined, ''],
    ['damaged', undefined, '{"token":'],
  ])('that nobody has touched for long is taken over: %s', async (_, identity, text) => {
    const output = at('silent.csv');
    if (identity) await leaveLock(output, identity, 3600);
    else await writeFile(lockPath(output), text);
    const hourAgo = Date.now() / 1000 - 3600;
    await utimes(lockPath(output), hourAgo, hourAgo);
    await using _lock = await OutputLock.take(output);
  });

  test('of another machine counts while it is touched', async () => {
    const output = at('far.csv');
    await leaveLock(output, { ...me, host: 'another-machine' });
    const beating = setInterval(() => void utimes(lockPath(output), new Date(), new Date()), 500);
    try {
      await expect(OutputLock.take(output)).rejects.toMatchObject({
        code: 'OUTPUT_BUSY',
        message: expect.stringMatching(/on another-machine\)$/),
      });
    } finally {
      clearInterval(beating);
    }
  });

  test('that another run took over is left to that run, and the one that lost it learns of it', async () => {
    const output = at('lost.csv');
    const taken = JSON.stringify({ token: 'other', process: { ...me, host: 'another-machine' } });
    const lost: Error[] = [];
    {
      await using lock = await OutputLock.take(output, error => lost.push(error));
      await lock.check();
      await lock.touch();
      expect(lost).toEqual([]);
      await writeFile(lockPath(output), taken);
      const hourAgo = Date.now() / 1000 - 3600;
      await utimes(lockPath(output), hourAgo, hourAgo);
      await lock.touch();
      lock.removeNow();
      expect((await stat(lockPath(output))).mtimeMs / 1000).toBeCloseTo(hourAgo, 1);
      expect(lost).toEqual([expect.objectContaining({ code: 'OUTPUT_BUSY' })]);
      await expect(lock.check()).rejects.toMatchObject({ code: 'OUTPUT_BUSY' });
    }
    expect(await readFile(lockPath(output), 'utf8')).toBe(taken);
    await rm(lockPath(output));
  });

  test('of a dead one is taken over by one of many at once, whatever they do meanwhile', async () => {
    const output = at('race.csv');
    const script = `
      const { OutputLock } = await import(${JSON.stringify(LOCK_MODULE)});
      const { appendFile } = await import('node:fs/promises');
      const log = ${JSON.stringify(at('race.log'))};
      const until = Date.now() + 2500;
      let mine = 0;
      while (Date.now() < until) {
        try {
          const lock = await OutputLock.take(${JSON.stringify(output)});
          mine++;
          await appendFile(log, 'begin ' + process.pid + '\\n');
          await new Promise(done => setTimeout(done, Math.random() * 4));
          await appendFile(log, 'end ' + process.pid + '\\n');
          // Sometimes it dies while holding it.
          if (mine % 5 === 0) process.kill(process.pid, 'SIGKILL');
          await lock[Symbol.asyncDispose]();
        } catch (error) {
          if (error.code !== 'OUTPUT_BUSY') throw error;
        }
      }`;
    await leaveLock(output, { ...me, pid: NOBODY });
    const outcomes = await Promise.all(
      Array.from({ length: 24 }, () =>
        run(process.execPath, ['--input-type=module', '-e', script]).then(
          () => '',
          error => error.signal ?? String(error.stderr),
        ),
      ),
    );
    expect(outcomes.filter(outcome => outcome !== '' && outcome !== 'SIGKILL')).toEqual([]);
    const lines = (await readFile(at('race.log'), 'utf8')).trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(60);
    // None begins while another has it.
    const overlaps = lines.filter((line, i) => i % 2 === 0 && lines[i + 1] !== line.replace('begin', 'end'));
    expect(overlaps).toEqual([]);
    await using _lock = await OutputLock.take(output);
  });

  test('is neither followed nor replaced if its name is a link', async () => {
    await writeFile(at('precious'), 'mine');
    await symlink('precious', lockPath(at('linked.csv')));
    await link(at('precious'), lockPath(at('hard.csv')));
    for (const name of ['linked.csv', 'hard.csv']) {
      await expect(OutputLock.take(at(name))).rejects.toMatchObject({ code: 'OUTPUT_TAKEN' });
    }
    expect(await readFile(at('precious'), 'utf8')).toBe('mine');
  });

  test('fits beside names of maximum length', async () => {
    const output = at(`${'n'.repeat(243)}.csv`);
    await using _lock = await OutputLock.take(output);
    await writeFile(`${output}.partial`, '');
  });
});

describe('claiming outputs', () => {
  test.each([
    ['was silent for long: it may still write', { ...me, host: 'another-machine' }, true],
    ['has ended', { ...me, pid: NOBODY }, false],
  ])('after a run that %s', async (_, identity, mayBeWritten) => {
    const output = at(`left-${mayBeWritten}.csv`);
    await leaveLock(output, identity, 3600);
    await using claim = await claimOutputs({ outputs: [output], inputs: [] });
    expect(claim.mayBeWritten).toBe(mayBeWritten);
    expect(await claim.isHeld()).toBe(true);
    await rm(lockPath(output));
    expect(await claim.isHeld()).toBe(false);
  });

  test('a copied leftover is not changed by a process that has the first one open', async () => {
    const path = at('copied.csv.partial');
    await writeFile(path, 'a\n');
    const open = await reopenOwn(path);
    await copyLeftover(path);
    await open.appendFile('b\n');
    await open.close();
    expect(await readFile(path, 'utf8')).toBe('a\n');
    await copyLeftover(at('missing.csv.partial'));
    expect(existsSync(at('missing.csv.partial'))).toBe(false);
    await rm(path);
  });

  test.each(
    ['/dev/x.csv', '/dev/fd/x.csv', '/proc/self/x.csv', '/sys/x.csv'].filter(path =>
      existsSync(path.replace(/\/[^/]*$/, '')),
    ),
  )('%s is no place for a file', async path => {
    const claim = claimOutputs({ outputs: [path], inputs: [], overwrite: true });
    await expect(claim).rejects.toMatchObject({ code: expect.stringMatching(/^OUTPUT_(TAKEN|NOT_WRITABLE)$/) });
  });

  test('a rejected claim holds nothing', async () => {
    await writeFile(at('there.csv'), 'mine');
    const claim = () => claimOutputs({ outputs: [at('free.csv'), at('there.csv')], inputs: [] });
    await expect(claim()).rejects.toMatchObject({
      code: 'OUTPUT_TAKEN',
      message: `${at('there.csv')}: already exists`,
    });
    expect(existsSync(lockPath(at('free.csv')))).toBe(false);
    await using _claim = await claimOutputs({ outputs: [at('free.csv')], inputs: [] });
  });
});
