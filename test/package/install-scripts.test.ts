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

test('onnxruntime is kept from downloading CUDA by an npm that does not know of that', () => {
  expect(readFileSync(new URL('../../.npmrc', import.meta.url), 'utf8')).toMatch(/^onnxruntime-node-install=skip$/m);
});
