import { expect, test } from 'vitest';
import { flagsForProcess, flagsForThread } from '../../src/system/node-flags.js';

test('a further process has the flags of this one, but not its program, debugger or watcher', () => {
  const given = ['--max-old-space-size=4096', '--inspect=0', '--watch-path=.', '--import', './a.mjs', '--title=x'];
  expect(flagsForProcess(given)).toEqual(['--max-old-space-size=4096', '--import', './a.mjs', '--title=x']);
  expect(flagsForProcess(['--input-type=module', '-e', '--expose-gc', '--stack-size=900'])).toEqual([
    '--stack-size=900',
  ]);
  expect(flagsForProcess(['--test', '--test-only', '--eval=1', '--check'])).toEqual([]);
});

test('a thread is left to Node, unless the program itself was an argument', () => {
  expect(flagsForThread(['--max-old-space-size=4096', '--title=x'])).toBeUndefined();
  const given = ['--input-type=module', '--stack-size=900', '-r', './b.cjs', '--import=./a.mjs', '-e', '--no-warnings'];
  expect(flagsForThread(given)).toEqual(['-r', './b.cjs', '--import=./a.mjs']);
  expect(flagsForThread(['--input-type=module', '--no-warnings'])).toEqual(['--no-warnings']);
});
