import { fileURLToPath } from 'node:url';
import { cacheIsFixed } from '../../../system/owner-only.js';
import { runProgram } from '../../../system/run-program.js';
import type { NetworkName } from '../network-catalogue.js';
import { findMapped, type MappedNetwork } from './mapped-files.js';

/** Compiled; a test that runs this file uncompiled starts it the same way. */
const MAKER_FILE = fileURLToPath(new URL('./maker-process.js', import.meta.url)).replace(
  /([\\/])src([\\/]engine[\\/]native[\\/])/,
  '$1dist$2',
);
const MOVABLE = 'other users can change the folder of the cache';
const MADE_WITHIN_MS = 300_000;
const MAKER_FLAGS = ['--max-semi-space-size=1'];
/** Returns freed memory at once (glibc). */
const FOR_MAKER = { MALLOC_MMAP_THRESHOLD_: '1048576', MALLOC_TRIM_THRESHOLD_: '1048576' };

/** Networks in their mapped form, or why mapping is impossible. */
export type Prepared =
  | { readonly networks: ReadonlyMap<NetworkName, MappedNetwork>; readonly failure?: undefined }
  | { readonly networks?: undefined; readonly failure: string };

/**
 * Finds networks in the cache. A separate process makes the absent ones first.
 * @param key of `machineKey`
 * @throws BodyscriptError `CACHE_UNSAFE`
 */
export async function prepareMapped(key: string, names: readonly NetworkName[]): Promise<Prepared> {
  const found = await findAll(key, names);
  const missing = names.filter(name => !found.has(name));
  if (missing.length === 0) return { networks: found };
  // Checked first, or each run would make them in vain.
  if (!(await cacheIsFixed())) return { failure: MOVABLE };
  const args = [...MAKER_FLAGS, MAKER_FILE, key, ...missing];
  const { exitCode, stdout } = await runProgram(process.execPath, args, MADE_WITHIN_MS, { environment: FOR_MAKER });
  if (stdout !== '') return { failure: stdout };
  if (exitCode !== 0) return { failure: 'the process that makes them was killed' };
  const all = await findAll(key, names);
  return all.size === names.length ? { networks: all } : { failure: 'the cache could not store them' };
}

async function findAll(key: string, names: readonly NetworkName[]): Promise<Map<NetworkName, MappedNetwork>> {
  const found = new Map<NetworkName, MappedNetwork>();
  for (const name of names) {
    const network = await findMapped(key, name);
    if (network) found.set(name, network);
  }
  return found;
}
