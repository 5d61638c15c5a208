import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What only a bucket or a queue needs, with the packages that belong to them. */
const OPTIONAL = /^(bullmq|ioredis|@aws-sdk\/.*|@smithy\/.*|@ioredis\/.*)$/;

/** Whether a path is of a package that only a bucket or a queue needs. */
export function isOptional(path: string): boolean {
  return /node_modules\/(bullmq|ioredis|@aws-sdk|@smithy|@ioredis)\//.test(path);
}

/**
 * Copies the built package, with links to the installed packages.
 * @param isBare whether those are left out that only buckets and queues need
 * @returns its command line
 */
export async function packageCopy(folder: string, isBare: boolean): Promise<string> {
  for (const part of ['bin', 'dist', 'src/help', 'package.json']) {
    await mkdir(dirname(join(folder, part)), { recursive: true });
    await cp(join(ROOT, part), join(folder, part), { recursive: true });
  }
  for (const name of await installed()) {
    if (isBare && OPTIONAL.test(name)) continue;
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(ROOT, 'node_modules', name), link);
  }
  return join(folder, 'bin/bodyscript.js');
}

async function installed(): Promise<string[]> {
  const names = (await readdir(join(ROOT, 'node_modules'))).filter(name => !name.startsWith('.'));
  const all = await Promise.all(
    names.map(async name =>
      name.startsWith('@')
        ? (await readdir(join(ROOT, 'node_modules', name))).map(below => `${name}/${below}`)
        : [name],
    ),
  );
  return all.flat();
}
