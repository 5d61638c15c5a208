import { UnfitJson } from '../formats/plain-json.js';
import { MODES } from '../strategies/modes.js';
import type { AnalyzeOptions } from './options.js';

type Schema = Parameters<typeof import('../formats/bounds.js').checked>[0];

/** Checks a value that was read back. Loaded only if such a file exists: most runs have none. @throws UnfitJson */
export async function checkRead(schema: Schema, value: unknown): Promise<void> {
  const { checked } = await import('../formats/bounds.js');
  const result = checked(schema, value);
  if ('problem' in result) throw new UnfitJson(`was not written by bodyscript: ${result.problem}`);
}

/**
 * Whether states between two frames match a run's own engine and analyzer.
 * @param engineName of the run's engine
 * @throws UnfitJson
 */
export async function checkMemory(
  { engine, analyzer }: { readonly engine: unknown; readonly analyzer: unknown },
  { analysis }: Pick<AnalyzeOptions, 'analysis'>,
  engineName: string,
): Promise<void> {
  const [{ PLAIN_ANALYZER, SMART_ANALYZER }, { NATIVE_ENGINE }] = await Promise.all([
    import('./checkpoint-schema.js'),
    import('../formats/pose-schema.js'),
  ]);
  await checkRead(MODES[analysis.mode].retries === 'none' ? PLAIN_ANALYZER : SMART_ANALYZER, analyzer);
  // Null: the engine follows no people in this mode.
  if (engineName === 'native' && engine !== null) await checkRead(NATIVE_ENGINE, engine);
}
