import { sha256 } from '../system/file-hash.js';
import type { AnalyzeOptions } from './options.js';

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  // A run record stores options that were not given as null.
  const entries = Object.entries(value).filter(([, part]) => part !== undefined && part !== null);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, sorted(part)]));
}

/** Of all fields in one flat object: ledgers contain hashes of options from before groups existed. */
function hashOf(fields: object): string {
  return sha256(JSON.stringify(sorted(fields)));
}

/**
 * A hash of the options that determine a table: equal hashes mean the same numbers from the same video.
 * @returns 64 hexadecimal digits
 */
export function tableHash({ source, analysis }: Pick<AnalyzeOptions, 'source' | 'analysis'>): string {
  return hashOf({ ...source, ...analysis });
}

/**
 * A hash of the options that determine the content of a run's files, wherever they are: those of the table, and those
 * of its outputs.
 * @returns 64 hexadecimal digits
 */
export function optionsHash({ source, analysis, outputs }: Omit<AnalyzeOptions, 'machine'>): string {
  const { outDir, record, ...made } = outputs;
  return hashOf({ ...source, ...analysis, ...made });
}
