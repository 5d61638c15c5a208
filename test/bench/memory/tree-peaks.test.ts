import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startTimed } from '../timed-run.js';
import { watchTree } from './tree-peaks.js';

const MEBIBYTE = 2 ** 20;
/** Holds 100 MB for a second, and a child that holds as much again. */
const HOLD = 'const held = Buffer.alloc(100 * 2 ** 20, 1); setTimeout(() => held.length, 1500)';
const TWO = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(HOLD)}]); ${HOLD}`;

test.skipIf(!existsSync('/proc/self/smaps_rollup'))('the memory of a command and its children is summed', async () => {
  const run = startTimed([process.execPath, '-e', TWO]);
  const peaks = await watchTree(run.pid, run.finished);
  expect(peaks.fixed).toBeGreaterThan(200 * MEBIBYTE);
  expect(peaks.fixed).toBeLessThan(300 * MEBIBYTE);
  // Node's own code is in both resident sets, and once in memory.
  expect(peaks.rss).toBeGreaterThan(peaks.pss);
  expect(peaks.pss).toBeGreaterThanOrEqual(peaks.fixed);
});

test('a command that fails says why', async () => {
  const run = startTimed([process.execPath, '-e', "console.error('no such luck'); process.exit(3)"]);
  await expect(watchTree(run.pid, run.finished)).rejects.toThrow(/ended with 3:\s+no such luck/);
});
