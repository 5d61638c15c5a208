import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSource } from '../../src/decode/input.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const isLinux = process.platform === 'linux'; // Elsewhere the system itself opens a name in other characters.

test.runIf(isLinux)('a name with other characters than the file’s is not a spelling variant', async () => {
  await writeFile(join(folder, 'cafe\u0301.mp4'), 'x');
  await writeFile(join(folder, 'GX010001.MP4'), 'x');
  const remedyOf = (name: string) =>
    openSource(join(folder, name)).then(
      () => 'opened',
      ({ code, remedy }) => `${code}: ${remedy}`,
    );
  expect(await remedyOf('caf\u00e9.mp4')).toMatch(/^INPUT_MISSING: .*looks the same .*NFC or NFD/);
  expect(await remedyOf('gx010001.mp4')).toBe(`INPUT_MISSING: Did you mean ${join(folder, 'GX010001.MP4')}?`);
  expect(await remedyOf('other.mp4')).toMatch(/^INPUT_MISSING: Check the spelling/);
});
