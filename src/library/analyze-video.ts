import { analyzeVideo as run } from '../analyze/analyze-video.js';
import { isPiped } from '../decode/input.js';
import type { PoseEngine } from '../engine/pose-engine.js';
import type { FrameResult } from '../model/result.js';
import type { RunRecord } from '../model/run-record.js';
import { type AnalyzeValues, toAnalyzeOptions } from '../options/analyze-options.js';
import { ANALYZE } from '../options/analyze-table.js';
import { CALL } from '../options/idle.js';
import { resolveOptions } from '../options/resolve.js';
import { Handover } from './handover.js';

/**
 * The options of the command line, with the names used in configuration files. See `bodyscript analyze --help`.
 * @interface
 */
export type AnalyzeVideoOptions = {
  readonly [Name in keyof Omit<AnalyzeValues, OfManyVideos | 'person'>]?: AnalyzeValues[Name] | undefined;
} & {
  /** Which person to follow: `first`, `largest`, `center`, or a point in pixels as `320,240`. */
  readonly person?: string;
  /** Stops the analysis early; its reason is thrown. */
  readonly signal?: AbortSignal;
  /** Receives the warnings of the command line. */
  readonly onWarning?: (message: string) => void;
  /** An engine to use and leave open, for several videos in sequence: see `openEngine`. */
  readonly withEngine?: PoseEngine;
};

type OfManyVideos =
  | 'jobs'
  | 'fromFile'
  | 'null'
  | 'include'
  | 'exclude'
  | 'hidden'
  | 'follow'
  | 'force'
  | 'retryFailed'
  | 'shard'
  | 'timeout'
  | 'stall'
  | 'keep'
  | 'dryRun';

/**
 * Analyses a video frame by frame: `for await (const result of analyzeVideo('walk.mp4', { mode: 'track' }))`.
 *
 * At most a few frames are in memory: a slow consumer slows the video down. Leaving the loop early stops the decoder
 * and the engine. Only the outputs named in the options are written: `csv: 'walk.csv'`, `overlay: 'walk.overlay.mp4'`,
 * `ndjson`, or `out: 'results'` for the run record.
 * @param path of a video, `frame_%04d.png` for numbered pictures, or `-` for stdin
 * @returns an iterable of each frame's result in order, once; the record of the run is the generator's return value
 * @throws UsageError for invalid options; BodyscriptError for a video that cannot be read, and other failures: see its
 * `code`
 */
export async function* analyzeVideo(
  path: string,
  options: AnalyzeVideoOptions = {},
): AsyncGenerator<FrameResult, RunRecord, void> {
  const { signal, onWarning, withEngine, ...given } = options;
  const layer = { source: CALL, nameOf: (name: string) => name, values: given };
  const resolved = resolveOptions(ANALYZE, [layer]);
  const handover = new Handover<FrameResult>(signal);
  const done = run(path, toAnalyzeOptions(resolved, 'nothing', isPiped(path)), {
    signal: handover.signal,
    onResult: result => handover.put(result),
    ...(onWarning === undefined ? {} : { onWarning }),
    ...(withEngine === undefined ? {} : { engine: withEngine }),
  });
  done.then(
    () => handover.end(),
    () => handover.end(),
  );
  try {
    yield* handover.items();
  } finally {
    handover.close();
    await done.catch(() => {}); // Reported below, or no one waits for it any more.
  }
  return done;
}
