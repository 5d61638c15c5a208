import { copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const FAST = ['--model', 'lite', '--mode', 'track', '--max-frames', '4', '--no-overlay'];
const at = (...names: string[]) => join(folder, ...names);

beforeAll(async () => {
  for (const [name, sample] of [
    ['one', 'wave'],
    ['two', 'crossing'],
  ] as const) {
    await mkdir(at(name));
    await copyFile(join(SAMPLES, `${sample}.mp4`), at(name, 'walk.mp4'));
  }
});

/** Makes the plan of a folder as if no other one were there, and runs its only part. */
async function planAndRun(clips: string, out: string, ...more: string[]) {
  await rm(join(out, '.bodyscript', 'plan.ndjson'), { force: true });
  expect((await runCli(['plan', at(clips), '-o', out, '--parts', '1'])).code).toBe(0);
  return runCli(['analyze', '--plan', out, '--part', '1', ...FAST, ...more]);
}

test.each([
  ['with a ledger', []],
  ['without a ledger', ['--no-ledger']],
])(
  'two plans that give one name to two videos, %s: the second video is refused, and nothing overwritten',
  async (name, more) => {
    const out = at(name);
    expect((await planAndRun('one', out, ...more)).code).toBe(0);
    const files = async () => Promise.all(['walk.csv', 'walk.run.json'].map(file => readFile(join(out, file), 'utf8')));
    const before = await files();
    const { code, stderr } = await planAndRun('two', out, ...more);
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/OUTPUT_TAKEN.*--out.*--overwrite|OUTPUT_TAKEN.*--overwrite.*--out/),
    ]);
    expect(stderr).toContain(at('one', 'walk.mp4')); // Whose results they are.
    expect(await files()).toEqual(before);
    expect((await readdir(out)).filter(file => file.endsWith('.partial'))).toEqual([]);
  },
);
