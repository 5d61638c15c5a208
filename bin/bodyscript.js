#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const dist = new URL('../dist/', import.meta.url);
if (!existsSync(new URL('cli/main.js', dist))) {
  process.stderr.write('bodyscript: not built yet; run "npm run build" in its folder\n');
  process.exit(1);
}
(await import(new URL('cli/lean-start.js', dist).href)).startLean(process.argv, fileURLToPath(import.meta.url));
await (await import(new URL('cli/main.js', dist).href)).main(process.argv);
