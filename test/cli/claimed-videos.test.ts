import { copyFile, mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { lockPath } from '../../src/system/output-lock.js';
import { identifyProcess } from '../../src/system/process-identity.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const [clips, out] = [join(folder, 'clips'), join(folder, 'out')];
const STARTED = '2026-11-26T09:30:00.000Z';
const elsewhere = { ...identifyProcess(), host: 'node7', pid: 4711 };

/** What a part without a ledger has in the folder while it analyses a video. */
async function claim(name: string, ageSeconds: number): Promise<void> {
  const record = join(out, `${name}.run.json`);
  const example = JSON.parse(await readFile(new URL('../support/run-record.json', import.meta.url), 'utf8'));
  await writeFile(
    `${record}.partial`,
    JSON.stringify({ ...example, status: 'running', startedAt: STARTED, endedAt: null }),
  );
  await writeFile(lockPath(record), JSON.stringify({ token: name, process: elsewhere }));
  const touched = Date.now() / 1000 - ageSeconds;
  await utimes(lockPath(record), touched, touched);
}

const listed = async (...more: string[]) => {
  for (const name of ['running', 'other']) await claim(name, name === 'running' ? 0 : 300);
  return runCli(['jobs', '-o', out, ...more]);
};

beforeAll(async () => {
  await mkdir(clips);
  for (const name of ['running', 'other', 'waiting'])
    await copyFile(join(SAMPLES, 'wave.mp4'), join(clips, `${name}.mp4`));
  expect((await runCli(['plan', clips, '-o', out, '--parts', '2'])).code).toBe(0);
});

describe('jobs of a folder in which parts of a plan run on other machines', () => {
  test('shows what they claim before any ledger exists, and what to do later', async () => {
    const { code, stdout, stderr } = await listed();
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/running +running\n +process 4711 on node7, since 2026-11-26 /),
    ]);
    expect(stdout).toContain('1 running;');
    expect(stderr).toContain('jobs merge -o');
    const [entry, ...others] = JSON.parse((await listed('--json')).stdout);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      name: 'running',
      state: 'running',
      startedAt: STARTED,
      runner: { host: 'node7', pid: 4711 },
    });
  });

  test('adds it to a ledger, whose other videos keep their states', async () => {
    expect((await runCli(['jobs', 'merge', '-o', out])).code).toBe(0);
    const states = async (...more: string[]) =>
      Object.fromEntries(
        JSON.parse((await listed('--json', ...more)).stdout).map(({ name, state }: Record<string, string>) => [
          name,
          state,
        ]),
      );
    expect(await states()).toEqual({ running: 'running', other: 'queued', waiting: 'queued' });
    expect(await states('--state', 'queued')).toEqual({ other: 'queued', waiting: 'queued' });
    expect(await states('--state', 'running')).toEqual({ running: 'running' });
  });
});
