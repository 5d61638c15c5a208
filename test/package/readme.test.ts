import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, symlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { helpTopics } from '../../src/cli/help-pages.js';
import { CSV_COLUMNS } from '../../src/formats/csv-writer.js';
import { codeBlocks, linksIn, rowsIn, shellCommands } from '../support/markdown.js';
import { pythonWith } from '../support/readers.js';
import { runShell } from '../support/shell.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');
const readme = read('README.md');
const { files, scripts } = JSON.parse(read('package.json')) as {
  files: readonly string[];
  scripts: Record<string, string>;
};
const LARGEST_BYTES = 9000;
const LARGEST_PICTURE_BYTES = 60_000;
const PYTHON = pythonWith('pandas');
/** Pages that people read on the web or in the installed package, and those only in a clone. */
const PACKAGED = ['README.md', 'CONTRIBUTING.md', ...helpTopics().map(topic => `src/help/${topic}.md`)];
const CLONED = ['CHANGELOG.md', 'samples/README.md', 'samples/render/README.md', 'src/README.md'];

const isLocal = (target: string) => !/^[a-z]+:/.test(target);
/** The target of a page's link, from the project's root. */
const placeOf = (page: string, target: string) =>
  relative(ROOT, resolve(ROOT, dirname(page), target.replace(/#.*/, '')));
const isPackaged = (path: string) => files.some(listed => path === listed || path.startsWith(`${listed}/`));

describe('README.md', () => {
  test('is short', () => {
    expect(Buffer.byteLength(readme)).toBeLessThanOrEqual(LARGEST_BYTES);
  });

  test('shows one picture, which is small', () => {
    const pictures = linksIn(readme).filter(target => /\.(jpg|png)$/.test(target));
    expect(pictures).toHaveLength(1);
    expect(readFileSync(join(ROOT, pictures[0] ?? '')).length).toBeLessThanOrEqual(LARGEST_PICTURE_BYTES);
  });

  test('links to every help topic', () => {
    const links = linksIn(readme);
    expect(helpTopics().filter(topic => !links.includes(`src/help/${topic}.md`))).toEqual([]);
  });

  test('explains six columns, which the table has', () => {
    const [, rows = ''] = /\| column \|.*\n\|[-|]+\|\n((?:\|.*\n)+)/.exec(readme) ?? [];
    const names = [...rows.matchAll(/^\| (.*?) \|/gm)].map(([, cell = '']) => cell.replaceAll('`', '').split(', '));
    expect(names).toHaveLength(6);
    expect(names.flat().filter(name => !CSV_COLUMNS.includes(name as (typeof CSV_COLUMNS)[number]))).toEqual([]);
  });

  test('states no figure of accuracy or speed that the help on accuracy does not have', () => {
    const figures = [...readme.matchAll(/^\| (?:Python|bodyscript), .*$/gm)].flatMap(([row]) =>
      [...row.matchAll(/[\d.]+ (?=%|s |MB)/g)].map(([figure]) => figure.trim()),
    );
    expect(figures.length).toBeGreaterThan(15);
    const page = read('src/help/accuracy.md');
    expect(figures.filter(figure => !new RegExp(String.raw`(?<![\d.])${figure}(?![\d.])`).test(page))).toEqual([]);
  });

  test('runs as written: its commands, the files that they make, and the lines of Python', async () => {
    const folder = await temporaryFolder();
    await symlink(join(ROOT, 'samples'), join(folder, 'samples'));
    const [install, use] = codeBlocks(readme).filter(({ language }) => language === 'sh');
    const npm = shellCommands(install?.code ?? '').filter(([program]) => program === 'npm');
    expect(npm.length).toBeGreaterThanOrEqual(2);
    expect(npm.filter(([, word, script = '']) => word === 'run' && !(script in scripts))).toEqual([]);
    const commands = (use?.code ?? '').trim().split('\n');
    expect(commands.length).toBeGreaterThanOrEqual(3);
    for (const command of commands) {
      const { codes, stderr } = await runShell(command, folder);
      expect([command, codes, codes[0] === 0 ? '' : stderr]).toEqual([command, [0], '']);
    }
    const named = [...rowsIn(readme).keys()].filter(name => /^walk-across\./.test(name));
    expect(named.length).toBeGreaterThanOrEqual(3);
    expect(await readdir(join(folder, 'results'))).toEqual(expect.arrayContaining(named));
    if (!PYTHON) return;
    const python = codeBlocks(readme).find(({ language }) => language === 'python')?.code ?? '';
    expect(python.trim().split('\n')).toHaveLength(5);
    const { stdout } = await run(PYTHON, ['-c', python], { cwd: folder });
    expect(stdout).toContain('left_knee');
    expect(stdout).toMatch(/\[1\d\d rows x 2 columns\]/);
  });
});

describe('the pages', () => {
  test.each([...PACKAGED, ...CLONED])('%s links only to files that exist', page => {
    const missing = linksIn(read(page)).filter(
      target => isLocal(target) && !existsSync(join(ROOT, placeOf(page, target))),
    );
    expect(missing).toEqual([]);
  });

  test.each(PACKAGED)('%s is in the package, with everything that it links to', page => {
    expect(page === 'README.md' || isPackaged(page)).toBe(true);
    const places = linksIn(read(page))
      .filter(isLocal)
      .map(target => placeOf(page, target));
    expect(places.filter(place => place !== 'README.md' && !isPackaged(place))).toEqual([]);
  });
});
