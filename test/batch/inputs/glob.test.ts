import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { findInputs, type InputRequest } from '../../../src/batch/inputs/find-inputs.js';
import { splitGlob, withSlashes } from '../../../src/batch/inputs/glob.js';
import { nothingPassedOver } from '../../../src/batch/inputs/passed-over.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (path: string) => join(folder, path);
const pretend = (platform: NodeJS.Platform) => vi.spyOn(process, 'platform', 'get').mockReturnValue(platform);

beforeAll(async () => {
  for (const file of [
    'in/a.mp4',
    'in/monday/b.mp4',
    'in/results/c.mp4',
    'Files (x86)/[old]/d.mp4',
    'Files x86/e.mp4',
  ]) {
    await mkdir(dirname(at(file)), { recursive: true });
    await writeFile(at(file), file);
  }
  await symlink(at('in/results'), at('in/Results'));
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function find(paths: readonly string[], request: Partial<InputRequest> = {}): Promise<string[]> {
  const whole = { paths, fromFile: undefined, nullSeparated: false, include: [], exclude: [], hidden: false };
  const found: string[] = [];
  const all = { ...whole, follow: false, outDir: at('out'), ...request };
  for await (const { relative } of findInputs(all, nothingPassedOver())) found.push(relative);
  return found;
}

describe('patterns of Windows, as a mock of the platform', () => {
  test('a backslash parts folders in them, and elsewhere takes a meaning away', async () => {
    const pattern = `${at('in')}/monday\\*.mp4`;
    expect(await find([pattern])).not.toContain('b.mp4');
    pretend('win32');
    expect(await find([pattern])).toEqual(['b.mp4']);
    expect(await find([`${folder}\\in\\**\\*.mp4`], { outDir: at('in/results') })).toEqual(['a.mp4', 'monday/b.mp4']);
    expect(withSlashes('\\\\server\\clips\\*.mp4')).toBe('//server/clips/*.mp4');
    expect(withSlashes('a\\*.mp4', 'linux')).toBe('a\\*.mp4');
  });

  test('--include and --exclude know them, too', async () => {
    pretend('win32');
    expect(await find([at('in')], { include: ['monday\\*.mp4'] })).toEqual(['monday/b.mp4']);
    expect(await find([at('in')], { exclude: ['monday\\', 'results'] })).toEqual(['a.mp4']);
  });

  test('a bare drive gets its slash: without, it is the folder last used there', async () => {
    expect(await splitGlob('C:/*.mp4')).toEqual({ root: 'C:/', pattern: '*.mp4' });
    expect(await splitGlob('D:/clips/**/*.mp4')).toEqual({ root: 'D:/clips', pattern: '**/*.mp4' });
  });
});

describe('a folder with wildcards in its name', () => {
  test('is meant by that name where it exists', async () => {
    expect(await find([at('Files (x86)/[old]/*.mp4')])).toEqual(['d.mp4']);
    expect(await splitGlob(at('Files (x86)/[old]/*.mp4'))).toEqual({ root: at('Files (x86)/[old]'), pattern: '*.mp4' });
  });

  test('is a pattern where it does not', async () => {
    expect(await find([at('Files [xy]86/*.mp4')])).toEqual(['Files x86/e.mp4']);
    expect(await splitGlob('*.mp4')).toEqual({ root: '.', pattern: '*.mp4' });
    expect(await splitGlob('absent/**/*.mp4')).toEqual({ root: 'absent', pattern: '**/*.mp4' });
  });
});

test('the folder for results is not looked into under another name, as Results and results are on Windows and macOS', async () => {
  expect(await find([at('in')], { outDir: at('in/Results') })).toEqual(['a.mp4', 'monday/b.mp4']);
});
