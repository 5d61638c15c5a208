import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Staging } from '../../src/batch/staging.js';
import { toAnalyzeOptions } from '../../src/options/analyze-options.js';
import { ANALYZE } from '../../src/options/analyze-table.js';
import { resolveOptions } from '../../src/options/resolve.js';
import { jobId, newJob, readJob } from '../../src/queue/job-data.js';
import { piecesOf } from '../../src/queue/pieces.js';
import { makeLongClip } from '../support/long-clip.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const signal = new AbortController().signal;
const optionsOf = (values: Record<string, unknown>) =>
  toAnalyzeOptions(resolveOptions(ANALYZE, [{ source: 'the test', nameOf: String, values }]));
const USUAL = optionsOf({});
const pieces = (path: string, values: Record<string, unknown>) =>
  piecesOf(path, optionsOf(values), new Staging(undefined), signal);
const FIELDS = {
  ...{ path: resolve('walk.mp4'), outDir: resolve('results'), name: 'walk', bytes: 7, modified: 1e12, etag: null },
  ...{ options: { segments: 'auto' }, force: false, retryFailed: false, submittedAt: 1 },
};

describe('jobs for pieces of a video', () => {
  test('have ids of their own, and are read back', async () => {
    const ranges = [undefined, { from: 0, to: 3 }, { from: 4, to: 7 }];
    const jobs = ranges.map(piece => newJob(piece ? { ...FIELDS, piece } : FIELDS));
    expect(new Set(jobs.map(job => jobId(job, USUAL))).size).toBe(3);
    for (const [at, job] of jobs.entries()) {
      const read = await readJob(JSON.parse(JSON.stringify(job)), USUAL.machine);
      expect([read.jobVersion, read.piece]).toEqual([at === 0 ? 1 : 2, ranges[at]]);
      expect(read.analysis.analysis.segments).toBe('auto');
    }
  });

  test('do not change jobs for whole videos: those of before are still read', async () => {
    const { etag: _, ...before } = newJob(FIELDS);
    expect(await readJob(before, USUAL.machine)).toMatchObject({ path: FIELDS.path, etag: null });
  });

  test.each([
    ['a negative segment', { from: -1, to: 2 }],
    ['half a segment', { from: 0, to: 1.5 }],
    ['no end', { from: 0, to: 2 ** 40 }],
  ])('are refused with %s', async (_, piece) => {
    const job = { ...newJob(FIELDS), jobVersion: 2, piece };
    await expect(readJob(job, USUAL.machine)).rejects.toMatchObject({ code: 'JOB_INVALID' });
  });

  test('divide a long video into about equal groups, and leave others whole', async () => {
    const clip = `${folder}/walk.mp4`;
    await makeLongClip(clip, 130);
    expect(await pieces(clip, { segments: 2 })).toEqual([
      { from: 0, to: 2 },
      { from: 3, to: 4 },
    ]);
    for (const values of [{}, { segments: 'auto' }, { segments: 2, maxFrames: 9 }, { segments: 2, every: 2 }])
      expect(await pieces(clip, values)).toEqual([undefined]);
    expect(await pieces(`${folder}/no.mp4`, { segments: 2 })).toEqual([undefined]);
    // Their length decides nothing here, so that nothing is downloaded.
    for (const values of [{}, { segments: 2, maxFrames: 9 }])
      expect(await pieces('s3://lab/walk.mp4', values)).toEqual([undefined]);
  });
});
