import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ENGINE_NAMES } from '../../src/engine/worker/protocol.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const watcher = pathToFileURL(new URL('../support/watch-network.mjs', import.meta.url).pathname).href;

describe('nothing leaves the machine', () => {
  test.each(ENGINE_NAMES)('%s: a whole analysis makes no attempt to reach the network, in any thread', async engine => {
    const log = join(folder, `${engine}.log`);
    const args = [
      'analyze',
      join(SAMPLES, 'wave.mp4'),
      '--out',
      join(folder, engine),
      '--engine',
      engine,
      '--model',
      'lite',
      '--max-frames',
      '20',
      '--labels',
    ];
    const result = await runCli(args, { env: { BODYSCRIPT_NETWORK_LOG: log }, node: ['--import', watcher] });
    expect(result.code).toBe(0);
    const lines = (await readFile(log, 'utf8')).trim().split('\n');
    // The model is handed over by a `fetch` of the engine's own, which replaces the one that is watched and knows no other address.
    expect(lines.filter(line => line.startsWith('ATTEMPT'))).toEqual([]);
    expect(lines).toContain('watching main');
    expect(lines).toContain('watching worker');
    expect(result.stdout).toBe('');
  });

  test('the watcher sees an attempt when there is one', async () => {
    const log = join(folder, 'watcher.log');
    const { execFile } = await import('node:child_process');
    const script =
      "await fetch('http://127.0.0.1:9/').catch(() => {}); (await import('node:dns')).lookup('localhost', () => {});";
    await new Promise<void>(resolve => {
      execFile(
        process.execPath,
        ['--import', watcher, '--input-type=module', '-e', script],
        { env: { ...process.env, BODYSCRIPT_NETWORK_LOG: log } },
        () => resolve(),
      );
    });
    const lines = await readFile(log, 'utf8');
    expect(lines).toMatch(/ATTEMPT fetch http:\/\/127\.0\.0\.1:9/);
    expect(lines).toMatch(/ATTEMPT lookup localhost/);
  });
});
