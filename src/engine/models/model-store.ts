import { readFile, stat } from 'node:fs/promises';
import { BodyscriptError, shortMessage, systemErrorCode } from '../../errors.js';
import { cachePath } from '../../system/cache-folder.js';
import { sha256 } from '../../system/file-hash.js';
import { keepInCache, ownerOnly } from '../../system/owner-only.js';
import { buildTaskBundle, MODEL_NAMES, type ModelName } from './task-bundle.js';

/** A model ready to be loaded. */
export interface LoadedModel {
  /** `lite`, `full`, `heavy`, or the path of the user's file. */
  readonly name: string;
  readonly sha256: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** SHA-256 of the bundles built from @mediapipe/pose 0.5.1675469404: only these exact bytes are loaded. */
const BUNDLE_SHA256: Readonly<Record<ModelName, string>> = {
  lite: 'd1d0feb9f656e59b95ef9d081fa3ad07d4de3b9a9e05cf37b13413b170ce03a2',
  full: '51aab95771d7b304e22e85f667e93eb126c4110260ee82267bf0cbb5da901385',
  heavy: 'be2a26714d12bd3cbd200eaaa6564f8ee0d385f62d662b1c2b2b269a6e0e3283',
};

/** More than eight times the size of heavy. */
const LARGEST_TASK_BYTES = 256 * 1024 * 1024;

export function isModelName(choice: string): choice is ModelName {
  return (MODEL_NAMES as readonly string[]).includes(choice);
}

/**
 * Loads a model by name, from the cache or newly built, or from a `.task` file.
 * @param expectedSha256 rejects a model with another hash
 * @throws BodyscriptError `MODEL_MISSING`, `MODEL_INVALID`, `MODEL_HASH`, `CACHE_UNSAFE`
 */
export async function loadModel(choice: string, expectedSha256?: string): Promise<LoadedModel> {
  const model = isModelName(choice) ? await loadBundle(choice) : await loadTaskFile(choice);
  if (expectedSha256 !== undefined && model.sha256 !== expectedSha256.toLowerCase()) {
    throw new BodyscriptError(
      'MODEL_HASH',
      `${choice}: the model's SHA-256 is ${model.sha256}, not ${expectedSha256}`,
      {
        remedy: 'Download the model again from where the hash was published.',
      },
    );
  }
  return model;
}

/**
 * Reads a `.task` file.
 * @throws BodyscriptError `MODEL_MISSING`, `MODEL_INVALID`
 */
export async function loadTaskFile(path: string): Promise<LoadedModel> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    const stats = await stat(path);
    if (!stats.isFile() || stats.size > LARGEST_TASK_BYTES) throw new Error('not a regular file of up to 256 MB');
    bytes = await readFile(path);
  } catch (cause) {
    const problem = systemErrorCode(cause) === 'ENOENT' ? 'no such file' : shortMessage(cause);
    throw new BodyscriptError('MODEL_MISSING', `${path}: ${problem}`, {
      cause,
      remedy: 'Use --model lite, full or heavy, or give the path of a .task file.',
    });
  }
  // A ZIP file starts with "PK".
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) {
    throw new BodyscriptError('MODEL_INVALID', `${path}: is not a .task file`, {
      remedy: 'A pose_landmarker .task file is a ZIP archive; download it again.',
    });
  }
  return { name: path, sha256: sha256(bytes), bytes };
}

async function loadBundle(name: ModelName): Promise<LoadedModel> {
  const path = cachePath(`pose_landmarker_${name}.task`);
  const owned = path === undefined ? undefined : await ownerOnly(path);
  const cached = owned && (await readFile(owned.path).catch(() => undefined));
  const expected = BUNDLE_SHA256[name];
  if (cached && sha256(cached) === expected) return { name, sha256: expected, bytes: cached };
  const bytes = await build(name);
  const hash = sha256(bytes);
  if (hash !== expected) {
    throw new BodyscriptError(
      'MODEL_HASH',
      `the ${name} model built from @mediapipe/pose has SHA-256 ${hash}, not ${expected}`,
      {
        remedy: 'Install the packages again (npm ci).',
      },
    );
  }
  // If the cache cannot be written, the next run takes half a second longer, no more.
  if (path !== undefined) await keepInCache(path, bytes).catch(() => {});
  return { name, sha256: hash, bytes };
}

async function build(name: ModelName): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await buildTaskBundle(name);
  } catch (cause) {
    throw new BodyscriptError(
      'MODEL_INVALID',
      `the ${name} model in @mediapipe/pose cannot be read (${shortMessage(cause)})`,
      {
        cause,
        remedy: 'Install the packages again (npm ci).',
      },
    );
  }
}
