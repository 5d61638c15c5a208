import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { outputPath } from '../../src/cli/output-paths.js';
import { claimOutputs } from '../../src/system/claim-outputs.js';
import { containedPath } from '../../src/system/contained-path.js';
import { windowsNameFault } from '../../src/system/windows-names.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const pretend = (platform: NodeJS.Platform) => vi.spyOn(process, 'platform', 'get').mockReturnValue(platform);

afterEach(() => {
  vi.restoreAllMocks();
});

const WALK = { named: 'walk.csv', isPiped: false };

describe('a name on Windows', () => {
  test.each([
    'C:\\results\\walk.csv',
    'c:walk.csv',
    'D:/a b/walk.csv',
    '\\\\server\\share\\walk.csv',
    '..\\walk.csv',
    './walk.csv',
    'console.csv',
    'com10.csv',
    'nullable/auxiliary.csv',
    'Fußball (1) [2] {3} 100%.csv',
    'results\\',
  ])('%s is good', path => {
    expect(windowsNameFault(path)).toBeUndefined();
  });

  test.each([
    ['NUL', 'device'],
    ['results\\nul.csv', 'device'],
    ['CON.mp4', 'device'],
    ['aux .txt', 'device'],
    ['com1/walk.csv', 'device'],
    ['LPT\u00b2.csv', 'device'],
    ['conout$', 'device'],
    ['walk.csv:hidden', 'no ":"'],
    ['C:\\a:b', 'no ":"'],
    ['what?.csv', 'no "?"'],
    ['a|b.csv', 'no "|"'],
    ['a\tb.csv', 'no "\\t"'],
    ['walk.', 'end of a file name'],
    ['walk \\a.csv', 'end of a file name'],
  ])('%s is not: %s', (path, why) => {
    expect(windowsNameFault(path)).toContain(why);
  });
});

describe('outputs on Windows, as a mock of the platform', () => {
  test.each(['NUL', 'walk.csv:hidden', 'aux.csv'])('%s is refused before anything is written', async name => {
    pretend('win32');
    const claim = claimOutputs({ outputs: [join(folder, name)], inputs: [] });
    await expect(claim).rejects.toMatchObject({ code: 'OUTPUT_NOT_WRITABLE', exitCode: 2 });
    expect(await readdir(folder)).toEqual([]);
  });

  test('a name that a damaged record gives leads to no device and no hidden stream', () => {
    pretend('win32');
    for (const name of ['C:x.csv', 'walk.csv:hidden', 'NUL', 'a/con.csv'])
      expect(containedPath('out', name)).toBeUndefined();
    expect(containedPath('out', 'a/walk.csv')).toBe(join('out', 'a/walk.csv'));
  });

  test('a backslash at the end of -o names a folder, as a slash does; elsewhere it is part of a name', () => {
    expect(outputPath('C:\\results\\', WALK, '.angles.csv')).toBe('C:\\results\\');
    pretend('win32');
    expect(outputPath('C:\\results\\', WALK, '.angles.csv')).toBe(join('C:\\results\\', 'walk.angles.csv'));
    expect(outputPath('results/', WALK, '.angles.csv')).toBe(join('results/', 'walk.angles.csv'));
  });

  test('on this system those names are as good as any', async () => {
    if (process.platform === 'win32') return;
    await using _ = await claimOutputs({ outputs: [join(folder, 'aux.csv'), join(folder, 'a:b')], inputs: [] });
    expect(containedPath('out', 'aux.csv')).toBe(join('out', 'aux.csv'));
  });
});
