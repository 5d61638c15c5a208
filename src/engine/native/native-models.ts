import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Unzipped, unzipSync } from 'fflate';
import { BodyscriptError, shortMessage } from '../../errors.js';
import { cachePath } from '../../system/cache-folder.js';
import { CheckedFile } from '../../system/checked-file.js';
import { sha256 } from '../../system/file-hash.js';
import { keepInCache, ownerOnly } from '../../system/owner-only.js';
import { isModelName, loadTaskFile } from '../models/model-store.js';
import {
  DETECTOR_FILE,
  DETECTOR_IN_TASK,
  LANDMARKS_IN_TASK,
  landmarksFile,
  MODEL_NAMES,
  type ModelName,
  modelPackageFolder,
} from '../models/task-bundle.js';
import { convertToOnnx } from './convert/convert.js';

/** An ONNX network of the right hash: its bytes, or a file. From a file onnxruntime needs less memory: 50 MB for the three of `auto`. */
export type NetworkFile = Uint8Array | NetworkOnDisk;

/** A network's file, which could be exchanged before it is loaded. */
export interface NetworkOnDisk {
  readonly path: string;
  /** To be asked after loading: whether what was loaded is what was hashed. */
  isUnchanged(): Promise<boolean>;
  /** The right bytes, where it was not. @throws BodyscriptError `MODEL_INVALID`, `MODEL_HASH` */
  bytes(): Promise<Uint8Array>;
}

/** Both networks, ready for onnxruntime. */
export interface NativeModels {
  /** `lite`, `full`, `heavy`, or the path of the user's file. */
  readonly name: string;
  /** Of the landmark network, or of the user's file. */
  readonly sha256: string;
  readonly detector: NetworkFile;
  readonly landmarks: NetworkFile;
  /** The landmark network of careful looks, which `loadCareful` reads. */
  readonly careful: { readonly model: string; readonly modelSha256: string } | undefined;
}

/** With `--model auto`. */
const USUAL: ModelName = 'full';
const CAREFUL: ModelName = 'heavy';

/** The detector's outputs: boxes and scores. */
const DETECTOR_OUTPUTS = [0, 1] as const;
/** The landmark network's outputs but for the third, the segmentation, whose head is a quarter of the work of the full model. */
const LANDMARK_OUTPUTS = [0, 1, 3, 4] as const;

const DETECTOR_CACHED = 'pose_detector.onnx';
const landmarksCached = (name: ModelName) => `pose_landmarks_${name}.onnx`;

/** What the native engine keeps in the cache: with these, nothing needs to be converted any more. */
export const CACHED_NETWORKS: readonly string[] = [DETECTOR_CACHED, ...MODEL_NAMES.map(landmarksCached)];

/** In a `.task` bundle, four times heavy's: a ZIP of some kilobytes can claim gigabytes. */
const LARGEST_NETWORK_BYTES = 128 * 1024 * 1024;

/** SHA-256 of the networks converted from @mediapipe/pose 0.5.1675469404: what is loaded is known to the byte. */
const ONNX_SHA256: Readonly<Record<'detector' | ModelName, string>> = {
  detector: '4b51ea1dccf767c828d8373d53b588afc39f26171142a492b3d03691498160cd',
  lite: '679712cfe30267834d8f782af6d0d9d061665b2d739e8ef1faf3a33c978d56be',
  full: '33ab8dc8b81177c9f95acb1d1f9399c77c0e6edc7dd5dd6edcb5fe9fd2d10449',
  heavy: 'b03c39ebdaa8e7a8f7214ed420388ff9d8f34e78a94a1b2c81fb5d8187f61e14',
};

/**
 * Loads the networks by name, from the cache or converted anew, or from a `.task` file (converted each time).
 * @param expectedSha256 refuses a model whose bytes hash otherwise
 * @throws BodyscriptError `MODEL_MISSING`, `MODEL_INVALID`, `MODEL_HASH`, `CACHE_UNSAFE`
 */
export async function loadNativeModels(choice: string, expectedSha256?: string): Promise<NativeModels> {
  const models = await load(choice);
  if (expectedSha256 !== undefined && models.sha256 !== expectedSha256.toLowerCase()) {
    throw new BodyscriptError(
      'MODEL_HASH',
      `${choice}: the model's SHA-256 is ${models.sha256}, not ${expectedSha256}`,
      { remedy: 'Get the model again from where the hash was published; the native engine hashes its ONNX form.' },
    );
  }
  return models;
}

