import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { SegmentFolder } from '../../../src/analyze/segments/segment-folder.js';
import { TEMPORARY } from '../../../src/batch/ledger/database.js';
import { Ledger } from '../../../src/batch/ledger/ledger.js';
import { segmentsPath } from '../../../src/batch/own-folder.js';
import { type PlanVideo, writePlan } from '../../../src/batch/plan/plan-file.js';
import { unjoinedVideos } from '../../../src/batch/plan/unjoined.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = await temporaryFolder();

test.each([
  ['a file', resolve('clips/walk.mp4')],
  ['an object of a bucket, in a copy of its results', 's3://lab/clips/walk.mp4'],
])('a video in segments that nobody has joined is named, until it is done: %s', async (_, path) => {
  const outDir = join(folder, encodeURIComponent(path).slice(0, 10));
  await mkdir(outDir);
  const video = { path, given: path, name: 'walk', bytes: 1, frames: 1, width: 1, height: 1, work: 1 };
  const pieces: PlanVideo[] = [
    { ...video, part: 2, piece: { from: 0, to: 1 } },
    { ...video, part: 1, piece: { from: 2, to: 3 } },
  ];
  const header = { tool: { name: 'bodyscript', version: '0' }, madeAt: 'now', parts: 2, videos: 1, segments: 'on' };
  await writePlan(outDir, header as Parameters<typeof writePlan>[1], pieces);
  const shelf = new SegmentFolder(outDir, segmentsPath(outDir, 'walk'));
  for (const index of [0, 2, 3]) await shelf.write({ key: 'ab', index }, Buffer.from('a segment'));
  using ledger = new Ledger(TEMPORARY);
  const db = ledger.database;
  const insert = 'INSERT INTO jobs (path, name, queued_at, state) VALUES (?, ?, ?, ?)';
  expect(await unjoinedVideos(db, outDir)).toEqual([{ path, segments: 4, stored: 3, openParts: [2], firstPart: 2 }]);
  db.run(insert, path, 'walk', 1, 'done');
  expect(await unjoinedVideos(db, outDir)).toEqual([]);
});
