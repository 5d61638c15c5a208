import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CheckResult } from '../../src/doctor/check.js';
import { SYSTEM_FFMPEG } from '../support/ffmpeg.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();

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

  test('a results folder that cannot be written is a problem', async () => {
    for (const place of ['/proc/results', '/dev/results']) {
      const { code, of } = await doctor(['-o', place]);
      expect(of('output')).toMatchObject({ health: 'missing' });
      expect(code).toBe(1);
    }
  });
});
