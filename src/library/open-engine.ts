import { DEFAULT_ENGINE_OPTIONS, type EngineOptions, type PoseEngine } from '../engine/pose-engine.js';
import { createEngine, type EngineChoice } from '../engine/worker/create-engine.js';

/** Which engine, and its settings. */
export interface OpenEngineOptions extends Partial<EngineOptions> {
  /** `auto`: the native engine if it loads, otherwise MediaPipe's. */
  readonly engine?: EngineChoice;
  readonly onWarning?: (message: string) => void;
}

/**
 * Opens a pose engine in its own thread, for single pictures or for several videos: `await using engine = await
 * openEngine()`.
 * @throws BodyscriptError `ENGINE_MISSING`, `MODEL_MISSING`, `MODEL_INVALID`, `MODEL_HASH`, `CACHE_UNSAFE`,
 * `PROVIDER_MISSING`
 */
export async function openEngine(options: OpenEngineOptions = {}): Promise<PoseEngine> {
  const { engine = 'auto', onWarning = () => {}, ...given } = options;
  return createEngine(engine, { ...DEFAULT_ENGINE_OPTIONS, ...given }, onWarning);
}
