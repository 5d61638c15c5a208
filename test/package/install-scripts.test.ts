import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const json = (name: string) => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')) as never;

test('no package may run a script at its installation: each that has one is denied it', () => {
  const { packages } = json('package-lock.json') as { packages: Record<string, { hasInstallScript?: boolean }> };
  const { allowScripts } = json('package.json') as { allowScripts: Record<string, boolean> };
  const withScripts = Object.keys(packages).filter(path => packages[path]?.hasInstallScript);
  const names = new Set(withScripts.map(path => path.replace(/^.*node_modules\//, '')));
  expect(Object.keys(allowScripts).sort()).toEqual([...names].sort());
  expect(Object.values(allowScripts)).not.toContain(true);
});

test('an npm that does not know of that is kept from it by a key that all of them know', () => {
  const lines = readFileSync(new URL('../../.npmrc', import.meta.url), 'utf8').split('\n');
  // A key that npm does not know is a warning to 11, and more to later ones.
  expect(lines.filter(line => line !== '' && !line.startsWith('#'))).toEqual(['ignore-scripts=true']);
});

test('no script of ours waits for another that npm would pass over', () => {
  const { scripts } = json('package.json') as { scripts: Record<string, string> };
  expect(Object.keys(scripts).filter(name => /^(pre|post)|^prepare$/.test(name))).toEqual([]);
});
