import { describe, expect, test } from 'vitest';
import { providersToTry } from '../../../src/engine/native/providers.js';
import { DEFAULT_ENGINE_OPTIONS } from '../../../src/engine/pose-engine.js';
import { WorkerEngine } from '../../../src/engine/worker/worker-engine.js';

describe('the choice of a provider', () => {
  test('is the CPU by default; auto first tries the accelerator that the system may have', () => {
    expect(DEFAULT_ENGINE_OPTIONS.provider).toBe('cpu');
    expect(providersToTry('cpu', 'linux')).toEqual(['cpu']);
    expect(providersToTry('auto', 'linux')).toEqual(['cuda', 'cpu']);
    expect(providersToTry('auto', 'darwin')).toEqual(['coreml', 'cpu']);
    expect(providersToTry('auto', 'win32')).toEqual(['cpu']);
  });

  test.runIf(process.platform === 'linux')(
    'an accelerator that is not there is an error that says what it needs',
    async () => {
      const create = WorkerEngine.create('native', { ...DEFAULT_ENGINE_OPTIONS, model: 'lite', provider: 'coreml' });
      await expect(create).rejects.toMatchObject({
        code: 'PROVIDER_MISSING',
        message: expect.stringContaining('--provider coreml'),
        remedy: expect.stringContaining('macOS'),
      });
    },
  );

  test.runIf(process.platform === 'linux')('auto falls back to the CPU, and the engine says so', async () => {
    await using engine = await WorkerEngine.create('native', {
      ...DEFAULT_ENGINE_OPTIONS,
      model: 'lite',
      provider: 'auto',
    });
    // A machine with CUDA installed uses it.
    expect(['cpu', 'cuda']).toContain(engine.info.provider);
  });
});
