import { lstat, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStart } from './own-file.js';
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.js';

/** The file in such a folder that names its owner process. */
const OWNER = 'owner.json';
const MOST_BYTES = 4096;
/** A folder gets its owner at once; one that has none for this long belongs to a process that was killed in between. */
const UNNAMED_MS = 24 * 60 * 60 * 1000;

/**
 * A folder among the system's temporary ones that names its owner, so that a later run can remove the leftovers of a
 * killed process. This removes such leftovers, only those of this user.
 * @param prefix of the folder's name: of all such folders, and of no others
 */
export async function makeTemporaryFolder(prefix: string): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  const remove = () => rm(path, { recursive: true, force: true });
  try {
    const { mtimeMs } = await lstat(path);
    await writeFile(join(path, OWNER), JSON.stringify(identifyProcess()));
    await removeLeftovers(prefix, mtimeMs);
  } catch (error) {
    await remove();
    throw error;
  }
  return { path, [Symbol.asyncDispose]: remove };
}

/** @param now by the clock of the file system, which the machines that share it may not have */
async function removeLeftovers(prefix: string, now: number): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names.filter(other => other.startsWith(prefix))) {
    const path = join(tmpdir(), name);
    // A folder that cannot be removed is not a reason to fail: the run needs another one.
    if (await isLeftover(path, now)) await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

/** Whether the process that made a folder is known to have ended: unknown for those of other machines. */
async function isLeftover(path: string, now: number): Promise<boolean> {
  try {
    const folder = await lstat(path);
    if (!folder.isDirectory() || folder.uid !== (process.getuid?.() ?? folder.uid)) return false;
    const owner = await readStart(join(path, OWNER), MOST_BYTES);
    if (owner === '') return now - folder.mtimeMs > UNNAMED_MS;
    return isRunning(JSON.parse(owner) as ProcessIdentity) === false;
  } catch {
    return false;
  }
}
