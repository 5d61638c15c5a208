import { createHash } from 'node:crypto';
import { type FileHandle, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BodyscriptError, shortMessage } from '../../errors.js';
import { collectGarbage } from '../../system/collect-garbage.js';
import { modelPackageFolder } from '../models/task-bundle.js';
import type { OnnxGraph } from './convert/onnx.js';
import { BLAZEPOSE, type BlazePoseName } from './network-catalogue.js';

/** Constants leave buffers that the garbage collector hardly notices. */
const COLLECT_AFTER_BYTES = 16 * 1024 * 1024;

/**
 * A network of the npm package in its portable ONNX form, with the right hash.
 * @throws BodyscriptError `MODEL_INVALID`, `MODEL_HASH`
 */
export async function convertPackaged(name: BlazePoseName): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = (await readGraph(name)).encode();
  checkHash(name, createHash('sha256').update(bytes).digest('hex'));
  return bytes;
}

/**
 * The same with its weights in a file beside the graph, one constant after another: neither writing nor loading it
 * holds all of them in memory.
 * @param location the name of that file
 * @returns the graph's bytes, and the SHA-256 of the written file
 * @throws BodyscriptError `MODEL_INVALID`, `MODEL_HASH`: of the portable form in one piece
 */
export async function convertPackagedApart(
  weights: FileHandle,
  location: string,
  name: BlazePoseName,
): Promise<{ graph: Uint8Array; weightsSha256: string }> {
  const written = createHash('sha256');
  const hash = createHash('sha256');
  let sinceCollection = 0;
  const graph = await (await readGraph(name)).apart(
    location,
    bytes => {
      hash.update(bytes);
      sinceCollection += bytes.length;
    },
    async bytes => {
      written.update(bytes);
      await weights.appendFile(bytes);
      if (sinceCollection < COLLECT_AFTER_BYTES) return;
      collectGarbage();
      sinceCollection = 0;
    },
  );
  checkHash(name, hash.digest('hex'));
  return { graph, weightsSha256: written.digest('hex') };
}

async function readGraph(name: BlazePoseName): Promise<OnnxGraph> {
  const { packaged, outputs } = BLAZEPOSE[name];
  // Loaded only when needed: usually the networks are already converted.
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
