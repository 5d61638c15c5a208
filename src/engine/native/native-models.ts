import { readFile } from 'node:fs/promises';
import { type Unzipped, unzipSync } from 'fflate';
import { BodyscriptError, shortMessage } from '../../errors.js';
import { cachePath } from '../../system/cache-folder.js';
import { CheckedFile } from '../../system/checked-file.js';
import { sha256 } from '../../system/file-hash.js';
import { keepInCache, ownerOnly } from '../../system/owner-only.js';
import { isModelName, loadTaskFile } from '../models/model-store.js';
import { DETECTOR_IN_TASK, LANDMARKS_IN_TASK, MODEL_NAMES, type ModelName } from '../models/task-bundle.js';
import type { MappedNetwork } from './mapped/mapped-files.js';
import { prepareMapped } from './mapped/prepare-mapped.js';
import {
  BLAZEPOSE,
  type BlazePoseName,
  DETECTOR_OUTPUTS,
  LANDMARK_OUTPUTS,
  type NetworkName,
} from './network-catalogue.js';
import type { NetworkFile, NetworkOnDisk } from './network-file.js';
import { PERSON_FINDER, personFinderFile } from './person-finder.js';
import { convertPackaged } from './portable.js';

/** Where networks in use keep their weights, and why they are not mapped if they are not. */
type WeightsPlace =
  | { readonly weights: 'mapped'; readonly reason?: undefined }
  | { readonly weights: 'copied'; readonly reason: string };

/** A model's networks, ready for onnxruntime. */
export interface NativeModels {
  /** `lite`, `full`, `heavy`, or the path of the user's file. */
  readonly name: string;
  /** Of the landmark network, or of the user's file. */
  readonly sha256: string;
  readonly detector: NetworkFile;
  readonly landmarks: NetworkFile;
  /** The landmark network that refines doubtful poses. */
  readonly refiner: { readonly model: string; readonly modelSha256: string; load(): Promise<NetworkFile> } | undefined;
  /** The network that finds people. */
  loadFinder(): Promise<NetworkFile>;
  readonly place: WeightsPlace;
}

/** How to load networks. */
export interface LoadOptions {
  /** Rejects a model with another hash, hexadecimal. */
  readonly expectedSha256?: string | undefined;
  /** This machine's key, from `machineKey`; if mapping is impossible, undefined with the reason. */
  readonly machine: { readonly key: string } | { readonly key?: undefined; readonly reason: string };
  /** Whether poses will be refined and people searched for: the networks for that are then prepared at once as well. */
  readonly helpers: boolean;
}

/** With `--model auto`. */
const USUAL: ModelName = 'full';
const REFINER: ModelName = 'heavy';

/** The native engine's cache for machines or folders that cannot map networks. */
const portableFile = (name: BlazePoseName) =>
  name === 'detector' ? 'pose_detector.onnx' : `pose_landmarks_${name}.onnx`;
export const CACHED_NETWORKS: readonly string[] = (['detector', ...MODEL_NAMES] as const).map(portableFile);

/** In a `.task` bundle, four times heavy's: a ZIP of a few kilobytes can claim gigabytes. */
const LARGEST_NETWORK_BYTES = 128 * 1024 * 1024;
const PORTABLE_ONLY: LoadOptions = { machine: { reason: 'not requested' }, helpers: false };

/**
 * Loads the networks by name, from the cache or newly built, or from a `.task` file (converted each time).
 * @throws BodyscriptError `MODEL_MISSING`, `MODEL_INVALID`, `MODEL_HASH`, `CACHE_UNSAFE`
 */
export async function loadNativeModels(choice: string, options: LoadOptions = PORTABLE_ONLY): Promise<NativeModels> {
  const models =
    choice === 'auto' || isModelName(choice) ? await loadByName(choice, options) : await loadFromTask(choice);
  const { expectedSha256 } = options;
  if (expectedSha256 !== undefined && models.sha256 !== expectedSha256.toLowerCase()) {
    throw new BodyscriptError(
      'MODEL_HASH',
      `${choice}: the model's SHA-256 is ${models.sha256}, not ${expectedSha256}`,
      { remedy: 'Download the model again from where the hash was published; the native engine hashes its ONNX form.' },
    );
  }
  return models;
}

