import { statSync } from 'node:fs';
import picomatch from 'picomatch';
import type { AnalyzeOptions } from '../analyze/options.js';
import type { BatchRequest } from '../batch/batch.js';
import type { Shard } from '../batch/ledger/ledger.js';
import { UsageError } from '../errors.js';
import type { RawAnalyzeOptions } from './analyze-options.js';
import { parseAge, parseTime, parseWhole } from './parse-values.js';

const MOST_JOBS = 256;
const MOST_SHARDS = 100_000;

/**
 * What is to be done with which videos, from arguments and options.
 * @throws UsageError
 */
export function resolveBatchRequest(
  paths: readonly string[],
  raw: RawAnalyzeOptions,
  options: AnalyzeOptions,
): BatchRequest {
  if (paths.length === 0 && raw.fromFile === undefined) {
    throw new UsageError('name a video, a folder of videos, or a list with --from-file');
  }
  if (raw.null && raw.fromFile === undefined) throw new UsageError('-0 is about a list: name it with --from-file');
  const inline = isOneVideo(paths, raw);
  return {
    inputs: {
      paths,
      fromFile: raw.fromFile,
      nullSeparated: raw.null ?? false,
      include: raw.include ?? [],
      exclude: raw.exclude ?? [],
      hidden: raw.hidden ?? false,
      follow: raw.follow ?? false,
      outDir: options.outDir,
    },
    options,
    jobs: raw.jobs === undefined || raw.jobs === 'auto' ? 'auto' : parseWhole('--jobs', raw.jobs, 1, MOST_JOBS),
    limits: {
      timeoutMs: raw.timeout === undefined ? undefined : seconds('--timeout', raw.timeout) * 1000,
      stallMs: seconds('--stall', raw.stall) * 1000,
    },
    force: raw.force ?? false,
    // Who names one video wants it tried.
    retryFailed: inline || (raw.retryFailed ?? false),
    shard: raw.shard === undefined ? undefined : parseShard(raw.shard),
    keepMs: parseAge('--keep', raw.keep),
    inline,
  };
}

/** One video, named by itself, is analysed in this process. */
function isOneVideo(paths: readonly string[], raw: RawAnalyzeOptions): boolean {
  const [path] = paths;
  if (path === undefined || paths.length > 1 || raw.fromFile !== undefined || raw.shard !== undefined) return false;
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? !stats.isDirectory() : !picomatch.scan(path).isGlob;
}

function seconds(option: string, text: string): number {
  const value = parseTime(option, text);
  if (value <= 0) throw new UsageError(`${option} must be a time above 0, got "${text}"`);
  return value;
}

function parseShard(text: string): Shard {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (index === undefined || count === undefined) {
    throw new UsageError(`--shard must be a part and a number of parts, as 2/8, got "${text}"`);
  }
  const parts = parseWhole('--shard', count, 1, MOST_SHARDS);
  return { index: parseWhole('--shard', index, 1, parts), count: parts };
}
