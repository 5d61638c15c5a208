import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { confinePart } from '../../../src/batch/plan/confine.js';
import { writePlan } from '../../../src/batch/plan/plan-file.js';
import { runCli } from '../../support/run-cli.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = await temporaryFolder();
const [clips, out] = [join(folder, 'clips'), join(folder, 'out')];

/** A part for each video, from 1. */
const VIDEOS = [
  join(clips, 'walk.mp4'),
  join(folder, 'secret.mp4'),
  join(clips, 'link.mp4'),
  `${clips}/../secret.mp4`,
  's3://lab/clips/walk.mp4',
  's3://private/walk.mp4',
];

beforeAll(async () => {
  await mkdir(clips);
  for (const path of [join(clips, 'walk.mp4'), join(folder, 'secret.mp4')]) await writeFile(path, 'video');
  await symlink(join(folder, 'secret.mp4'), join(clips, 'link.mp4'));
  const facts = { bytes: 1, frames: null, width: null, height: null, work: 1 };
  const lines = VIDEOS.map((path, at) => ({ part: at + 1, path, given: path, name: `v${at}`, ...facts }));
  const header = { tool: { name: 'bodyscript', version: '1' }, madeAt: 'now', parts: lines.length };
  await writePlan(out, { ...header, videos: lines.length }, lines);
});

/** Which videos may be analysed. */
async function allowed(within: readonly string[], isFromBucket: boolean): Promise<boolean[]> {
  const refused = VIDEOS.map((_, at) =>
    confinePart({ outDir: out, index: at + 1 }, within, isFromBucket).then(
      () => true,
      error => (error.code === 'PLAN_OUTSIDE' ? false : Promise.reject(error)),
    ),
  );
  return Promise.all(refused);
}

test('--within keeps a plan to folders and prefixes, also through links and ".."', async () => {
  expect(await allowed([clips, 's3://lab/clips'], false)).toEqual([true, false, false, false, true, false]);
  expect(await allowed([], false)).toEqual(VIDEOS.map(() => true));
});

test('the plan of a bucket reads no file of this machine, unless --within allows its folder', async () => {
  expect(await allowed([], true)).toEqual([false, false, false, false, true, true]);
  expect(await allowed([clips], true)).toEqual([true, false, false, false, false, false]);
});

test('analyze --plan --within says which video is outside, and how to allow it', async () => {
  const { code, stderr } = await runCli(['analyze', '--plan', out, '--part', '2', '--within', clips]);
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/secret\.mp4: the plan names it, .*outside.*allow the folder/s),
  ]);
  const [alone, absent] = await Promise.all([
    runCli(['analyze', join(clips, 'walk.mp4'), '-o', out, '--within', clips]),
    runCli(['analyze', '--plan', out, '--part', '2', '--within', join(folder, 'none')]),
  ]);
  expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('--within needs --plan')]);
  expect([absent.code, absent.stderr]).toEqual([2, expect.stringContaining('no such folder')]);
});
