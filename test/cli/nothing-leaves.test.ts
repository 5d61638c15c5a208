import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ENGINE_NAMES } from '../../src/engine/worker/protocol.js';
import { IS_FULL } from '../support/full-tests.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const watcher = pathToFileURL(new URL('../support/watch-network.mjs', import.meta.url).pathname).href;

/** The default engine, or both. */
const ENGINES = IS_FULL ? ENGINE_NAMES : (['native'] as const);

describe('nothing leaves the machine', () => {
  test.each(ENGINES)('%s: a whole analysis makes no attempt to reach the network, in any thread', async engine => {
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
    // The engine's own `fetch` supplies the model; it replaces the watched one and knows no
    // other address.
    expect(lines.filter(line => line.startsWith('ATTEMPT'))).toEqual([]);
    expect(lines).toContain('watching main');
    expect(lines).toContain('watching worker');
    expect(result.stdout).toBe('');
  });

  test.each(ENGINES)('%s: no files are written outside the output folder and the model cache', async engine => {
    const home = join(folder, `home-${engine}`);
    const env = { HOME: home, XDG_CACHE_HOME: join(home, 'cache'), CI: undefined };
    const args = ['analyze', join(SAMPLES, 'wave.mp4'), '--out', join(folder, `${engine}-2`), '--engine', engine];
    const result = await runCli([...args, '--model', 'lite', '--max-frames', '5', '--quiet'], { env });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(await readdir(home)).toEqual(['cache']);
    expect(await readdir(join(home, 'cache'))).toEqual(['bodyscript']);
  });

  test('onnxruntime is a version without an address to report to', async () => {
    const binaries = join(createRequire(import.meta.url).resolve('onnxruntime-node'), '../../bin/napi-v6/linux/x64');
    const libraries = (await readdir(binaries)).filter(name => name.startsWith('libonnxruntime'));
    expect(libraries.length).toBeGreaterThan(0);
    for (const name of libraries) {
      const bytes = await readFile(join(binaries, name));
      expect(bytes.includes('events.data.microsoft.com') || bytes.includes('ORT_DISABLE_TELEMETRY')).toBe(false);
    }
  });

  test('the watcher detects an attempt', async () => {
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
