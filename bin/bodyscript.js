#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** `engines` of package.json, which npm only warns about. */
const OLDEST_NODE = [20, 19];
const [major, minor] = process.versions.node.split('.').map(Number);
const isOldNode = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
const NEED_NODE = `Node ${process.versions.node} is too old. Install Node ${OLDEST_NODE.join('.')} or newer (https://nodejs.org)`;
// An older release of the same line may do; one of an earlier line lacks what the program imports.
if (major < OLDEST_NODE[0]) {
  process.stderr.write(`error: ${NEED_NODE}.\n`);
  process.exit(1);
}

const dist = new URL('../dist/', import.meta.url);
if (!isThere(new URL('cli/main.js', dist))) {
  process.stderr.write('bodyscript: not built yet; run "npm run build" in its folder\n');
  process.exit(1);
}
/** Node's permission model throws where it forbids to look; what is loaded next then says so. */
function isThere(url) {
  try {
    return existsSync(url);
  } catch {
    return true;
  }
}
/** What may keep the program's own files from being read; there is nothing of it yet that could tell. */
const REMEDIES = {
  EMFILE: 'too many open files. Allow more of them (ulimit -n 1024)',
  ENFILE: 'the whole system has too many open files. End other programs, or allow more',
  ENOMEM: 'the system has no memory left. End other programs',
  ERR_ACCESS_DENIED:
    "Node's permission model forbids to read the program. Give node --allow-fs-read=* --allow-fs-write=* --allow-child-process --allow-worker --allow-addons, or do without --permission",
};
/** What the scripts of the shells ask at each tab, with nothing else loaded. */
const isTab = process.argv[2] === 'complete' && ['--', '--line'].includes(process.argv[3]);
async function load() {
  if (isTab) return import(new URL('cli/completion/complete.js', dist).href);
  (await import(new URL('cli/lean-start.js', dist).href)).startLean(process.argv, fileURLToPath(import.meta.url));
  return import(new URL('cli/main.js', dist).href);
}

const loaded = await load().catch(error => {
  const why =
    REMEDIES[error?.code] ??
    (isOldNode ? NEED_NODE : undefined) ??
    `${String(error?.message ?? error).split('\n', 1)[0]}. Install it again`;
  if (process.argv.includes('--debug')) process.stderr.write(`${error?.stack}\n`);
  const code = /^E[MN]FILE$/.test(error?.code) ? 'TOO_MANY_OPEN_FILES' : 'INTERNAL';
  if (process.argv.includes('--log-json')) {
    process.stderr.write(
      `${JSON.stringify({ time: new Date().toISOString(), level: 'error', message: `${why}.`, code })}\n`,
    );
  } else process.stderr.write(`error: ${why}.\n`);
  process.exit(error?.code === 'ENOMEM' ? 5 : 1);
});
if (isTab) process.stdout.write(loaded.answer(process.argv.slice(3)));
else await loaded.main(process.argv);
