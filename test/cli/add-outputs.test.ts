import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const WAVE = new URL('../../samples/wave.mp4', import.meta.url).pathname;
const OTHER = new URL('../../samples/squat.mp4', import.meta.url).pathname;
const NO_ENGINE = {
  NODE_OPTIONS: `--require ${fileURLToPath(new URL('../support/no-engine.cjs', import.meta.url))}`,
};
const CLIPS = ['a', 'b', 'c'];
const SOME_FRAMES = ['--model', 'lite', '--mode', 'track', '--max-frames', '12', '--no-overlay'];

async function clips(): Promise<{ folder: string; results: string }> {
  const folder = join(await temporaryFolder(), 'clips');
  await mkdir(folder);
  for (const name of CLIPS) await copyFile(WAVE, join(folder, `${name}.mp4`));
  return { folder, results: join(folder, '..', 'results') };
}

async function records(results: string): Promise<Record<string, unknown>[]> {
  return Promise.all(CLIPS.map(async name => JSON.parse(await readFile(join(results, `${name}.run.json`), 'utf8'))));
}

test('outputs added to a folder of analysed clips are made without an engine', async () => {
  const { folder, results } = await clips();
  const other = ['analyze', WAVE, '-o', join(folder, '..', 'other'), ...SOME_FRAMES];
  expect((await runCli(other, { env: NO_ENGINE })).stderr).toContain('an engine was opened');
  const command = ['analyze', folder, '-o', results, ...SOME_FRAMES];
  expect(await runCli(command)).toMatchObject({ code: 0 });
  const before = await records(results);
  const added = [...command, '--jobs', '2', '--plots', '--angles', '--export', 'trc'];
  const adding = await runCli(added, { env: NO_ENGINE });
  expect(adding).toMatchObject({ code: 0 });
  expect(adding.stderr).toContain('a.mp4: added angles, plots, trc from its table, without analysis');
  const after = await records(results);
  expect(after.map(({ startedAt, seconds }) => [startedAt, seconds])).toEqual(
    before.map(({ startedAt, seconds }) => [startedAt, seconds]),
  );
  for (const { outputs } of after as { outputs: string[] }[]) expect(outputs).toHaveLength(6);
  // Now it is done, as it was before with fewer outputs.
  expect((await runCli(added)).stderr).toMatch(/done already|skipped/);
  expect(await runCli(command, { env: NO_ENGINE })).toMatchObject({ code: 0 });
}, 90_000);

test('outputs are added from another working folder, by a path other than that in the record', async () => {
  const folder = await temporaryFolder();
  await copyFile(WAVE, join(folder, 'walk.mp4'));
  expect(await runCli(['walk.mp4', '-o', 'r', ...SOME_FRAMES], { cwd: folder })).toMatchObject({ code: 0 });
  const elsewhere = await temporaryFolder();
  const command = [join(folder, 'walk.mp4'), '-o', join(folder, 'r'), ...SOME_FRAMES, '--angles'];
  const adding = await runCli(command, { cwd: elsewhere, env: NO_ENGINE });
  expect(adding).toMatchObject({ code: 0 });
  expect(adding.stderr).toMatch(/added later +angles: from the table, without analysis/);
  // Another video of the same name is still not the owner.
  await copyFile(OTHER, join(elsewhere, 'walk.mp4'));
  const other = await runCli(['walk.mp4', ...command.slice(1)], { cwd: elsewhere });
  expect(other.code).not.toBe(0);
  expect(other.stderr).toMatch(/belongs to the results of .*walk\.mp4/);
}, 90_000);

test('the summary of one video says which outputs were added to an earlier analysis', async () => {
  const results = await temporaryFolder();
  const command = ['analyze', WAVE, '-o', results, ...SOME_FRAMES];
  expect((await runCli(command)).stdout + (await runCli(command)).stderr).not.toContain('added later');
  const { code, stdout, stderr } = await runCli([...command, '--angles', '--quality']);
  expect([code, `${stdout}${stderr}`]).toEqual([
    0,
    expect.stringMatching(/added later +angles, quality: from the table/),
  ]);
}, 60_000);
