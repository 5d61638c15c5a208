import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { access, constants, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, freemem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { CACHED_NETWORKS } from '../engine/native/native-models.js';
import { shortMessage, systemMeaning } from '../errors.js';
import { cacheFolder } from '../system/cache-folder.js';
import { cgroupMemoryLimit } from '../system/memory-limit.js';
import { ownerOnly } from '../system/owner-only.js';
import { refuseSystemFolder } from '../system/system-folder.js';
import { type CheckResult, checked, good } from './check.js';

const OLDEST_NODE = [20, 19] as const;
const MEBIBYTE = 1024 * 1024;
/** Memory for a video of 640x480 with its overlay, rounded up. */
const ENOUGH_MEMORY = 512 * MEBIBYTE;

/** Checks Node, folders, memory and cores. */
export async function checkMachine(outDir: string): Promise<CheckResult[]> {
  return [
    checkNode(),
    await checked('cache', 'missing', undefined, checkCache),
    await checked('output', 'missing', 'choose another folder with --out', () => checkOutput(resolve(outDir))),
    await checkMemory(),
    { name: 'cores', ...good(`${availableParallelism()}`) },
  ];
}

function checkNode(): CheckResult {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isNew = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  if (isNew) return { name: 'node', ...good(`${process.version} (${process.platform}-${process.arch})`) };
  const found = `${process.version}, older than ${OLDEST_NODE.join('.')}`;
  return { name: 'node', health: 'missing', found, fix: 'install Node 22 from https://nodejs.org' };
}

/** Checks the cache of models. @throws BodyscriptError `CACHE_UNSAFE`, which prevents every run */
async function checkCache(): Promise<Omit<CheckResult, 'name'>> {
  const folder = cacheFolder();
  if (folder === undefined) {
    const found = 'none, because this user has no home: each run converts the networks again';
    return { health: 'limited', found, fix: 'set BODYSCRIPT_CACHE to a writable folder' };
  }
  const owned = await Promise.all(CACHED_NETWORKS.map(name => ownerOnly(join(folder, name))));
  if (owned.some(file => file?.isFixed === false)) {
    const found = `${folder}: another user could move it, so the networks are copied into memory: about 50 MB more`;
    return { health: 'limited', found, fix: 'set BODYSCRIPT_CACHE to a folder inside your own folders' };
  }
  try {
    return await checkFolder(folder);
  } catch (error) {
    if (owned.every(file => file !== undefined)) return good(`${folder} is read-only, and holds all networks`);
    const found = `${shortMessage(error)}: each run converts the networks again`;
    return { health: 'limited', found, fix: 'set BODYSCRIPT_CACHE to a writable folder' };
  }
}

async function checkOutput(folder: string): Promise<Omit<CheckResult, 'name'>> {
  await refuseSystemFolder(folder); // A folder could be created in /dev, but no run would write there.
  return checkFolder(folder);
}

/** For a folder that does not exist yet, checks the nearest existing parent. */
async function checkFolder(folder: string): Promise<Omit<CheckResult, 'name'>> {
  let nearest = folder;
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  if (!statSync(nearest).isDirectory()) throw new Error(`${nearest} is a file, not a folder`);
  try {
    await access(nearest, constants.W_OK | constants.X_OK);
    const probe = join(nearest, `.bodyscript-${randomUUID()}`);
    await writeFile(probe, ''); // A read-only disk fails only now.
    await rm(probe);
  } catch (error) {
    throw new Error(`${nearest}: cannot be written (${systemMeaning(error) ?? shortMessage(error)})`, { cause: error });
  }
  return good(nearest === folder ? `${folder} is writable` : `${folder} can be created`);
}

async function checkMemory(): Promise<CheckResult> {
  const limit = await cgroupMemoryLimit();
  const bytes = Math.min(limit?.bytes ?? Number.POSITIVE_INFINITY, freemem());
  const source = limit && limit.bytes === bytes ? limit.source : 'free on this machine';
  const found = `${Math.round(bytes / MEBIBYTE)} MB (${source})`;
  if (bytes >= ENOUGH_MEMORY) return { name: 'memory', ...good(found) };
  return { name: 'memory', health: 'limited', found, fix: 'use --max-size 640, --model lite, --no-overlay' };
}
