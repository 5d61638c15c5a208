import { randomUUID } from 'node:crypto';
import { chmod, lstat, mkdir, open, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { systemErrorCode } from '../../../errors.js';
import { CheckedFile } from '../../../system/checked-file.js';
import { collectGarbage } from '../../../system/collect-garbage.js';
import { sha256, sha256OfFiles } from '../../../system/file-hash.js';
import { makeFolder } from '../../../system/make-folder.js';
import { renameOver } from '../../../system/rename-over.js';
import { type BlazePoseName, type NetworkName, sourceHash } from '../network-catalogue.js';
import { loadOnnxruntime } from '../onnxruntime.js';
import { PERSON_FINDER, PERSON_FINDER_FILE } from '../person-finder.js';
import { convertPackagedApart } from '../portable.js';
import { findMapped, GRAPH_FILE, MANIFEST_FILE, type Manifest, mappedFolder, WEIGHTS_FILE } from './mapped-files.js';

const REMAINS_AFTER_MS = 3_600_000;
/** Exists only in the temporary folder. */
const SOURCE_WEIGHTS = 'source.weights';
/** Smaller constants stay in the graph. */
const SMALLEST_MAPPED_BYTES = 1024;

/**
 * Makes a network's mapped form and keeps it in the cache, complete or not at all. Two processes that do so at once do
 * not disturb each other.
 * @throws BodyscriptError `MODEL_INVALID`, `MODEL_HASH`, and errors of the system or onnxruntime
 */
export async function makeMapped(key: string, name: NetworkName): Promise<void> {
  const folder = mappedFolder(key, name);
  await makeFolder(dirname(folder), 0o700);
  const temporary = `${folder}.${randomUUID()}.tmp`;
  await mkdir(temporary, { mode: 0o700 });
  try {
    await removeRemains(dirname(folder), (await lstat(temporary)).mtimeMs);
    await optimise(name, temporary);
    await giveName(key, name, temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/**
 * Removes leftovers of killed makers. A running one takes a few seconds.
 * @param now by the clock of the file system: several machines may share the folder
 */
async function removeRemains(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const { mtimeMs = Number.POSITIVE_INFINITY } = (await lstat(path).catch(() => undefined)) ?? {};
    const isOld = now - mtimeMs > REMAINS_AFTER_MS;
    if (name.endsWith('.tmp') && isOld) await rm(path, { recursive: true, force: true });
  }
}

async function optimise(name: NetworkName, folder: string): Promise<void> {
  const source = name === PERSON_FINDER ? await shippedSource() : await convertedSource(name, folder);
  await nextTurn();
  collectGarbage(); // The network before conversion.
  const runtime = await loadOnnxruntime();
  const graph = join(folder, GRAPH_FILE);
  const session = await runtime.InferenceSession.create(source.path, {
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    enableCpuMemArena: false,
    optimizedModelFilePath: graph,
    // That a graph fits only this machine is known here, and not worth a message.
    logSeverityLevel: 4,
    extra: {
      session: {
        optimized_model_external_initializers_file_name: WEIGHTS_FILE,
        optimized_model_external_initializers_min_size_in_bytes: String(SMALLEST_MAPPED_BYTES),
      },
    },
  });
  await session.release();
  if (!(await source.isUnchanged())) throw new Error(`${source.path} was changed while it was read`);
  await source.remove();
  const weights = join(folder, WEIGHTS_FILE);
  await Promise.all([graph, weights].map(path => chmod(path, 0o600)));
  const manifest: Manifest = {
    source: sourceHash(name),
    graph: await sha256OfFiles([graph]),
    weights: await sha256OfFiles([weights]),
  };
  await writeFile(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest)}\n`, { flag: 'wx', mode: 0o600 });
}

/** The source of an optimised network. */
interface Source {
  readonly path: string;
  isUnchanged(): Promise<boolean>;
  remove(): Promise<void>;
}

async function shippedSource(): Promise<Source> {
  const file = await checkedFile(PERSON_FINDER_FILE, sourceHash(PERSON_FINDER));
  return { path: file.path, isUnchanged: () => file.isUnchanged(), remove: async () => {} };
}

async function convertedSource(name: BlazePoseName, folder: string): Promise<Source> {
  const [path, weightsPath] = [join(folder, 'source.onnx'), join(folder, SOURCE_WEIGHTS)];
  const file = await open(weightsPath, 'wx', 0o600);
  const { graph, weightsSha256 } = await convertPackagedApart(file, SOURCE_WEIGHTS, name).finally(() => file.close());
  await writeFile(path, graph, { flag: 'wx', mode: 0o600 });
  const files = [await checkedFile(path, sha256(graph)), await checkedFile(weightsPath, weightsSha256)];
  return {
    path,
    isUnchanged: async () => (await Promise.all(files.map(file => file.isUnchanged()))).every(Boolean),
    remove: async () => {
      await Promise.all([path, weightsPath].map(file => rm(file)));
    },
  };
}

async function checkedFile(path: string, hash: string): Promise<CheckedFile> {
  const checked = await CheckedFile.open(path, hash);
  if (!checked) throw new Error(`${path} cannot be read back`);
  return checked;
}

/** Renames the folder. Another process may have been first: its result is equally good, if it is complete. */
async function giveName(key: string, name: NetworkName, temporary: string, folder: string): Promise<void> {
  try {
    await renameOver(temporary, folder);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(systemErrorCode(error) ?? '')) throw error;
    if (await findMapped(key, name)) return;
    await rm(folder, { recursive: true, force: true });
    await renameOver(temporary, folder);
  }
}
