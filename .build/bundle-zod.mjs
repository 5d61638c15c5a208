/**
 * Part of `npm run build`: bundles the parts of zod/mini that the compiled program uses into one file,
 * `dist/vendor/zod.js`. zod's own index loads everything, including fifty languages, which costs each process 7 MB and
 * 50 ms, and no export of the package avoids that. `#zod` in package.json resolves to the bundle; its types are zod's
 * own.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(createRequire(import.meta.url).resolve('zod/package.json'));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const licence = readFileSync(join(root, 'LICENSE'), 'utf8').trim();

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const used = new Set();
for (const file of readdirSync(dist, { recursive: true })) {
  if (!file.endsWith('.js')) continue;
  const code = readFileSync(join(dist, file), 'utf8');
  if (/^import \* as z from '#zod';$/m.test(code)) for (const [, name] of code.matchAll(/\bz\.(\w+)/g)) used.add(name);
}

await build({
  stdin: { contents: `export { ${[...used].sort().join(', ')} } from 'zod/mini';`, resolveDir: root },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  outfile: join(dist, 'vendor/zod.js'),
  banner: { js: `/*! zod ${version}\n${licence}\n*/` },
  // A name that zod lacks would be undefined, and no check would notice.
  logOverride: { 'import-is-undefined': 'error' },
});
