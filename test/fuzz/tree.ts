import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** The entry at each path below a folder: type, content, permissions. Folders that may change are left out. */
export async function snapshotTree(root: string, mayChange: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  await walk(root, root, mayChange, found);
  return found;
}

async function walk(
  root: string,
  folder: string,
  mayChange: readonly string[],
  found: Map<string, string>,
): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (mayChange.includes(path)) continue;
    const stats = await lstat(path);
    found.set(relative(root, path), await describe(path, stats));
    if (stats.isDirectory()) await walk(root, path, mayChange, found);
  }
}

async function describe(path: string, stats: Awaited<ReturnType<typeof lstat>>): Promise<string> {
  const mode = (Number(stats.mode) & 0o777).toString(8);
  if (stats.isSymbolicLink()) return `link to ${await readlink(path)}`;
  if (stats.isDirectory()) return `folder ${mode}`;
  if (!stats.isFile()) return `special file ${mode}`;
  const hash = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  return `file ${mode}, ${stats.size} bytes, ${hash.slice(0, 16)}`;
}

/** The differences between two snapshots, one per line. */
export function treeChanges(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths
    .filter(path => before.get(path) !== after.get(path))
    .map(path => `${path}: ${before.get(path) ?? 'nothing'}, then ${after.get(path) ?? 'nothing'}`);
}
