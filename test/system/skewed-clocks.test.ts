import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { folderTime } from '../../src/system/folder-clock.js';
import { isBeingWritten, lockPath, OutputLock } from '../../src/system/output-lock.js';
import { identifyProcess } from '../../src/system/process-identity.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const MINUTE_MS = 60_000;
const folder = await temporaryFolder();
const me = identifyProcess();
let count = 0;

afterEach(() => void vi.useRealTimers());

/** Sets this machine's clock apart from the file system's. @returns the file system's time */
function skewBy(ms: number): number {
  const now = Date.now();
  vi.useFakeTimers({ toFake: ['Date'], now: now + ms });
  return now;
}

/** The lock of a run on another machine, just written: the file system stamps it. */
async function lockedElsewhere(): Promise<{ output: string; text: string }> {
  const output = join(folder, `${count++}.csv`);
  const text = JSON.stringify({ token: output, process: { ...me, host: 'another-machine' } });
  await writeFile(lockPath(output), text);
  return { output, text };
}

describe.each([
  ['ahead', 10 * MINUTE_MS],
  ['behind', -10 * MINUTE_MS],
])('on a machine whose clock is ten minutes %s', (_, skew) => {
  test('the lock of a live run elsewhere is not taken over', async () => {
    const { output, text } = await lockedElsewhere();
    skewBy(skew);
    const beating = setInterval(() => void writeFile(lockPath(output), text), 300);
    try {
      expect(await isBeingWritten(output)).toBe(true);
      await expect(OutputLock.take(output)).rejects.toMatchObject({ code: 'OUTPUT_BUSY' });
    } finally {
      clearInterval(beating);
    }
    expect(await readFile(lockPath(output), 'utf8')).toBe(text);
  });

  test('the lock of a dead run elsewhere is taken over at once', async () => {
    const { output } = await lockedElsewhere();
    const old = Date.now() / 1000 - 120;
    await utimes(lockPath(output), old, old);
    skewBy(skew);
    const before = performance.now();
    expect(await isBeingWritten(output)).toBe(false);
    await using lock = await OutputLock.take(output);
    expect(lock.tookOver).toBe(true);
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  test('a touched lock has the time of the file system, and its content', async () => {
    const output = join(folder, `${count++}.csv`);
    await using lock = await OutputLock.take(output);
    const text = await readFile(lockPath(output), 'utf8');
    await utimes(lockPath(output), 0, 0);
    const now = skewBy(skew);
    await lock.touch();
    expect(Math.abs((await stat(lockPath(output))).mtimeMs - now)).toBeLessThan(MINUTE_MS);
    expect(await readFile(lockPath(output), 'utf8')).toBe(text);
    await lock.check();
  });

  test("a folder's time is that of its file system, and asking leaves nothing behind", async () => {
    const own = join(folder, `${count++}`);
    await mkdir(own);
    const now = skewBy(skew);
    expect(Math.abs((await folderTime(join(own, 'a.csv'))) - now)).toBeLessThan(MINUTE_MS);
    expect(await readdir(own)).toEqual([]);
  });
});
