import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { isHeldOpen, type Renaming, renameOver } from '../../src/system/rename-over.js';
import { outputError } from '../../src/system/whole-file.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();

const failure = (code: string) =>
  Object.assign(new Error(`${code}: operation not permitted`), { code, syscall: 'rename' });

/** A Windows on which another program has the file open for some attempts. */
function heldFor(attempts: number, code: string, platform: NodeJS.Platform = 'win32') {
  const [waits, calls]: [number[], string[]] = [[], []];
  const system: Renaming = {
    platform,
    rename: async (from, to) => {
      calls.push(`${from} ${to}`);
      if (calls.length <= attempts) throw failure(code);
    },
    wait: async ms => waits.push(ms),
  };
  return { system, waits, calls };
}

describe('a rename', () => {
  test('replaces a file on this system', async () => {
    const [from, to] = [join(folder, 'a.csv.partial'), join(folder, 'a.csv')];
    await writeFile(from, 'new');
    await writeFile(to, 'old');
    await renameOver(from, to);
    expect(await readFile(to, 'utf8')).toBe('new');
  });

  test.each(['EPERM', 'EACCES', 'EBUSY'])('on Windows waits for a program that has the file open (%s)', async code => {
    const { system, waits, calls } = heldFor(3, code);
    await renameOver('a', 'b', system);
    expect(calls).toEqual(Array(4).fill('a b'));
    expect(waits).toEqual([20, 50, 100]);
  });

  test('on Windows gives up after three seconds', async () => {
    const { system, waits } = heldFor(Number.POSITIVE_INFINITY, 'EPERM');
    await expect(renameOver('a', 'b', system)).rejects.toMatchObject({ code: 'EPERM' });
    const waited = waits.reduce((sum, ms) => sum + ms, 0);
    expect(waited).toBeGreaterThan(2500);
    expect(waited).toBeLessThan(3500);
  });

  test('fails at once for another reason, and on another system', async () => {
    const full = heldFor(9, 'ENOSPC');
    await expect(renameOver('a', 'b', full.system)).rejects.toMatchObject({ code: 'ENOSPC' });
    const linux = heldFor(9, 'EPERM', 'linux');
    await expect(renameOver('a', 'b', linux.system)).rejects.toMatchObject({ code: 'EPERM' });
    expect([full.calls.length, linux.calls.length]).toEqual([1, 1]);
  });

  test('of a file onto a folder fails with what the system says', async () => {
    await writeFile(join(folder, 'file'), '');
    await mkdir(join(folder, 'folder'));
    await expect(renameOver(join(folder, 'file'), join(folder, 'folder'))).rejects.toMatchObject({ code: 'EISDIR' });
  });
});

describe('the error for a file that another program has open', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test('on Windows names the file and says to close it there', () => {
    expect(isHeldOpen(failure('EPERM'), 'win32')).toBe(true);
    expect(isHeldOpen(failure('EPERM'), 'linux')).toBe(false);
    expect(isHeldOpen(Object.assign(failure('EPERM'), { syscall: 'open' }), 'win32')).toBe(false);
    vi.spyOn(process, 'platform', 'get').mockReturnValue('win32');
    const error = outputError('C:\\results\\walk.csv', failure('EBUSY'));
    expect(error.message).toBe('C:\\results\\walk.csv: another program has it open (EBUSY)');
    expect(error.remedy).toMatch(/^Close it there/);
  });
});
