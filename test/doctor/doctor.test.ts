import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { CheckResult } from '../../src/doctor/check.js';
import { findFfmpeg } from '../../src/system/ffmpeg-binaries.js';
import { shellWord } from '../../src/text/shell.js';
import { SYSTEM_FFMPEG } from '../support/ffmpeg.js';
import { fullTest } from '../support/full-tests.js';
import { CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();

async function shellScript(name: string, commands: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${commands}\n`, { mode: 0o755 });
  return path;
}

async function doctor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { code, stdout } = await runCli(['doctor', '--json', '-o', join(folder, 'out'), ...args], { env });
  const { fit, checks } = JSON.parse(stdout) as { fit: boolean; checks: CheckResult[] };
  return { code, fit, of: (name: string) => checks.find(check => check.name === name) };
}

describe('bodyscript doctor', () => {
  test('both engines find the person in the test image', async () => {
    const { code, fit, of } = await doctor([]);
    for (const name of [
      'node',
      'cache',
      'output',
      // The npm package's own are limited.
      ...(SYSTEM_FFMPEG === undefined ? [] : ['ffmpeg', 'ffprobe']),
      'encoder',
      'ledger',
      'model-heavy',
      'engine-native',
      'engine-mediapipe',
      'refining-network',
      'person-finder',
    ])
      expect(of(name)).toMatchObject({ health: 'good' });
    expect(of('model-full')?.found).toMatch(/SHA-256 [0-9a-f]{64}/);
    expect(of('refining-network')?.found).toBe('heavy finds the person in the test image');
    expect(of('person-finder')?.found).toMatch(/^nanodet finds the person .* SHA-256 [0-9a-f]{64}$/);
    expect(of('engine-native')?.found).toMatch(/finds the person/);
    expect([code, fit]).toEqual([0, true]);
  });

  test('a missing ffmpeg is a problem, with how to install it: exit code 1', async () => {
    await mkdir(join(folder, 'empty'), { recursive: true });
    const { code, fit, of } = await doctor(['--ffmpeg', join(folder, 'empty', 'ffmpeg')]);
    expect(of('ffmpeg')).toMatchObject({ health: 'missing', fix: expect.stringContaining('apt-get install ffmpeg') });
    expect([code, fit]).toEqual([1, false]);
    // They load, and may well work.
    for (const engine of ['engine-native', 'engine-mediapipe']) expect(of(engine)?.health).toBe('limited');
  });

  test.skipIf(process.platform === 'win32')(
    'an ffmpeg that starts but decodes nothing is a problem, in its own words',
    async () => {
      const { ffmpeg } = await findFfmpeg();
      const broken = await shellScript(
        'broken',
        `[ "$1" = -version ] && exec ${shellWord(ffmpeg.path)} -version
echo libx264.so.164: cannot open shared object >&2; exit 127`,
      );
      const { code, fit, of } = await doctor(['--ffmpeg', broken]);
      expect(of('ffmpeg')?.health).not.toBe('missing');
      const found = 'ffmpeg fails (exit code 127): libx264.so.164: cannot open shared object';
      expect(of('decoding')).toMatchObject({ health: 'missing', found, fix: expect.stringContaining('--ffmpeg') });
      for (const name of ['decoders', 'encoder']) expect(of(name)).toMatchObject({ health: 'limited', found });
      expect(of('engine-native')?.found).toMatch(/not tried on the test image, because ffmpeg could not decode it$/);
      expect([code, fit]).toEqual([1, false]);
    },
  );

  test.skipIf(process.platform === 'win32')('Ctrl+C ends it while ffmpeg hangs', async () => {
    const { ffmpeg } = await findFfmpeg();
    const hangs = await shellScript(
      'hangs',
      `[ "$1" = -version ] && exec ${shellWord(ffmpeg.path)} -version
touch ${shellWord(join(folder, 'asked'))}; exec sleep 100`,
    );
    const cli = new CliRun(['doctor', '--ffmpeg', hangs, '-o', join(folder, 'out')]);
    while (!existsSync(join(folder, 'asked'))) await sleep(50);
    const since = Date.now();
    cli.process.kill('SIGINT');
    const { code, stderr } = await cli.finished;
    expect([code, stderr]).toEqual([130, expect.stringContaining('interrupted by SIGINT')]);
    expect(Date.now() - since).toBeLessThan(4000); // Before the deadline after which any command is ended.
  });

  test('a results folder that is a file is named as one', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    const { code, of } = await doctor(['-o', file]);
    expect(of('output')).toMatchObject({ health: 'missing', found: `${file} is a file, not a folder` });
    expect(code).toBe(1);
  });

  fullTest('a results folder that cannot be written is a problem', async () => {
    for (const place of ['/proc/results', '/dev/results']) {
      const { code, of } = await doctor(['-o', place]);
      expect(of('output')).toMatchObject({ health: 'missing' });
      expect(code).toBe(1);
    }
  });
});
