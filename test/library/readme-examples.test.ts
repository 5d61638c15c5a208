import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const folder = await temporaryFolder();
await mkdir(join(folder, 'node_modules'));
await symlink(ROOT, join(folder, 'node_modules', 'bodyscript'));
await symlink(join(ROOT, 'samples'), join(folder, 'samples'));

const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
const examples = [...readme.matchAll(/^```js\n(.*?)^```/gms)].map(match => match[1]!);

test('there are examples', () => expect(examples.length).toBeGreaterThanOrEqual(2));

test.each(examples.map((code, index) => [index, code] as const))("README's example %d runs", async (_, code) => {
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', code], { cwd: folder });
  expect(stdout.trimEnd().split('\n').length).toBeGreaterThanOrEqual(5);
  expect(stderr).toBe('');
});
