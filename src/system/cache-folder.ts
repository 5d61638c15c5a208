import { join, resolve } from 'node:path';
import envPaths from 'env-paths';

/** The folder for files that can be made again: `BODYSCRIPT_CACHE`, else the user's cache folder (`XDG_CACHE_HOME` on Linux). */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.BODYSCRIPT_CACHE) return resolve(environment.BODYSCRIPT_CACHE);
  if (environment.XDG_CACHE_HOME) return join(resolve(environment.XDG_CACHE_HOME), 'bodyscript');
  return envPaths('bodyscript', { suffix: '' }).cache;
}
