import { execFile } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { helpPage } from '../../src/cli/help-pages.js';
import { codeBlocks } from '../support/markdown.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const folder = await temporaryFolder();
await mkdir(join(folder, 'node_modules'));
await symlink(ROOT, join(folder, 'node_modules', 'bodyscript'));
await symlink(join(ROOT, 'samples'), join(folder, 'samples'));

const examples = codeBlocks(helpPage('library'))
  .filter(({ language }) => language === 'js')
  .map(({ code }) => code);

test('bodyscript help library has examples', () => expect(examples.length).toBeGreaterThanOrEqual(2));

test.each(examples.map((code, index) => [index, code] as const))('example %d of it runs', async (_, code) => {
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', code], { cwd: folder });
  expect(stdout.trimEnd().split('\n').length).toBeGreaterThanOrEqual(5);
  expect(stderr).toBe('');
});
