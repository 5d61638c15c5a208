import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { PACKAGE } from '../../src/system/package-info.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (name: string) => readFileSync(`${ROOT}${name}`, 'utf8');

const ALLOWED = [
  ...['.build', '.ci', '.dockerignore', '.gitignore', '.npmrc'],
  ...['CHANGELOG.md', 'CITATION.cff', 'CONTRIBUTING.md', 'Dockerfile', 'LICENSE', 'NOTICE', 'README.md'],
  ...['bin', 'biome.json', 'package-lock.json', 'package.json', 'samples', 'src', 'test'],
  ...['tsconfig.build.json', 'tsconfig.json', 'vitest.config.ts'],
];

/** Names ignored by git, which tools leave behind. */
const ignored = read('.gitignore')
  .split('\n')
  .map(line => line.replace(/\/$/, ''));
const isLeft = (name: string) => name === '.git' || ignored.includes(name) || /\.(tsbuildinfo|tgz)$/.test(name);

test('the top level contains only what it should', () => {
  expect(
    readdirSync(ROOT)
      .filter(name => !isLeft(name))
      .sort(),
  ).toEqual([...ALLOWED].sort());
});

test('CONTRIBUTING.md names scripts, files and folders that exist', () => {
  const text = read('CONTRIBUTING.md');
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = [...text.matchAll(/npm run ([a-z:-]+)|`(bench:[a-z-]+)`/g)].map(([, run, bench]) => run ?? bench ?? '');
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(name => !(name in scripts))).toEqual([]);
  const paths = [...text.matchAll(/`([a-z]+\/[a-z/-]*(?:\.[a-z.]+)?)`/g)].map(match => match[1]!);
  expect(paths.length).toBeGreaterThan(10);
  const exists = (path: string) => {
    const parts = path.replace(/\/$/, '').split('/');
    const name = parts.pop()!;
    try {
      return readdirSync(ROOT + parts.join('/')).includes(name);
    } catch {
      return false;
    }
  };
  const isMade = (path: string) => /^(dist|test\/bench\/results)\//.test(path);
  expect(paths.filter(path => !isMade(path) && !exists(path) && !exists(`src/${path}`))).toEqual([]);
});

/** Flat YAML as in CITATION.cff: keys with a plain value, or with a list below. */
function parseCitation(text: string): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = {};
  let last = '';
  for (const line of text.trimEnd().split('\n')) {
    const [, key, value] = /^([a-z-]+):(?: (\S.*))?$/.exec(line) ?? [];
    const [, entry] = /^ {2}- (\S.*)$/.exec(line) ?? [];
    if (key !== undefined) {
      last = key;
      fields[key] = value ?? [];
    } else if (entry !== undefined && Array.isArray(fields[last])) (fields[last] as string[]).push(entry);
    else throw new SyntaxError(`CITATION.cff: ${line}`);
  }
  return fields;
}

test('CITATION.cff has what version 1.2 of the format requires, and states the version and licence of package.json', () => {
  const { version, license, keywords } = JSON.parse(read('package.json')) as Record<string, unknown>;
  expect(version).toBe(PACKAGE.version);
  const citation = parseCitation(read('CITATION.cff'));
  expect(citation).toMatchObject({
    'cff-version': '1.2.0',
    type: 'software',
    title: 'bodyscript',
    authors: ['name: bodyscript contributors'],
    version,
    license,
    keywords,
  });
  expect(citation.message).toMatch(/cite/);
  // Plain values: YAML would parse these otherwise.
  for (const value of Object.values(citation).flat())
    expect(value.replace(/^name: /, '')).not.toMatch(/: | #|^[[{&*!|>%@`'"]/);
});
