import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cgroupMemoryLimit } from '../../src/system/memory-limit.js';
import { SAMPLES } from '../support/reference-clips.js';
import { CliRun } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const V1 = '/sys/fs/cgroup/memory';
const GROUP = `/bodyscript-test-${process.pid}`;
const canMakeGroups = process.getuid?.() === 0 && existsSync(join(V1, 'memory.limit_in_bytes'));
const folder = await temporaryFolder();

describe.skipIf(!canMakeGroups)('limits of control groups (v1, as root)', () => {
  beforeAll(async () => {
    await mkdir(join(V1, GROUP, 'child'), { recursive: true });
    await writeFile(join(V1, GROUP, 'memory.limit_in_bytes'), String(400 * 2 ** 20));
  });
  afterAll(async () => {
    await rmdir(join(V1, GROUP, 'child'));
    await rmdir(join(V1, GROUP));
  });

  test('the lowest limit from the group up to the root counts', async () => {
    const limit = await cgroupMemoryLimit(`4:memory:${GROUP}/child\n0::/\n`);
    expect(limit).toMatchObject({ bytes: 400 * 2 ** 20, source: 'cgroup v1' });
    expect(await limit?.used?.()).toBeGreaterThanOrEqual(0);
  });

  test('counts held memory and files in memory, but not the page cache', async () => {
    const limit = await cgroupMemoryLimit(`4:memory:${GROUP}\n`);
    const file = join(folder, 'page-cache');
    // Each of 40 MB: written and synced to disk, and held.
    const script = `const fs = require('node:fs'); const held = Buffer.alloc(40 * 2 ** 20, 1);
      fs.writeFileSync(process.argv[1], held, { flush: true }); fs.readFileSync(process.argv[1]); console.log('ready'); setInterval(() => held[0], 1000)`;
    const child = spawn(
      '/bin/sh',
      ['-c', 'echo $$ > "$0" && exec "$@"', join(V1, GROUP, 'cgroup.procs'), process.execPath, '-e', script, file],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(child.stdout, 'data');
    const used = (await limit?.used?.()) ?? 0;
    const all = Number(await readFile(join(V1, GROUP, 'memory.usage_in_bytes'), 'utf8'));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(used).toBeGreaterThan(40 * 2 ** 20);
    expect(all - used).toBeGreaterThan(35 * 2 ** 20);
  });

  /** Starts a run in a group with this limit. */
  async function runIn(limitMegabytes: number, options: readonly string[]): Promise<CliRun> {
    await writeFile(join(V1, GROUP, 'memory.limit_in_bytes'), String(limitMegabytes * 2 ** 20));
    const cli = new CliRun([
      'analyze',
      join(SAMPLES, 'wave.mp4'),
      '--out',
      join(folder, `limit-${limitMegabytes}`),
      ...options,
    ]);
    await writeFile(join(V1, GROUP, 'cgroup.procs'), String(cli.pid));
    return cli;
  }

  test('a run that cannot fit is rejected before it starts', async () => {
    const cli = await runIn(100, ['--model', 'lite']);
    const result = await cli.finished;
    expect(result.stderr).toMatch(
      /needs at least \d+ MB of memory, the limit is 100 MB \(cgroup v1\)\. Use --max-size 640/,
    );
    expect(result.code).toBe(5);
  });

  test('a run that fits is not affected', async () => {
    const cli = await runIn(900, ['--model', 'lite', '--max-frames', '5']);
    expect((await cli.finished).code).toBe(0);
    expect(await readFile(join(folder, 'limit-900', 'wave.csv'), 'utf8')).toContain('nose');
  });

  test('a low limit changes no number: the refining network is used, and the table has the same bytes', async () => {
    const args = ['analyze', join(SAMPLES, 'backlight.mp4'), '--max-frames', '24'];
    const free = new CliRun([...args, '--out', join(folder, 'free')]);
    expect((await free.finished).code).toBe(0);
    await writeFile(join(V1, GROUP, 'memory.limit_in_bytes'), String(256 * 2 ** 20));
    await writeFile(join(V1, GROUP, 'memory.swappiness'), '0');
    const low = new CliRun([...args, '--out', join(folder, 'low')]);
    await writeFile(join(V1, GROUP, 'cgroup.procs'), String(low.pid));
    expect(await low.finished).toMatchObject({ code: 0 });
    const [one, other] = await Promise.all(
      ['free', 'low'].map(name => readFile(join(folder, name, 'backlight.csv'), 'utf8')),
    );
    expect(other).toBe(one);
    expect(one).toContain('heavy');
  });
});

test('is undefined without a limit', async () => {
  expect(await cgroupMemoryLimit('')).toBeUndefined();
});
