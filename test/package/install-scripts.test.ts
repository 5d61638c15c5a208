import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const json = (name: string) => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')) as never;

test('no package may run a script on installation: each one that has one is denied', () => {
  const { packages } = json('package-lock.json') as { packages: Record<string, { hasInstallScript?: boolean }> };
  const { allowScripts } = json('package.json') as { allowScripts: Record<string, boolean> };
  const withScripts = Object.keys(packages).filter(path => packages[path]?.hasInstallScript);
  const names = new Set(withScripts.map(path => path.replace(/^.*node_modules\//, '')));
  expect(Object.keys(allowScripts).sort()).toEqual([...names].sort());
  expect(Object.values(allowScripts)).not.toContain(true);
});

test('older versions of npm are prevented by a key that all versions know', () => {
  const lines = readFileSync(new URL('../../.npmrc', import.meta.url), 'utf8').split('\n');
  // A key that npm does not know is a warning in 11, and more in later ones.
  expect(lines.filter(line => line !== '' && !line.startsWith('#'))).toEqual(['ignore-scripts=true']);
});

test('none of our scripts relies on another that npm would skip', () => {
  const { scripts } = json('package.json') as { scripts: Record<string, string> };
  expect(Object.keys(scripts).filter(name => /^(pre|post)|^prepare$/.test(name))).toEqual([]);
});
