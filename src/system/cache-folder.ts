import { isAbsolute, join, resolve } from 'node:path';

/** What to do where there is no cache. */
export const CACHE_REMEDY = 'set BODYSCRIPT_CACHE to a folder of your own';

/** The user's own cache folder. */
const ofUser = await userCache();

/**
 * The folder for files that can be made again: `BODYSCRIPT_CACHE`, else the user's cache folder (`XDG_CACHE_HOME` on
 * Linux). Undefined where the user has no home, as a bare user number in a container has none.
 */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  if (environment.BODYSCRIPT_CACHE) return resolve(environment.BODYSCRIPT_CACHE);
  if (environment.XDG_CACHE_HOME) return join(resolve(environment.XDG_CACHE_HOME), 'bodyscript');
  return ofUser;
}

/** The path of a file in the cache; undefined where there is no cache. */
export function cachePath(name: string): string | undefined {
  const folder = cacheFolder();
  return folder === undefined ? undefined : join(folder, name);
}

/** env-paths asks for the home when it is loaded, and the system's answer may be that there is none. */
async function userCache(): Promise<string | undefined> {
  try {
    const { default: envPaths } = await import('env-paths');
    const { cache } = envPaths('bodyscript', { suffix: '' });
    // An empty HOME would put the cache into the folder where the program was started.
    return isAbsolute(cache) ? cache : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SYSTEM_ERROR') return undefined;
    throw error;
  }
}
