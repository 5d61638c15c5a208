import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type PlanVideo, planPath, readPlan, readPlanHeader, writePlan } from '../../../src/batch/plan/plan-file.js';
import { openDescriptors } from '../../support/open-descriptors.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = await temporaryFolder();
const HEADER = { tool: { name: 'bodyscript', version: '0.1.0' }, madeAt: '2026-01-01T00:00:00.000Z', parts: 2 };
const VIDEO: PlanVideo = {
  part: 1,
  path: join(folder, 'walk.mp4'),
  given: 'walk.mp4',
  name: 'walk',
  bytes: 10,
  frames: 10,
  width: 640,
  height: 480,
  work: 3,
};
let plans = 0;

async function read(outDir: string): Promise<PlanVideo[]> {
  const videos: PlanVideo[] = [];
  for await (const video of readPlan(outDir)) videos.push(video);
  return videos;
}

/** Writes a plan of the given videos and reads it. */
async function readOf(...videos: Partial<PlanVideo>[]): Promise<PlanVideo[]> {
  const outDir = join(folder, `${plans++}`);
  const all = videos.map(video => ({ ...VIDEO, ...video }));
  await mkdir(dirname(planPath(outDir)), { recursive: true });
  await writePlan(outDir, { ...HEADER, videos: all.length }, all);
  return read(outDir);
}

describe('the file of a plan', () => {
  test('holds its videos, in order', async () => {
    const other = { part: 2, path: 'https://example.org/run.mp4', name: 'a/run', frames: null };
    expect(await readOf({}, other)).toEqual([VIDEO, { ...VIDEO, ...other }]);
  });

  test.runIf(process.platform === 'linux')(
    'is closed after its first line, and where its reader stops early',
    async () => {
      const outDir = join(folder, `${plans}`);
      await readOf({}, { name: 'run', path: join(folder, 'run.mp4') });
      expect((await readPlanHeader(outDir)).parts).toBe(2);
      for await (const { name } of readPlan(outDir)) if (name === 'walk') break;
      expect(openDescriptors(outDir).filter(target => target.startsWith(outDir))).toEqual([]);
    },
  );

  const refused: Readonly<Record<string, [video: Partial<PlanVideo>, what: RegExp]>> = {
    'a name that leads out': [{ name: '../walk' }, /line 2: the name leads out/],
    'an absolute name': [{ name: '/walk' }, /line 2: the name leads out/],
    'a name in the own folder of the program': [{ name: '.bodyscript/ledger' }, /line 2: the name is inside/],
    'a name of a folder': [{ name: 'a/' }, /line 2: the name has an empty part/],
    'a name that names another one': [{ name: 'a/./b' }, /line 2: the name has an empty part/],
    'stdin as a video': [{ path: '-' }, /line 2: the path is relative/],
    'a relative path': [{ path: 'clips/walk.mp4' }, /line 2: the path is relative/],
    'a part beyond the last': [{ part: 3 }, /line 2: part 3 of 2/],
  };
  for (const [what, [video, message]] of Object.entries(refused)) {
    test(`does not contain ${what}`, async () => {
      await expect(readOf(video)).rejects.toMatchObject({
        code: 'PLAN_INVALID',
        message: expect.stringMatching(message),
      });
    });
  }

  test('does not give two videos one name, even in different parts', async () => {
    const second = { part: 2, path: join(folder, 'run.mp4') };
    await expect(readOf({}, second)).rejects.toMatchObject({
      code: 'PLAN_INVALID',
      message: expect.stringMatching(/line 3: a second video has its name/),
    });
  });

  test('does not give one video two names: its part would leave one of them out', async () => {
    await expect(readOf({}, { name: 'again' })).rejects.toMatchObject({
      code: 'PLAN_INVALID',
      message: expect.stringMatching(/line 3: its video has another name in an earlier line/),
    });
  });

  test('gives pieces of one video one name, and each part at most one of them', async () => {
    const [first, second] = [{ piece: { from: 0, to: 3 } }, { part: 2, piece: { from: 4, to: 9 } }];
    expect(await readOf(first, second)).toEqual([
      { ...VIDEO, ...first },
      { ...VIDEO, ...second },
    ]);
    for (const other of [{ ...second, part: 1 }, { part: 2 }, { ...second, path: join(folder, 'run.mp4') }]) {
      await expect(readOf(first, other)).rejects.toMatchObject({
        code: 'PLAN_INVALID',
        message: expect.stringMatching(/line 3: a second video has its name/),
      });
    }
    await expect(readOf({ piece: { from: -1, to: 3 } })).rejects.toMatchObject({ code: 'PLAN_INVALID' });
  });

  test('has the version of before unless it says how segments are analysed; one cut off is refused', async () => {
    const outDir = join(folder, 'versions');
    await mkdir(dirname(planPath(outDir)), { recursive: true });
    await writePlan(outDir, { ...HEADER, videos: 1 }, [VIDEO]);
    expect((await readPlanHeader(outDir)).planVersion).toBe(1);
    await writePlan(outDir, { ...HEADER, videos: 1, segments: 'auto' }, [VIDEO]);
    expect(await readPlanHeader(outDir)).toMatchObject({ planVersion: 2, segments: 'auto', lines: 1 });
    const [head = '', line = ''] = (await readFile(planPath(outDir), 'utf8')).split('\n');
    await writeFile(
      planPath(outDir),
      `${head.replace(',"lines":1', '').replace('"planVersion":2', '"planVersion":1')}\n${line}\n`,
    );
    expect(await read(outDir)).toHaveLength(1);
    await writeFile(planPath(outDir), `${head}\n`);
    await expect(read(outDir)).rejects.toMatchObject({ message: expect.stringMatching(/contains 0 videos/) });
  });

  test('is not read beyond a line that is too long', async () => {
    const outDir = join(folder, 'long');
    await mkdir(dirname(planPath(outDir)), { recursive: true });
    await writeFile(planPath(outDir), `{"a":"${'x'.repeat(4 * 1024 * 1024)}`);
    await expect(read(outDir)).rejects.toMatchObject({
      code: 'PLAN_INVALID',
      message: expect.stringMatching(/line 1 is longer than/),
    });
  });
});
