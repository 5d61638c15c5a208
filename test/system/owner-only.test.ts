import { chmod, chown, lstat, mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { CheckedFile } from '../../src/system/checked-file.js';
import { sha256 } from '../../src/system/file-hash.js';
import { keepInCache, ownerOnly } from '../../src/system/owner-only.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const IS_ROOT = process.getuid?.() === 0;
const NOBODY = 65_534;

const folder = await temporaryFolder();
let above = '';
let cache = '';
let file = '';
let count = 0;

beforeEach(async () => {
  above = join(folder, `home-${count++}`);
  cache = join(above, 'cache');
  file = join(cache, 'model.onnx');
  await mkdir(cache, { recursive: true, mode: 0o755 });
  await writeFile(file, 'network', { mode: 0o644 });
});

const look = () => ownerOnly(file, cache);
const UNSAFE = { code: 'CACHE_UNSAFE', exitCode: 1, remedy: expect.stringContaining('BODYSCRIPT_CACHE') };

describe.skipIf(process.platform === 'win32')('a file in the cache', () => {
  test('that only its owner can change may be loaded by its path', async () => {
    expect(await look()).toMatchObject({ isFixed: true });
  });

  test('is undefined if it, or the cache, does not exist or is unreachable', async () => {
    expect(await ownerOnly(join(cache, 'other'), cache)).toBeUndefined();
    expect(await ownerOnly(join(above, 'none', 'model.onnx'), join(above, 'none'))).toBeUndefined();
    expect(await ownerOnly(join(file, 'below', 'model.onnx'), join(file, 'below'))).toBeUndefined();
  });

  test('is rejected if anyone may write the folder or the file, with the command that fixes it', async () => {
    await chmod(cache, 0o777);
    await expect(look()).rejects.toMatchObject({
      ...UNSAFE,
      remedy: expect.stringMatching(/^Run chmod -R go-w '.*cache'/),
    });
    await chmod(cache, 0o1777); // The sticky bit still lets others add files.
    await expect(look()).rejects.toMatchObject(UNSAFE);
    await expect(ownerOnly(join(cache, 'other'), cache)).rejects.toMatchObject(UNSAFE);
    await chmod(cache, 0o755);
    await chmod(file, 0o666);
    await expect(look()).rejects.toMatchObject({ ...UNSAFE, message: expect.stringContaining('model.onnx') });
  });

  test('is rejected if it is in a folder of the cache that others may write', async () => {
    const inner = join(cache, 'graphs');
    await mkdir(inner);
    await writeFile(join(inner, 'a.onnx'), '');
    expect(await ownerOnly(join(inner, 'a.onnx'), cache)).toMatchObject({ isFixed: true });
    await chmod(inner, 0o777);
    await expect(ownerOnly(join(inner, 'a.onnx'), cache)).rejects.toMatchObject(UNSAFE);
  });

  test('is rejected if it is a link or not a regular file', async () => {
    await writeFile(join(above, 'elsewhere'), 'network');
    await symlink(join(above, 'elsewhere'), join(cache, 'link.onnx'));
    await expect(ownerOnly(join(cache, 'link.onnx'), cache)).rejects.toMatchObject(UNSAFE);
    await mkdir(join(cache, 'folder.onnx'));
    await expect(ownerOnly(join(cache, 'folder.onnx'), cache)).rejects.toMatchObject(UNSAFE);
  });

  test('is found through a link to the cache, whose real folders are then checked', async () => {
    const link = join(above, 'link');
    await symlink(cache, link);
    expect(await ownerOnly(join(link, 'model.onnx'), link)).toMatchObject({ path: file, isFixed: true });
    await chmod(cache, 0o777);
    await expect(ownerOnly(join(link, 'model.onnx'), link)).rejects.toMatchObject(UNSAFE);
  });

  test('is not fixed if a parent folder lets others replace the cache', async () => {
    await chmod(above, 0o777);
    expect(await look()).toMatchObject({ isFixed: false });
    await chmod(above, 0o1777); // Like /tmp: others may add, but not move.
    expect(await look()).toMatchObject({ isFixed: true });
  });

  test.skipIf(!IS_ROOT)(
    "is refused where another user owns it; another's folder above makes it not fixed",
    async () => {
      await chown(above, NOBODY, NOBODY);
      expect(await look()).toMatchObject({ isFixed: false });
      await chown(cache, NOBODY, NOBODY);
      await expect(look()).rejects.toMatchObject({ ...UNSAFE, message: expect.stringContaining(`user ${NOBODY}`) });
      await chown(cache, 0, 0);
      await chown(file, NOBODY, NOBODY);
      await expect(look()).rejects.toMatchObject(UNSAFE);
    },
  );

  test.skipIf(!IS_ROOT)("may be written by the user's own private group (umask 002), but by no other", async () => {
    await chmod(cache, 0o775);
    await chmod(file, 0o664);
    expect(await look()).toMatchObject({ isFixed: true });
    await chown(file, 0, NOBODY);
    await expect(look()).rejects.toMatchObject({ ...UNSAFE, message: expect.stringContaining('group') });
  });

  test("is stored as its owner's alone, complete, and replaces a link", async () => {
    const kept = join(above, 'new', 'deeper', 'model.onnx');
    await keepInCache(kept, Buffer.from('bytes'));
    expect((await lstat(kept)).mode & 0o777).toBe(0o600);
    expect((await lstat(join(above, 'new', 'deeper'))).mode & 0o777).toBe(0o700);
    await writeFile(join(above, 'victim'), 'precious');
    await symlink(join(above, 'victim'), join(cache, 'taken.onnx'));
    await keepInCache(join(cache, 'taken.onnx'), Buffer.from('bytes'));
    expect(await readFile(join(above, 'victim'), 'utf8')).toBe('precious');
    expect(await readFile(join(cache, 'taken.onnx'), 'utf8')).toBe('bytes');
  });
});

describe('a checked file', () => {
  const HASH = sha256('network');

  test('is one with the right bytes', async () => {
    expect(await CheckedFile.open(file, HASH)).toMatchObject({ path: file });
    expect(await CheckedFile.open(file, sha256('another'))).toBeUndefined();
  });

  test('notices that it was written, replaced or removed since', async () => {
    const checked = (await CheckedFile.open(file, HASH)) as CheckedFile;
    expect(await checked.isUnchanged()).toBe(true);
    await sleep(20); // Older kernels count a file's times in steps of 4 ms.
    await writeFile(file, 'NETWORK');
    expect(await checked.isUnchanged()).toBe(false);
    await writeFile(file, 'network');
    await sleep(20);
    const again = (await CheckedFile.open(file, HASH)) as CheckedFile;
    await rename(file, `${file}.away`);
    expect(await again.isUnchanged()).toBe(false);
    await writeFile(file, 'network');
    expect(await again.isUnchanged()).toBe(false);
  });
});
