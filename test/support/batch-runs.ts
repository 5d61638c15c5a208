import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import type { JobEntry } from '../../src/batch/ledger/job.js';
import { makeWithFfmpeg } from './ffmpeg.js';
import { workingOn } from './processes.js';
import { type CliRun, runCli } from './run-cli.js';

const run = promisify(execFile);
/** Settings that keep a test short: other tests check the numbers. */
export const FAST = ['--model', 'lite', '--mode', 'track', '--no-overlay'];

export interface Report {
  readonly counts: Record<string, number>;
  readonly frames: number;
  readonly jobs: number;
  readonly passedOver: Record<string, number>;
  readonly videos: readonly {
    path: string;
    name: string;
    outcome: string;
    attempts: number;
    error: { code: string } | null;
    outputs: { path: string }[];
  }[];
}

export async function reportOf(out: string): Promise<Report> {
  return JSON.parse(await readFile(join(out, 'batch.json'), 'utf8')) as Report;
}

export const outcomes = ({ videos }: Report) =>
  Object.fromEntries(videos.map(({ name, outcome, error }) => [name, error?.code ?? outcome]));

export async function jobsIn(out: string, ...options: string[]): Promise<JobEntry[]> {
  const { stdout } = await runCli(['jobs', 'list', '-o', out, '--json', ...options]);
  return JSON.parse(stdout) as JobEntry[];
}

/** Short clips in a new folder with that name. */
export async function makeClips(folder: string, name: string, count: number, seconds = 0.5): Promise<string> {
  const source = await makeWithFfmpeg(
    ['-f', 'lavfi', '-i', `testsrc2=s=160x120:r=30:d=${seconds}`, '-c:v', 'libx264'],
    join(folder, `source-${seconds}.mp4`),
  );
  await mkdir(join(folder, name), { recursive: true });
  for (let i = 0; i < count; i++) await copyFile(source, join(folder, name, `clip-${String(i).padStart(2, '0')}.mp4`));
  return join(folder, name);
}

export async function expectNothingLeftRunning(path: string): Promise<void> {
  const end = Date.now() + 5000;
  while ((await workingOn(path)).length > 0 && Date.now() < end) await delay(50);
  expect(await workingOn(path)).toEqual([]);
}

/** The processes that a command has started to analyse videos. */
export async function workersOf(cli: CliRun): Promise<number[]> {
  const { stdout } = await run('pgrep', ['-P', String(cli.pid), '-f', 'worker-main']).catch(() => ({ stdout: '' }));
  return stdout.trim().split('\n').filter(Boolean).map(Number);
}

export async function until<T>(look: () => Promise<T | undefined>, what: string): Promise<T> {
  const end = Date.now() + 30_000;
  while (Date.now() < end) {
    const found = await look();
    if (found) return found;
    await delay(30);
  }
  throw new Error(`waited in vain for ${what}`);
}

export const exists = async (path: string) =>
  ((await readFile(path).catch(() => undefined))?.length ?? 0) > 0 || undefined;
