/**
 * Part of `npm run check`: looks for phrases that are not plain English (`rules.ts`) in code, comments, tests and
 * pages. Prints `file:line: phrase -> better` for each, and ends with 1 if there are any.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPhrases } from './find-phrases.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PLACES = ['src', 'bin', 'test', 'samples', '.build', 'README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
const TEXTS = /\.(ts|mjs|js|md|html|css|sh|py|R)$/;
/** The phrases themselves. */
const OWN = ['.build/prose/', 'test/prose.test.ts'];
/** Places with phrases left: take each out once it is rewritten. */
const NOT_YET: readonly string[] = [];
const EXCLUDED = [...OWN, ...NOT_YET];

function filesBelow(path: string): string[] {
  if (/\.md$/.test(path)) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap(entry => {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) return entry.name === 'results' ? [] : filesBelow(inner);
    return TEXTS.test(entry.name) ? [inner] : [];
  });
}

const lines = PLACES.flatMap(place => filesBelow(join(ROOT, place))).flatMap(path => {
  const name = relative(ROOT, path).replaceAll('\\', '/');
  if (EXCLUDED.some(place => name.startsWith(place))) return [];
  return findPhrases(readFileSync(path, 'utf8')).map(
    ({ line, phrase, better }) => `${name}:${line}: ${phrase} -> ${better}`,
  );
});
for (const line of lines) process.stdout.write(`${line}\n`);
if (lines.length > 0) process.stderr.write(`${lines.length} phrases are not plain English\n`);
process.exitCode = lines.length > 0 ? 1 : 0;
