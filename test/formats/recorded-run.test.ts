import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkVideoOf, runRecordOf } from '../../src/formats/recorded-run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const RECORD = JSON.parse(await readFile(new URL('../support/run-record.json', import.meta.url), 'utf8')) as {
  input: { bytes: number; sha256: string };
};
const { bytes, sha256 } = RECORD.input;

/** A video with some content. Its hash must not be computed if its size is enough. */
const video = (size: number, hash?: string) => ({
  path: 'x.mp4',
  bytes: size,
  sha256: async () => hash ?? expect.unreachable('a hash of a video of another size'),
});

await writeFile(at('walk.run.json'), JSON.stringify(RECORD));
await writeFile(
  at('other.run.json'),
  JSON.stringify({ ...RECORD, input: { ...RECORD.input, sha256: 'f'.repeat(64) } }),
);
await writeFile(at('piped.run.json'), JSON.stringify({ ...RECORD, input: { ...RECORD.input, sha256: null } }));
await writeFile(at('broken.run.json'), '{');

test('a table finds the record of its run beside it, filtered or not', async () => {
  for (const name of ['walk.csv', 'walk.ndjson', 'walk.filtered.csv'])
    expect((await runRecordOf(at(name)))?.input.sha256).toBe(sha256);
  for (const name of ['run.csv', 'broken.csv', 'walk.run.json', 'walk.txt'])
    expect(await runRecordOf(at(name))).toBeUndefined();
});

test('a video is recognised by its content, whatever its name; if no record knows it, any is accepted', async () => {
  await checkVideoOf([at('walk.csv')], video(bytes, sha256));
  for (const name of ['none.csv', 'broken.csv', 'piped.csv']) await checkVideoOf([at(name)], video(1));
  // One of two tables is of it.
  await checkVideoOf([at('other.csv'), at('walk.csv')], video(bytes, sha256));
});

test('a video of another size or content is rejected, and the analysed one is named', async () => {
  for (const other of [video(bytes + 1), video(bytes, 'e'.repeat(64))]) {
    await expect(checkVideoOf([at('walk.csv')], other)).rejects.toMatchObject({
      code: 'TABLE_INVALID',
      message: expect.stringContaining('was made from another video than x.mp4: its run record names /data/wave.mp4'),
    });
  }
});
