import { readFile } from 'node:fs/promises';
import { arch, cpus, platform } from 'node:os';
import { join } from 'node:path';
import { BodyscriptError } from '../../../errors.js';
import { CACHE_REMEDY, cachePath } from '../../../system/cache-folder.js';
import { CheckedFile } from '../../../system/checked-file.js';
import { sha256 } from '../../../system/file-hash.js';
import { ownerOnly } from '../../../system/owner-only.js';
import { type NetworkName, sourceHash } from '../network-catalogue.js';

/**
 * A graph that onnxruntime has optimised for this machine, with its weights in a file beside it, which is mapped into
 * memory rather than copied.
 */
export interface MappedNetwork {
  /** Of the graph, which names its weights. */
  readonly path: string;
  /** Call it after loading: whether the loaded bytes are the hashed ones. */
  isUnchanged(): Promise<boolean>;
}

/** The content of a cache folder for one network. */
export const GRAPH_FILE = 'graph.onnx';
export const WEIGHTS_FILE = 'graph.weights';
export const MANIFEST_FILE = 'manifest.json';

/** Written last: what was built from what. All hashes are SHA-256. */
export interface Manifest {
  /** Of the portable ONNX form that is the graph's source. */
  readonly source: string;
  readonly graph: string;
  readonly weights: string;
}

/** Increase it when other settings produce another graph. */
const FORMAT = 1;
const LONGEST_MANIFEST = 4096;

/**
 * What an optimised graph depends on: one version of onnxruntime on one type of processor. @param version of
 * onnxruntime
 */
export async function machineKey(version: string): Promise<string> {
  const flags = /^(?:flags|Features)\s*:.*$/m.exec(await readFile('/proc/cpuinfo', 'utf8').catch(() => ''))?.[0];
  return sha256(JSON.stringify([FORMAT, version, platform(), arch(), cpus()[0]?.model, flags])).slice(0, 16);
}

/** The folder of one network's files in the cache. @throws BodyscriptError `CACHE_UNSAFE` if there is no cache */
export function mappedFolder(key: string, name: NetworkName): string {
  const folder = cachePath(join(`onnxruntime-${key}`, name));
  if (folder !== undefined) return folder;
  throw new BodyscriptError('CACHE_UNSAFE', 'no cache: this user has no home folder', {
    remedy: `To have one, ${CACHE_REMEDY}.`,
  });
}

/**
 * A network's mapped form, if the cache has it, complete and built from the right network.
 * @returns undefined if it does not, or if other users could replace the cache
 * @throws BodyscriptError `CACHE_UNSAFE`
 */
export async function findMapped(key: string, name: NetworkName): Promise<MappedNetwork | undefined> {
  const folder = mappedFolder(key, name);
  const [manifestFile, graphFile, weightsFile] = await Promise.all(
    [MANIFEST_FILE, GRAPH_FILE, WEIGHTS_FILE].map(file => ownerOnly(join(folder, file))),
  );
  if (!manifestFile?.isFixed || !graphFile || !weightsFile) return undefined;
  const manifest = await readManifest(manifestFile.path);
  if (manifest?.source !== sourceHash(name)) return undefined;
  const graph = await CheckedFile.open(graphFile.path, manifest.graph);
  const weights = await CheckedFile.open(weightsFile.path, manifest.weights);
  if (!graph || !weights) return undefined;
  const isUnchanged = async () => (await graph.isUnchanged()) && (await weights.isUnchanged());
  return { path: graph.path, isUnchanged };
}

async function readManifest(path: string): Promise<Manifest | undefined> {
  try {
    const text = await readFile(path, 'utf8');
    if (text.length > LONGEST_MANIFEST) return undefined;
    const { source, graph, weights } = JSON.parse(text) as Partial<Record<keyof Manifest, unknown>>;
    const areHashes = [source, graph, weights].every(hash => typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash));
    return areHashes ? ({ source, graph, weights } as Manifest) : undefined;
  } catch {
    return undefined;
  }
}
