import { type Stats, statSync } from 'node:fs';
import picomatch from 'picomatch';
import type { AnalyzeOptions, OutputOptions } from '../analyze/options.js';
import type { BatchRequest, SingleVideo } from '../batch/batch.js';
import type { Shard } from '../batch/ledger/ledger.js';
import { isPiped } from '../decode/input.js';
import { isRawByName } from '../decode/raw-stream.js';
import { UsageError } from '../errors.js';
import type { AnalyzeValues } from '../options/analyze-options.js';
import type { InputKinds } from '../options/idle-inputs.js';
import { pathsOfLost, systemPath } from '../system/byte-names.js';
import { STDOUT } from '../system/whole-file.js';
import { isAddress } from '../text/url.js';
import type { ChosenPart } from './plan-part.js';

/**
 * The request from arguments and options: the videos, and their analysis. @param part of a plan, instead of paths
 * @throws UsageError
 */
export function resolveBatchRequest(
  paths: readonly string[],
  values: AnalyzeValues,
  options: AnalyzeOptions,
  part?: ChosenPart,
): BatchRequest {
  if (paths.length === 0 && values.fromFile === undefined && part === undefined) {
    throw new UsageError(
      'no input given',
      'Give a video, a folder of videos, or a list with --from-file: bodyscript analyze walk.mp4',
    );
  }
  if (values.null && values.fromFile === undefined)
    throw new UsageError('-0 needs a list of videos', 'Give the list with --from-file.');
  const single = part ? undefined : singleVideo(paths, values, options.outputs);
  if (!single) checkPlaces(options.outputs);
  return {
    inputs: {
      paths,
      fromFile: values.fromFile,
      nullSeparated: values.null,
      include: values.include ?? [],
      exclude: values.exclude ?? [],
      hidden: values.hidden,
      follow: values.follow,
      outDir: options.outputs.outDir,
    },
    options,
    jobs: values.jobs,
    limits: {
      timeoutMs: values.timeout === undefined ? undefined : values.timeout * 1000,
      // The writer of a pipe may take any time.
      stallMs: single?.isStream ? Number.POSITIVE_INFINITY : values.stall * 1000,
    },
    force: values.force,
    // A video that was named alone is tried again even if it failed.
    retryFailed: single !== undefined || values.retryFailed,
    shard: part?.shard ?? (values.shard === undefined ? undefined : readShard(values.shard)),
    part: part?.part,
    noLedger: !values.ledger,
    keepMs: values.keep,
    single,
  };
}

/** Many videos cannot share one file. */
function checkPlaces({ csv, ndjson, overlay }: OutputOptions): void {
  for (const [name, place] of Object.entries({ csv, ndjson, overlay: overlay?.to })) {
    if (place === undefined || place === 'auto') continue;
    throw new UsageError(
      `--${name} ${place}: one file cannot hold the results of several videos`,
      `Use --${name} auto for a file of each video in the folder of --out.`,
    );
  }
}

/** The video, where one is named by itself. */
function singleVideo(
  paths: readonly string[],
  values: AnalyzeValues,
  { csv, ndjson, overlay }: OutputOptions,
): SingleVideo | undefined {
  const [path] = paths;
  if (path === undefined || paths.length > 1 || values.fromFile !== undefined || values.shard !== undefined)
    return undefined;
  const isPipe = isPiped(path);
  if (!isPipe && !namesOne(path)) return undefined;
  const isStream = isPipe || [csv, ndjson, overlay?.to].includes(STDOUT);
  return { path, name: isPipe ? values.name : undefined, isStream };
}

function namesOne(path: string): boolean {
  const stats = statsOf(path);
  return stats ? !stats.isDirectory() : isAddress(path) || !picomatch.scan(path).isGlob;
}

/** Undefined if there is nothing to report: a single path that cannot be opened is a failure of that video alone. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(systemPath(pathsOfLost(path)[0] ?? path), { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** What the inputs are, for the options that count for some of them alone. */
export function inputKinds(
  paths: readonly string[],
  fromFile: string | undefined,
  single: SingleVideo | undefined,
): InputKinds {
  const isFile = (path: string) => isPiped(path) || (statsOf(path)?.isFile() ?? false);
  return {
    areFiles: fromFile === undefined && paths.every(isFile),
    hasRaw: paths.some(path => isRawByName(path) || isPiped(path)),
    fromStdin: paths.some(isPiped),
    isStream: single?.isStream === true,
  };
}

const MOST_SHARDS = 100_000;

function readShard(text: string): Shard {
  const [index = Number.NaN, count = Number.NaN] = text.split('/').map(Number);
  if (!(index >= 1 && index <= count && count <= MOST_SHARDS)) {
    throw new UsageError(`--shard must be a part between 1 and the number of parts, e.g. 2/8, got "${text}"`);
  }
  return { index, count };
}
