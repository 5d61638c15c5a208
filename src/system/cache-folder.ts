import { isAbsolute, join, resolve } from 'node:path';

/** What to do if there is no cache. */
export const CACHE_REMEDY = 'set BODYSCRIPT_CACHE to a folder of your own';

/** The user's own cache folder. */
const ofUser = await userCache();

/**
 * The folder for files that can be recreated: `BODYSCRIPT_CACHE`, otherwise the user's cache folder (`XDG_CACHE_HOME`
 * on Linux). Undefined if the user has no home, like a bare user number in a container.
 */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  if (environment.BODYSCRIPT_CACHE) return resolve(environment.BODYSCRIPT_CACHE);
  if (environment.XDG_CACHE_HOME) return join(resolve(environment.XDG_CACHE_HOME), 'bodyscript');
  return ofUser;
}

/** The path of a file in the cache; undefined if there is no cache. */
export function cachePath(name: string): string | undefined {
  const folder = cacheFolder();
  return folder === undefined ? undefined : join(folder, name);
}

/** env-paths looks up the home folder on import, and the system may have none. */
async function userCache(): Promise<string | undefined> {
  try {
    const { default: envPaths } = await import('env-paths');
    const { cache } = envPaths('bodyscript', { suffix: '' });
    // An empty HOME would put the cache into the current folder.
    return isAbsolute(cache) ? cache : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SYSTEM_ERROR') return undefined;
    throw error;
  }
}
