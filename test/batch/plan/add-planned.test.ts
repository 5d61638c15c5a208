import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TEMPORARY } from '../../../src/batch/ledger/database.js';
import { Ledger } from '../../../src/batch/ledger/ledger.js';
import { addPlanned } from '../../../src/batch/plan/add-planned.js';
import { writePlan } from '../../../src/batch/plan/plan-file.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = await temporaryFolder();

test('a planned video that the ledger knows is not added a second time, wherever it is', async () => {
  const paths = ['s3://lab/clips/a.mp4', join(folder, 'b.mp4'), 's3://lab/clips/c.mp4'];
  const size = { frames: null, width: null, height: null, work: 1, bytes: 1 };
  const videos = paths.map((path, at) => ({ part: at + 1, path, given: path, name: `v${at}`, ...size }));
  const tool = { name: 'bodyscript', version: '1' };
  await writePlan(folder, { tool, madeAt: '2026-01-01T00:00:00.000Z', parts: 3, videos: 3 }, videos);
  using ledger = new Ledger(TEMPORARY);
  for (const at of [0, 1]) ledger.reserve(paths[at] ?? '', `v${at}`);
  await addPlanned(ledger.database, folder);
  const rows = [...ledger.database.all('SELECT path FROM jobs ORDER BY name')];
  expect(rows.map(({ path }) => String(path))).toEqual(paths);
});
