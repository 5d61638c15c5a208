import { lstat, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStart } from './own-file.js';
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.js';

/** The file in such a folder that names the process whose it is. */
const OWNER = 'owner.json';
const MOST_BYTES = 4096;
/** A folder gets its owner at once; one that has none for so long belongs to a process that was killed in between. */
const UNNAMED_MS = 24 * 60 * 60 * 1000;

/**
 * A folder among the system's temporary ones that names its owner, so that a later run can remove what a process left
 * that was killed. Such leftovers are removed here, those of this user alone.
 * @param prefix of the folder's name: of all folders of this kind, and of nothing else
 */
export async function makeTemporaryFolder(prefix: string): Promise<AsyncDisposable & { readonly path: string }> {
  await removeLeftovers(prefix);
  const path = await mkdtemp(join(tmpdir(), prefix));
  const remove = () => rm(path, { recursive: true, force: true });
  try {
    await writeFile(join(path, OWNER), JSON.stringify(identifyProcess()));
  } catch (error) {
    await remove();
    throw error;
  }
  return { path, [Symbol.asyncDispose]: remove };
}

async function removeLeftovers(prefix: string): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names.filter(other => other.startsWith(prefix))) {
    const path = join(tmpdir(), name);
    // A folder that cannot be removed is no reason to fail: the run needs another one.
    if (await isLeftover(path)) await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

/** Whether a process is known to have ended that made a folder: of others than this machine's nothing is known. */
async function isLeftover(path: string): Promise<boolean> {
  try {
    const folder = await lstat(path);
    if (!folder.isDirectory() || folder.uid !== (process.getuid?.() ?? folder.uid)) return false;
    const owner = await readStart(join(path, OWNER), MOST_BYTES);
    if (owner === '') return Date.now() - folder.mtimeMs > UNNAMED_MS;
    return isRunning(JSON.parse(owner) as ProcessIdentity) === false;
  } catch {
    return false;
  }
}
