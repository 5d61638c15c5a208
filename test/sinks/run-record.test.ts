import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type RunRecord, writeRecordDraft } from '../../src/sinks/run-record.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();

test('a draft is there whole or not at all, and the one before stays until then', async () => {
  const path = join(folder, 'walk.run.json');
  await writeFile(`${path}.partial`, '{"status":"running"}');
  await mkdir(`${path}.partial.tmp`); // In the way of the new one.
  const record = { status: 'done' } as RunRecord;
  await expect(writeRecordDraft(path, record)).rejects.toMatchObject({ code: 'OUTPUT_NOT_WRITABLE' });
  expect(await readFile(`${path}.partial`, 'utf8')).toBe('{"status":"running"}');
});
