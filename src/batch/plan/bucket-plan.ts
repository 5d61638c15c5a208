import { mkdtemp, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { BodyscriptError } from '../../errors.js';
import { keyBelow } from '../../storage/address.js';
import { download } from '../../storage/download.js';
import { openStore, type StorePlace } from '../../storage/open-store.js';
import { makeFolder } from '../../system/make-folder.js';
import { temporaryBeside } from '../../system/own-file.js';
import { renameOver } from '../../system/rename-over.js';
import { type Destination, shownAt } from '../staging.js';
import { planPath, readPlan } from './plan-file.js';

/** A plan of a hundred thousand videos has about 50 MB. */
const LARGEST_BYTES = 2 ** 30;

/**
 * Copies the plan of a prefix to where its results wait for their upload, and checks all of it; where the prefix has
 * none, the copy of an earlier plan is removed.
 * @returns whether it has one
 * @throws BodyscriptError `PLAN_INVALID`, `STORAGE_*`
 */
export async function fetchPlan(destination: Destination, signal?: AbortSignal): Promise<boolean> {
  const { store, key } = await planObject(destination);
  const file = planPath(destination.localDir);
  const found = await store.head(key, signal);
  if (!found) {
    await rm(file, { force: true });
    return false;
  }
  if (found.bytes > LARGEST_BYTES) {
    throw new BodyscriptError('PLAN_INVALID', `${store.name}${key}: too large for a plan`, {
      remedy: 'Make a new plan.',
    });
  }
  await makeFolder(dirname(file), 0o700);
  await replaceCopy(file, copy => download(store, found, copy, signal));
  await named(destination, async () => {
    for await (const _ of readPlan(destination.localDir)) signal?.throwIfAborted();
  });
  return true;
}

/**
 * Writes the plan of a prefix, and uploads it. Until then it is in a folder of its own: another command of the same
 * scratch folder may replace the copy of the prefix's plan meanwhile.
 * @param write writes the plan for a folder of results
 * @throws BodyscriptError `STORAGE_*`, and as `write` does
 */
export async function publishPlan(
  destination: Destination,
  write: (outDir: string) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const { store, key } = await planObject(destination);
  const file = planPath(destination.localDir);
  await makeFolder(dirname(file), 0o700);
  const own = await mkdtemp(join(dirname(file), 'plan-'));
  try {
    await write(own);
    await store.put(key, { file: planPath(own) }, { signal });
    await renameOver(planPath(own), file);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

/** Several commands may fetch the same plan at once: each sees a whole copy, its own or another's. */
async function replaceCopy(file: string, write: (copy: string) => Promise<unknown>): Promise<void> {
  const copy = temporaryBeside(file);
  try {
    await write(copy);
    await renameOver(copy, file);
  } finally {
    await rm(copy, { force: true });
  }
}

/** Runs a step whose errors name the copy of a plan, and names the prefix in them instead. */
export async function named<T>(destination: Destination | undefined, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof BodyscriptError) || !destination) throw error;
    const { code, message, remedy, exitCode } = error;
    throw new BodyscriptError(code, shownAt(destination, message), {
      ...{ cause: error, exitCode, remedy: shownAt(destination, remedy) },
    });
  }
}

async function planObject({ place, localDir }: Destination): Promise<StorePlace> {
  const { store, key } = await openStore(place);
  return { store, key: keyBelow(key, relative(localDir, planPath(localDir)).split(sep).join('/')) };
}
