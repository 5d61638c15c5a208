import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const OF_MATRIX = /^(import .*|\}) from '[./]*\/support\/full-tests\.js';$|process\.env\.BODYSCRIPT_FULL_TESTS/m;

/** All test files, from the top folder, in order. */
export function testFiles(): readonly string[] {
  return readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.test.ts'))
    .map(name => `test/${name.replaceAll('\\', '/')}`)
    .sort();
}

/** The files with a part of the slow matrix: those that ask whether it runs. */
export function matrixFiles(): readonly string[] {
  return testFiles().filter(name => OF_MATRIX.test(readFileSync(join(ROOT, name), 'utf8')));
}

/** Files that share the machine with no other: they measure it, or look at all of its processes and files. */
export const ALONE: readonly string[] = [
  'test/cli/slurm.test.ts',
  'test/samples/examples/slurm.test.ts',
  'test/system/awake-clock.test.ts',
];
