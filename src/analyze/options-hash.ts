import { sha256 } from '../system/file-hash.js';
import type { AnalyzeOptions } from './options.js';

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  // A run record spells what was not given as null.
  const entries = Object.entries(value).filter(([, part]) => part !== undefined && part !== null);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, sorted(part)]));
}

/** Of fields side by side, not in their groups: ledgers hold hashes of options from before there were groups. */
function hashOf(fields: object): string {
  return sha256(JSON.stringify(sorted(fields)));
}

/**
 * A hash of the options that decide a table: equal hashes, the same numbers from the same video.
 * @returns 64 hexadecimal digits
 */
export function tableHash({ source, analysis }: Pick<AnalyzeOptions, 'source' | 'analysis'>): string {
  return hashOf({ ...source, ...analysis });
}

/**
 * A hash of the options that decide what a run's files hold, wherever they are: those of the table, and those of what
 * is made of it.
 * @returns 64 hexadecimal digits
 */
export function optionsHash({ source, analysis, outputs }: Omit<AnalyzeOptions, 'machine'>): string {
  const { outDir, record, ...made } = outputs;
  return hashOf({ ...source, ...analysis, ...made });
}
