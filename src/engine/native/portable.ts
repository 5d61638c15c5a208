import { createHash } from 'node:crypto';
import { type FileHandle, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BodyscriptError, shortMessage } from '../../errors.js';
import { collectGarbage } from '../../system/collect-garbage.js';
import { modelPackageFolder } from '../models/task-bundle.js';
import type { OnnxGraph } from './convert/onnx.js';
import { BLAZEPOSE, type BlazePoseName } from './network-catalogue.js';

/** Constants leave their buffers behind, which the collector hardly sees. */
const COLLECT_AFTER_BYTES = 16 * 1024 * 1024;

/** A network of the npm package in its portable ONNX form, of the right hash. @throws BodyscriptError `MODEL_INVALID`, `MODEL_HASH` */
export async function convertPackaged(name: BlazePoseName): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = (await readGraph(name)).encode();
  checkHash(name, createHash('sha256').update(bytes).digest('hex'));
  return bytes;
}

/** The same into a file, one constant after another: it never needs the memory for all of them. @throws BodyscriptError `MODEL_INVALID`, `MODEL_HASH` */
export async function convertPackagedTo(file: FileHandle, name: BlazePoseName): Promise<void> {
  const hash = createHash('sha256');
  let sinceCollection = 0;
  for (const chunk of (await readGraph(name)).chunks()) {
    hash.update(chunk);
    await file.appendFile(chunk);
    sinceCollection += chunk.length;
    if (sinceCollection < COLLECT_AFTER_BYTES) continue;
    collectGarbage();
    sinceCollection = 0;
  }
  checkHash(name, hash.digest('hex'));
}

async function readGraph(name: BlazePoseName): Promise<OnnxGraph> {
  const { packaged, outputs } = BLAZEPOSE[name];
  // Loaded where it is needed: as a rule the networks have been converted.
  const { onnxGraph } = await import('./convert/convert.js');
  try {
    return onnxGraph(await readFile(join(modelPackageFolder(), packaged)), outputs);
  } catch (cause) {
    const message = `${packaged} in @mediapipe/pose cannot be read (${shortMessage(cause)})`;
    throw new BodyscriptError('MODEL_INVALID', message, { cause, remedy: 'Install the packages again (npm ci).' });
  }
}

function checkHash(name: BlazePoseName, hash: string): void {
  if (hash === BLAZEPOSE[name].sha256) return;
  throw new BodyscriptError(
    'MODEL_HASH',
    `the ${name} network converted from @mediapipe/pose has SHA-256 ${hash}, not ${BLAZEPOSE[name].sha256}`,
    { remedy: 'Install the packages again (npm ci).' },
  );
}
