import { expect, test } from 'vitest';
import { loadOptional } from '../../src/system/optional-package.js';

test('a package that is not installed is an error that says what to install', async () => {
  const absent: string = 'no-such-package-of-ours';
  const loading = loadOptional('a queue', ['one', 'two'], () => import(absent));
  await expect(loading).rejects.toMatchObject({
    code: 'PACKAGE_MISSING',
    remedy: 'Install them beside bodyscript: npm install one two (with -g, if bodyscript is installed so).',
  });
});

test('a package that is broken fails with its own error', async () => {
  const broken: string = 'data:text/javascript,throw new TypeError("broken")';
  const loading = loadOptional('a queue', ['one'], () => import(broken));
  await expect(loading).rejects.toThrow(new TypeError('broken'));
});
