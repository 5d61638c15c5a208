import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import config from '../../vitest.config.js';
import { matrixFiles, testFiles } from '../support/test-files.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
const commandOf = (script: string) => scripts[script]?.split(' && ').at(-1) ?? '';

interface Project {
  readonly test: { readonly name: string; readonly include: readonly string[] };
}

test('npm test runs every test file, in one project each', () => {
  const projects = (config.test?.projects ?? []) as readonly Project[];
  const included = projects.flatMap(({ test: { include } }) => include);
  expect([...included].sort()).toEqual(testFiles());
  expect(commandOf('test')).toBe('vitest run');
});

test('npm run test:full runs every file that leaves something out of npm test, but for those with a script of their own', () => {
  const matrix = matrixFiles();
  expect(matrix.length).toBeGreaterThan(10);
  // A file that others import would leave something out of theirs.
  const asking = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' }).filter(
    name => name.endsWith('.ts') && /full-tests\.js|env\.BODYSCRIPT_FULL_TESTS/.test(read(`test/${name}`)),
  );
  const hidden = asking.map(name => `test/${name.replaceAll('\\', '/')}`).filter(name => !matrix.includes(name));
  expect(hidden).toEqual(['test/support/is-full.ts']);
  const [command = '', ...excluded] = commandOf('test:full').split(' --exclude ');
  expect(command).toBe('BODYSCRIPT_FULL_TESTS=1 vitest run');
  const own = Object.values(scripts).filter(script => script.includes('BODYSCRIPT_FULL_TESTS=1'));
  for (const file of excluded) {
    expect(matrix).toContain(file);
    expect(own.filter(script => script.endsWith(`vitest run ${file}`))).toHaveLength(1);
  }
});

test('CI runs npm test, and the slow matrix if its hour allows it; the first failure fails it', () => {
  expect(read('.ci/run')).toMatch(/npm test\)?\n[\s\S]*^within \d+ npm run test:full -- --bail 1 --retry 1$/m);
});
