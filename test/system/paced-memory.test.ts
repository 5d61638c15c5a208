import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { PacedMemory } from '../../src/system/paced-memory.js';
import { readHeldMemory, readProcessMemory, readProportionalMemory } from '../../src/system/process-memory.js';

/** A system on which each question takes some milliseconds of a clock that tests move. */
function slowSystem(tookMs: number) {
  const questions: (readonly number[])[] = [];
  let now = 0;
  let bytes = 100;
  const memory = new PacedMemory(
    async pids => {
      questions.push(pids);
      now += tookMs;
      return new Map(pids.filter(pid => pid !== 9).map(pid => [pid, bytes + pid]));
    },
    () => now,
  );
  return {
    memory,
    questions,
    pass: (ms: number) => {
      now += ms;
    },
    grow: () => {
      bytes += 100;
    },
  };
}

/** Lets a question that runs come to its end. */
const settle = () => new Promise(resolve => setImmediate(resolve));

describe('memory of other processes, where each question starts a program', () => {
  test('a program is started at most 5 % of the time, and the last answer holds in between', async () => {
    const { memory, questions, pass, grow } = slowSystem(50);
    expect(await memory.read(1)).toBe(101);
    grow();
    for (let i = 0; i < 9; i++) {
      pass(100);
      expect(await memory.read(1)).toBe(101);
    }
    expect(questions).toHaveLength(1);
    pass(100);
    expect(await memory.read(1)).toBe(101); // The look itself does not wait for the program.
    await settle();
    expect(await memory.read(1)).toBe(201);
    expect(questions).toHaveLength(2);
  });

  test('a new process is asked for at once, and all together after that', async () => {
    const { memory, questions, pass } = slowSystem(50);
    await memory.read(1);
    await memory.read(2);
    expect(questions).toEqual([[1], [1, 2]]);
    pass(1001);
    await Promise.all([memory.read(1), memory.read(2)]);
    await settle();
    pass(1001);
    await Promise.all([memory.read(1), memory.read(2)]);
    await settle();
    expect([...(questions.at(-1) ?? [])].sort()).toEqual([1, 2]);
  });

  test('many that are asked for at the same time share questions, and each gets its own answer', async () => {
    const { memory, questions } = slowSystem(50);
    const pids = [1, 2, 3, 4, 5, 6];
    expect(await Promise.all(pids.map(pid => memory.read(pid)))).toEqual(pids.map(pid => 100 + pid));
    expect(questions.length).toBeLessThanOrEqual(2);
  });

  test('one that has ended, and a system that gives no answer, are no failure', async () => {
    expect(await slowSystem(1).memory.read(9)).toBeUndefined();
    const silent = new PacedMemory(() => Promise.reject(new Error('no powershell.exe')));
    expect(await silent.read(1)).toBeUndefined();
  });
});

describe.each(['darwin', 'win32'] as const)('on %s, as a mock of the platform', platform => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test('this process is read without a program, with its highest mark; another one by pidusage', async () => {
    const program = 'console.log("started"); setTimeout(() => {}, 60_000)';
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
    // Before its first line, the process may not have loaded its program yet, and hold next to nothing.
    await once(child.stdout, 'data');
    vi.spyOn(process, 'platform', 'get').mockReturnValue(platform);
    try {
      const ours = await readProcessMemory(process.pid);
      expect(ours?.rss).toBeGreaterThan(20e6);
      expect(ours?.peakRss).toBeGreaterThanOrEqual(ours?.rss ?? Number.NaN);
      expect(ours?.fixed).toBeUndefined();
      const other = await readProcessMemory(child.pid ?? 0);
      expect(other?.rss).toBeGreaterThan(1e6);
      expect(await readHeldMemory(child.pid ?? 0)).toBeGreaterThan(1e6);
      expect(await readProportionalMemory(process.pid)).toBeUndefined();
    } finally {
      child.kill('SIGKILL');
    }
  });
});
