import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fetchPlan, publishPlan } from '../../../src/batch/plan/bucket-plan.js';
import { type PlanVideo, readPlan, writePlan } from '../../../src/batch/plan/plan-file.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = await temporaryFolder();
const VIDEOS = 3000;

/** A plan's lines, long enough that a copy takes several steps. */
const videosOf = (what: string): PlanVideo[] =>
  Array.from({ length: VIDEOS }, (_, at) => ({
    ...{ part: 1, path: `/clips/${what}/${at}.mp4`, given: 'clips', name: `${what}/${at}` },
    ...{ bytes: 1, frames: null, width: null, height: null, work: 1 },
  }));
const write = (what: string) => async (outDir: string) => {
  const header = { tool: { name: 'bodyscript', version: '1' }, madeAt: '2026-01-01', parts: 1, videos: VIDEOS };
  await writePlan(outDir, header, videosOf(what));
};

/** A place of results, as a bucket is one, and two commands with one scratch folder. */
async function placeNamed(name: string) {
  const [place, localDir] = [join(folder, name, 'bucket'), join(folder, name, 'scratch')];
  await mkdir(place, { recursive: true });
  return { place, localDir, overwrite: false };
}

async function namesIn(outDir: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of readPlan(outDir)) names.push(name);
  return names;
}

test('commands with one scratch folder that fetch a plan at once each read all of it', async () => {
  const destination = await placeNamed('fetched');
  await publishPlan(destination, write('a'));
  const parts = Array.from({ length: 8 }, async () => {
    expect(await fetchPlan(destination)).toBe(true);
    return namesIn(destination.localDir);
  });
  for (const names of await Promise.all(parts)) expect(names).toHaveLength(VIDEOS);
  expect(await readdir(join(destination.localDir, '.bodyscript'))).toEqual(['plan.ndjson']);
});

test('a plan is uploaded as it was written, whatever another command does with the copy meanwhile', async () => {
  const destination = await placeNamed('published');
  await publishPlan(destination, write('a'));
  await publishPlan(destination, async outDir => {
    await write('b')(outDir);
    await fetchPlan(destination); // Another command copies the plan of before.
  });
  for (const outDir of [destination.place, destination.localDir]) expect((await namesIn(outDir))[0]).toBe('b/0');
  expect(await readdir(join(destination.localDir, '.bodyscript'))).toEqual(['plan.ndjson']);
});