async function load(choice: string): Promise<NativeModels> {
  if (choice === 'auto') {
    return { ...(await loadByName(USUAL)), careful: { model: CAREFUL, modelSha256: ONNX_SHA256[CAREFUL] } };
  }
  return isModelName(choice) ? loadByName(choice) : loadFromTask(choice);
}

/** The landmark network of careful looks. @throws BodyscriptError `MODEL_INVALID`, `MODEL_HASH`, `CACHE_UNSAFE` */
export async function loadCareful(): Promise<NetworkFile> {
  return loadLandmarks(CAREFUL);
}

async function loadLandmarks(name: ModelName): Promise<NetworkFile> {
  return converted(name, landmarksCached(name), landmarksFile(name), LANDMARK_OUTPUTS);
}

async function loadByName(name: ModelName): Promise<NativeModels> {
  const detector = await converted('detector', DETECTOR_CACHED, DETECTOR_FILE, DETECTOR_OUTPUTS);
  const landmarks = await loadLandmarks(name);
  return { name, sha256: ONNX_SHA256[name], detector, landmarks, careful: undefined };
}

/** One network, from the cache, or converted from its TFLite file in the npm package and kept. @throws BodyscriptError `CACHE_UNSAFE` */
async function converted(
  name: keyof typeof ONNX_SHA256,
  cachedName: string,
  packagedName: string,
  outputs: readonly number[],
): Promise<NetworkFile> {
  const path = cachePath(cachedName);
  const convert = () => convertPackaged(name, packagedName, outputs);
  const cached = path === undefined ? undefined : await loadCached(path, ONNX_SHA256[name], convert);
  if (cached) return cached;
  const bytes = await convert();
  // A cache that cannot be written costs the next run some seconds, no more.
  if (path !== undefined) await keepInCache(path, bytes).catch(() => {});
  return bytes;
}

async function loadCached(
  path: string,
  expected: string,
  convert: () => Promise<Uint8Array>,
): Promise<NetworkFile | undefined> {
  const owned = await ownerOnly(path);
  if (!owned) return undefined;
  if (owned.isFixed) {
    const file = await CheckedFile.open(owned.path, expected);
    return file && { path: file.path, isUnchanged: () => file.isUnchanged(), bytes: convert };
  }
  const bytes = await readFile(owned.path).catch(() => undefined);
  return bytes && sha256(bytes) === expected ? bytes : undefined;
}

/** Converts a network, whose hash is then checked. */
async function convertPackaged(
  name: keyof typeof ONNX_SHA256,
  packagedName: string,
  outputs: readonly number[],
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await convertFile(packagedName, outputs);
  const hash = sha256(bytes);
  if (hash === ONNX_SHA256[name]) return bytes;
  throw new BodyscriptError(
    'MODEL_HASH',
    `the ${name} network converted from @mediapipe/pose has SHA-256 ${hash}, not ${ONNX_SHA256[name]}`,
    { remedy: 'Install the packages again (npm ci).' },
  );
}

async function convertFile(name: string, outputs: readonly number[]): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return convertToOnnx(await readFile(join(modelPackageFolder(), name)), outputs);
  } catch (cause) {
    throw new BodyscriptError('MODEL_INVALID', `${name} in @mediapipe/pose cannot be read (${shortMessage(cause)})`, {
      cause,
      remedy: 'Install the packages again (npm ci).',
    });
  }
}

function partOf(files: Unzipped, name: string): Uint8Array {
  const part = files[name];
  if (!part) throw new Error(`it has no ${name} of up to 128 MB`);
  return part;
}

async function loadFromTask(path: string): Promise<NativeModels> {
  const { bytes, sha256: hash } = await loadTaskFile(path);
  try {
    const files = unzipSync(bytes, { filter: ({ originalSize }) => originalSize <= LARGEST_NETWORK_BYTES });
    return {
      name: path,
      sha256: hash,
      detector: convertToOnnx(partOf(files, DETECTOR_IN_TASK), DETECTOR_OUTPUTS),
      landmarks: convertToOnnx(partOf(files, LANDMARKS_IN_TASK), LANDMARK_OUTPUTS),
      careful: undefined,
    };
  } catch (cause) {
    throw new BodyscriptError('MODEL_INVALID', `${path}: cannot be converted (${shortMessage(cause)})`, {
      cause,
      remedy: 'Use --engine mediapipe with this model, or --model lite, full or heavy.',
    });
  }
}
