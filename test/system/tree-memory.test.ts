import { describe, expect, test } from 'vitest';
import { ChildProgram, runningChildren } from '../../src/system/child-process.js';
import { readProcessMemory } from '../../src/system/process-memory.js';
import { countedBytes, TreeMemoryWatch } from '../../src/system/tree-memory.js';

const MEBIBYTE = 2 ** 20;

function sleeper(role: string): ChildProgram {
  const script =
    'const b = Buffer.alloc(80 * 2 ** 20, 1); setTimeout(() => b[0], 60_000); process.stderr.write("ready\\n")';
  return new ChildProgram({
    role,
    file: process.execPath,
    args: ['-e', script],
    onStderrLine: () => {},
    stdin: 'ignore',
    stdout: 'ignore',
  });
}

describe('memory of the process tree', () => {
  test('counts this process and its children, each by its role', async () => {
    using watch = new TreeMemoryWatch();
    await using child = sleeper('decoder');
    await expect
      .poll(async () => (await readProcessMemory(child.pid!))?.rss ?? 0, { timeout: 10_000 })
      .toBeGreaterThan(100 * MEBIBYTE);
    await watch.sample();
    await expect.poll(() => watch.peaks.rssByProcess.decoder ?? 0, { timeout: 5000 }).toBeGreaterThan(100 * MEBIBYTE);
    const { treeRss, rssByProcess } = watch.peaks;
    expect(Object.keys(rssByProcess)).toEqual(['decoder', 'node']);
    expect(treeRss).toBeGreaterThan((rssByProcess.decoder ?? 0) + 20 * MEBIBYTE);
  });

  test.skipIf(process.platform !== 'linux')(
    'what the system can drop and read again is not counted as held',
    async () => {
      using watch = new TreeMemoryWatch();
      await using child = sleeper('decoder');
      await expect
        .poll(async () => (await readProcessMemory(child.pid!))?.fixed ?? 0, { timeout: 10_000 })
        .toBeGreaterThan(80 * MEBIBYTE);
      const memory = await readProcessMemory(child.pid!);
      // Node's own code.
      expect((memory?.rss ?? 0) - (memory?.fixed ?? 0)).toBeGreaterThan(20 * MEBIBYTE);
      // A sample may be under way, which this one does not repeat.
      await expect.poll(() => watch.last.fixed ?? 0, { timeout: 5000 }).toBeGreaterThan(memory?.fixed ?? 0);
      const { treeFixed, treeRss } = watch.peaks;
      expect(treeFixed).toBeGreaterThan(memory?.fixed ?? 0);
      expect(treeRss - (treeFixed ?? 0)).toBeGreaterThan(40 * MEBIBYTE);
      expect(countedBytes(watch.last)).toBe(watch.last.fixed);
    },
  );

  test('a child that was stopped is removed from the list', async () => {
    const child = sleeper('encoder');
    expect([...runningChildren().values()]).toContain('encoder');
    const exit = await child.stop();
    expect(exit).toMatchObject({ signal: 'SIGTERM' });
    expect([...runningChildren().values()]).not.toContain('encoder');
  });

  test('a process that has ended has no memory', async () => {
    expect(await readProcessMemory(2 ** 22 + 1)).toBeUndefined();
  });
});
