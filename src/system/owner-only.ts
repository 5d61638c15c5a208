import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstat, open, readFile, realpath, rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { BodyscriptError, systemErrorCode } from '../errors.js';
import { cacheFolder } from './cache-folder.js';
import { makeFolder } from './make-folder.js';
import { renameOver } from './rename-over.js';

/** A file in the cache that only this user and root can change. */
export interface OwnedFile {
  /** Its real path, in which no part is a link. */
  readonly path: string;
  /**
   * Whether other users cannot replace the whole cache either. If they can, since they own a parent folder or it is
   * open to all, trust only bytes that were read once and hashed: do not load the file by its path.
   */
  readonly isFixed: boolean;
}

const OTHERS_WRITE = 0o002;
const GROUP_WRITES = 0o020;
const STICKY = 0o1000;
const ROOT = 0;
/** Failures to check a file are reported elsewhere, or only cost a cache. */
const NOT_THERE: readonly (string | undefined)[] = ['ENOENT', 'ENOTDIR', 'EACCES'];

/**
 * Checks that only this user, or root, can change a file in the cache: the cache's folder, its subfolders and the file
 * must belong to them, closed to others for writing, and not be links. Write access by the user's own private group
 * (umask 002) counts as their own. On Windows, whose access lists Node does not read, only links are rejected.
 * @param root the cache's folder; its path may contain links
 * @returns undefined if the file does not exist, or is unreachable
 * @throws BodyscriptError `CACHE_UNSAFE`
 */
export async function ownerOnly(path: string, root = cacheFolder() ?? dirname(path)): Promise<OwnedFile | undefined> {
  try {
    const realRoot = await realpath(root);
    const parts = relative(root, path).split(sep);
    if (!(await lstat(realRoot)).isDirectory()) return undefined;
    let current = realRoot;
    await requireOwn(current, root);
    for (const [index, part] of parts.entries()) {
      current = join(current, part);
      await requireOwn(current, root, index === parts.length - 1 ? 'file' : 'folder');
    }
    return { path: current, isFixed: await isFixed(realRoot) };
  } catch (error) {
    if (NOT_THERE.includes(systemErrorCode(error))) return undefined;
    throw error;
  }
}

/**
 * Stores a file in the cache, readable and writable only by its owner, complete or not at all. Follows no link.
 * @param mode of the file: nothing for others
 */
export async function keepInCache(path: string, content: Uint8Array, mode = 0o600): Promise<void> {
  await makeFolder(dirname(path), 0o700);
  const temporary = `${path}.${randomUUID()}.tmp`;
  const handle = await open(temporary, 'wx', mode);
  try {
    await handle.writeFile(content).finally(() => handle.close());
    await renameOver(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
}

/**
 * Whether other users cannot replace this cache, which is created if it does not exist. A cache that cannot be created
 * is not judged.
 */
export async function cacheIsFixed(root = cacheFolder()): Promise<boolean> {
  if (root === undefined) return false;
  try {
    await makeFolder(root, 0o700);
    return await isFixed(await realpath(root));
  } catch {
    return true;
  }
}

async function requireOwn(path: string, root: string, kind: 'file' | 'folder' = 'folder'): Promise<void> {
  const stats = await lstat(path);
  const fault = stats.isSymbolicLink() ? 'is a link' : await faultOf(stats, kind);
  if (fault === undefined) return;
  throw new BodyscriptError('CACHE_UNSAFE', `${path}: ${fault}, so its contents are not trusted`, {
    remedy: remedyFor(stats, root),
  });
}

async function faultOf(stats: Stats, kind: 'file' | 'folder'): Promise<string | undefined> {
  if (kind === 'file' ? !stats.isFile() : !stats.isDirectory())
    return `is not a ${kind === 'file' ? 'regular file' : 'folder'}`;
  if (isForeign(stats)) return `belongs to user ${stats.uid}, not to you (user ${process.geteuid?.()}) or root`;
  if (anyoneWrites(stats)) return 'is writable by every user of this machine';
  return (await groupWrites(stats)) ? `is writable by group ${stats.gid}` : undefined;
}

function remedyFor(stats: Stats, root: string): string {
  const another = `set BODYSCRIPT_CACHE to a folder of your own`;
  const isOpen = (stats.mode & (OTHERS_WRITE | GROUP_WRITES)) !== 0;
  if (stats.isSymbolicLink() || isForeign(stats) || !isOpen) return `Remove the cache '${root}', or ${another}.`;
  return `Run chmod -R go-w '${root}', or ${another}.`;
}

/**
 * Whether no parent folder lets another user move the cache away. In a folder like /tmp the sticky bit prevents that.
 */
async function isFixed(realRoot: string): Promise<boolean> {
  let folder = realRoot;
  while (dirname(folder) !== folder) {
    folder = dirname(folder);
    const stats = await lstat(folder);
    if (isForeign(stats)) return false;
    if ((stats.mode & STICKY) === 0 && (anyoneWrites(stats) || (await groupWrites(stats)))) return false;
  }
  return true;
}

function isForeign(stats: Stats): boolean {
  const me = process.geteuid?.();
  return me !== undefined && stats.uid !== me && stats.uid !== ROOT;
}

function anyoneWrites(stats: Stats): boolean {
  return process.geteuid !== undefined && (stats.mode & OTHERS_WRITE) !== 0;
}

async function groupWrites(stats: Stats): Promise<boolean> {
  if (process.geteuid === undefined || (stats.mode & GROUP_WRITES) === 0) return false;
  return !(await isPrivateGroup(stats.gid));
}

/** Whether a group is this user's own without other members, as most Linux systems create for each user. */
async function isPrivateGroup(gid: number): Promise<boolean> {
  if (gid !== process.getegid?.()) return false;
  try {
    const { username } = userInfo();
    const groups = (await readFile('/etc/group', 'utf8')).split('\n').map(line => line.split(':'));
    const [name, , , members = ''] = groups.find(([, , id]) => id === String(gid)) ?? [];
    return name === username && members.split(',').every(member => member === '' || member === username);
  } catch {
    return false; // A user without a name, as in containers.
  }
}
