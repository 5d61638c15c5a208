import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { writeRecordDraft } from '../../src/analyze/write-record.js';
import type { RunRecord } from '../../src/model/run-record.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const run = promisify(execFile);
const folder = await temporaryFolder();

test.skipIf(process.getuid?.() !== 0)(
  'a draft is there whole or not at all, and the one before stays until then',
  async () => {
    const disk = join(folder, 'disk');
    await mkdir(disk);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
    try {
      const path = join(disk, 'walk.run.json');
      await writeFile(`${path}.partial`, '{"status":"running"}');
      const record = { status: 'done', warnings: ['w'.repeat(128 * 1024)] } as unknown as RunRecord;
      await expect(writeRecordDraft(path, record)).rejects.toMatchObject({ code: 'OUTPUT_DISK_FULL' });
      expect(await readFile(`${path}.partial`, 'utf8')).toBe('{"status":"running"}');
      expect(await readdir(disk)).toEqual(['walk.run.json.partial']);
    } finally {
      await run('umount', [disk]);
    }
  },
);

test('links with the names of unfinished records are not followed', async () => {
  const path = join(folder, 'jump.run.json');
  await writeFile(join(folder, 'precious'), 'mine');
  for (const suffix of ['.partial', '.partial.tmp']) await symlink('precious', `${path}${suffix}`);
  await writeRecordDraft(path, { status: 'done' } as RunRecord);
  expect(await readFile(join(folder, 'precious'), 'utf8')).toBe('mine');
});
