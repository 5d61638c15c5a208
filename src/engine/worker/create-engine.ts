import { BodyscriptError } from '../../errors.js';
import type { EngineOptions } from '../pose-engine.js';
import { ENGINE_NAMES, type EngineName } from './protocol.js';
import { WorkerEngine } from './worker-engine.js';

/** `auto`: the native engine if it loads, otherwise MediaPipe's. */
export const ENGINE_CHOICES = ['auto', ...ENGINE_NAMES] as const;
/** Which engine: `auto` uses the native engine if it loads, otherwise MediaPipe's. @useDeclaredType */
export type EngineChoice = (typeof ENGINE_CHOICES)[number];

/** Errors that rule out the native engine but not MediaPipe's: no onnxruntime, or a model that it cannot read. */
const REASONS_TO_FALL_BACK: readonly string[] = ['ENGINE_MISSING', 'MODEL_INVALID'];

/**
 * Creates the chosen engine in its own thread.
 * @param onFallback receives one line that says why `auto` did not use the native engine
 * @throws BodyscriptError as the engine itself does if it cannot be created
 */
export async function createEngine(
  choice: EngineChoice,
  options: EngineOptions,
  onFallback: (message: string) => void,
): Promise<WorkerEngine> {
  const [fast, always]: readonly EngineName[] = ['native', 'mediapipe'];
  if (choice !== 'auto') return WorkerEngine.create(choice, options);
  // Only the native engine has others.
  if (options.provider === 'cuda' || options.provider === 'coreml') return WorkerEngine.create(fast!, options);
  try {
    return await WorkerEngine.create(fast!, options);
  } catch (error) {
    if (!(error instanceof BodyscriptError) || !REASONS_TO_FALL_BACK.includes(error.code)) throw error;
    const engine = await WorkerEngine.create(always!, options);
    onFallback(`${error.message}; using MediaPipe's engine, which is slower. ${error.remedy}`);
    return engine;
  }
}
