import { sha256 } from '../system/file-hash.js';
import type { AnalyzeOptions } from './options.js';

/** What does not change a result: where it is put, what the machine may use. */
function decisive({ engine, ...options }: AnalyzeOptions): object {
  const { outDir, overwrite, alsoRead, maxMemory, maxPixels, ffmpeg, ffprobe, record, ...rest } = options;
  const { threads, modelSha256, ...decisiveEngine } = engine;
  return { ...rest, engine: decisiveEngine };
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  // A run record spells what was not given as null.
  const entries = Object.entries(value).filter(([, part]) => part !== undefined && part !== null);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, sorted(part)]));
}

/** A hash of the options that decide what a run's files hold: equal hashes, the same numbers from the same video. */
export function optionsHash(options: AnalyzeOptions): string {
  return sha256(JSON.stringify(sorted(decisive(options))));
}