async function loadByName(choice: ModelName | 'auto', { machine, helpers }: LoadOptions): Promise<NativeModels> {
  const name = choice === 'auto' ? USUAL : choice;
  const later: readonly NetworkName[] = choice === 'auto' ? [REFINER, PERSON_FINDER] : [PERSON_FINDER];
  const now: readonly NetworkName[] = ['detector', name, ...(helpers ? later : [])];
  const { place, load } = await openNetworks(machine, now);
  const refiner = { model: REFINER, modelSha256: BLAZEPOSE[REFINER].sha256, load: () => load(REFINER) };
  return {
    name,
    sha256: BLAZEPOSE[name].sha256,
    detector: await load('detector'),
    landmarks: await load(name),
    refiner: choice === 'auto' ? refiner : undefined,
    loadFinder: () => load(PERSON_FINDER),
    place,
  };
}

/** Prepares networks. @returns where their weights will be, and a function that loads one of them, now or later */
async function openNetworks(
  machine: LoadOptions['machine'],
  names: readonly NetworkName[],
): Promise<{ place: WeightsPlace; load(name: NetworkName): Promise<NetworkFile> }> {
  const prepared = machine.key === undefined ? { failure: machine.reason } : await prepareMapped(machine.key, names);
  if (!prepared.networks) return { place: { weights: 'copied', reason: prepared.failure }, load: portable };
  const { networks } = prepared;
  const { key } = machine as { key: string };
  const load = async (name: NetworkName) => {
    const mapped = networks.get(name) ?? (await prepareMapped(key, [name])).networks?.get(name);
    return mapped ? onDisk(name, mapped) : portable(name);
  };
  return { place: { weights: 'mapped' }, load };
}

function onDisk(name: NetworkName, mapped: MappedNetwork): NetworkOnDisk {
  return { ...mapped, isMapped: true, bytes: () => portableBytes(name) };
}

async function portableBytes(name: NetworkName): Promise<Uint8Array> {
  if (name !== PERSON_FINDER) return convertPackaged(name);
  const file = await personFinderFile();
  return file instanceof Uint8Array ? file : file.bytes();
}

/**
 * One network in its portable form, from the cache, or converted from its TFLite file in the npm package and cached.
 * @throws BodyscriptError `CACHE_UNSAFE`
 */
async function portable(name: NetworkName): Promise<NetworkFile> {
  if (name === PERSON_FINDER) return personFinderFile();
  const path = cachePath(portableFile(name));
  const cached = path === undefined ? undefined : await loadCached(path, name);
  if (cached) return cached;
  const bytes = await convertPackaged(name);
  // If the cache cannot be written, the next run takes some seconds longer, no more.
  if (path !== undefined) await keepInCache(path, bytes).catch(() => {});
  return bytes;
}

async function loadCached(path: string, name: BlazePoseName): Promise<NetworkFile | undefined> {
  const owned = await ownerOnly(path);
  if (!owned) return undefined;
  const { sha256: expected } = BLAZEPOSE[name];
  if (owned.isFixed) {
    const file = await CheckedFile.open(owned.path, expected);
    const isUnchanged = async () => file?.isUnchanged() ?? false;
    return file && { path: file.path, isMapped: false, isUnchanged, bytes: () => convertPackaged(name) };
  }
  const bytes = await readFile(owned.path).catch(() => undefined);
  return bytes && sha256(bytes) === expected ? bytes : undefined;
}

function partOf(files: Unzipped, name: string): Uint8Array {
  const part = files[name];
  if (!part) throw new Error(`it contains no ${name} of up to 128 MB`);
  return part;
}

async function loadFromTask(path: string): Promise<NativeModels> {
  const { bytes, sha256: hash } = await loadTaskFile(path);
  const { convertToOnnx } = await import('./convert/convert.js');
  try {
    const files = unzipSync(bytes, { filter: ({ originalSize }) => originalSize <= LARGEST_NETWORK_BYTES });
    return {
      name: path,
      sha256: hash,
      detector: convertToOnnx(partOf(files, DETECTOR_IN_TASK), DETECTOR_OUTPUTS),
      landmarks: convertToOnnx(partOf(files, LANDMARKS_IN_TASK), LANDMARK_OUTPUTS),
      refiner: undefined,
      loadFinder: () => personFinderFile(),
      place: { weights: 'copied', reason: 'the networks of a .task file are converted each time' },
    };
  } catch (cause) {
    throw new BodyscriptError('MODEL_INVALID', `${path}: cannot be converted (${shortMessage(cause)})`, {
      cause,
      remedy: 'Use --engine mediapipe with this model, or --model lite, full or heavy.',
    });
  }
}
