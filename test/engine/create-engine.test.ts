import { describe, expect, test, vi } from 'vitest';
import { DEFAULT_ENGINE_OPTIONS } from '../../src/engine/pose-engine.js';
import { createEngine } from '../../src/engine/worker/create-engine.js';
import { WorkerEngine } from '../../src/engine/worker/worker-engine.js';
import { BodyscriptError } from '../../src/errors.js';

const OPTIONS = { ...DEFAULT_ENGINE_OPTIONS, model: 'lite' };
const create = WorkerEngine.create.bind(WorkerEngine);

/** Simulates a native engine that cannot be created. */
function withoutNative(error: Error) {
  return vi
    .spyOn(WorkerEngine, 'create')
    .mockImplementation(async (name, options) => (name === 'native' ? Promise.reject(error) : create(name, options)));
}

describe('--engine auto', () => {
  test('uses the native engine silently', async () => {
    const reported: string[] = [];
    await using engine = await createEngine('auto', OPTIONS, message => reported.push(message));
    expect(engine.info.name).toBe('native');
    expect(reported).toEqual([]);
  });

  test("uses MediaPipe's if onnxruntime is not installed, and says so with a remedy", async () => {
    using _spy = withoutNative(
      new BodyscriptError('ENGINE_MISSING', 'the native engine needs onnxruntime-node', { remedy: 'Add it.' }),
    );
    const reported: string[] = [];
    await using engine = await createEngine('auto', OPTIONS, message => reported.push(message));
    expect(engine.info.name).toBe('mediapipe');
    expect(reported).toEqual([
      "the native engine needs onnxruntime-node; using MediaPipe's engine, which is slower. Add it.",
    ]);
  });

  test('does not hide another failure, and never replaces a named engine', async () => {
    using spy = withoutNative(new BodyscriptError('MODEL_HASH', 'another model'));
    await expect(createEngine('auto', OPTIONS, () => {})).rejects.toMatchObject({ code: 'MODEL_HASH' });
    spy.mockImplementation(async () => Promise.reject(new BodyscriptError('ENGINE_MISSING', 'not there')));
    await expect(createEngine('native', OPTIONS, () => {})).rejects.toMatchObject({ code: 'ENGINE_MISSING' });
  });
});
