import type { CopiedVideo } from '../../decode/input.js';
import { countedBytes, TreeMemoryWatch } from '../../system/tree-memory.js';
import { counted } from '../../text/counted.js';
import type { AnalyzeContext, Progress } from '../analyze-video.js';
import { findEarlierRun, readEarlierRecord } from '../earlier-run.js';
import { type InspectedVideo, inspectVideo } from '../inspect-video.js';
import { needsOf } from '../needs.js';
import type { AnalyzeOptions } from '../options.js';
import { planOutputs } from '../output-plan.js';
import { planSegments, type SegmentPlan } from './plan-segments.js';
import type { SegmentShelf } from './segment-shelf.js';
import { SegmentStore } from './segment-store.js';
import { SegmentTeam } from './segment-team.js';

/** Consecutive segments of a video. */
export interface Piece {
  /** Index of the first, 0-based. */
  readonly from: number;
  /** Index of the last. */
  readonly to: number;
}

/** What a piece of a video is analysed with, in addition to the options. */
export interface PieceContext extends Pick<AnalyzeContext, 'signal' | 'admit' | 'onProgress' | 'onWarning'> {
  readonly shelf: SegmentShelf;
  /** Base name of the video's outputs, below the output folder and without suffix. */
  readonly outputName: string;
  readonly copy?: CopiedVideo | undefined;
  /** Analyses segments that are stored already, and ignores results of an earlier run. */
  readonly again: boolean;
  readonly stallMs?: number | undefined;
}

/** How a video stands after a piece of it was analysed. */
export type PieceOutcome =
  /** It cannot be cut, or the table of an earlier run serves: the video is analysed as if it were whole. */
  | { readonly what: 'whole' }
  /** Other commands have not stored this many of its segments yet. */
  | { readonly what: 'waiting'; readonly segments: number; readonly missing: number }
  /**
   * All segments are stored. Whoever has claimed the outputs asks again: the segments are removed once the results are
   * published, before the claim ends.
   */
  | { readonly what: 'complete'; readonly segments: number; readonly isStillComplete: () => Promise<boolean> };

/**
 * Analyses a piece of a video, and stores its segments for the command that joins them.
 * @throws BodyscriptError
 */
export async function analysePiece(
  path: string,
  options: AnalyzeOptions,
  piece: Piece,
  context: PieceContext,
): Promise<PieceOutcome> {
  const { signal, copy, again } = context;
  const inspected = await inspectVideo(path, options, signal, copy);
  await using _source = inspected.source;
  const plan = planSegments(inspected, message => context.onWarning?.(message), true);
  if (!plan || (!again && (await hasTable(inspected, context)))) return { what: 'whole' };
  await context.admit?.(needsOf(inspected));
  const store = await analyseSegments(inspected, plan, piece, context);
  const missing = async () => plan.last + 1 - [...(await store.list())].filter(index => index <= plan.last).length;
  const segments = plan.last + 1;
  const isMissing = await missing();
  if (isMissing > 0) {
    const others = await store.countOthers();
    if (others > 0) context.onWarning?.(cannotUse(others));
    return { what: 'waiting', segments, missing: isMissing };
  }
  return { what: 'complete', segments, isStillComplete: async () => (await missing()) === 0 };
}

/** Where machines differ, each would otherwise wait for the others for ever. */
function cannotUse(others: number): string {
  return (
    `${counted(others, 'stored segment')} cannot be used: made with other options, another version of bodyscript, ` +
    'ffmpeg or the networks, or from another version of the video'
  );
}

/** Whether an earlier run left a table from which all other outputs can be made. */
async function hasTable(inspected: InspectedVideo, { outputName }: PieceContext): Promise<boolean> {
  const job = { ...inspected, plan: planOutputs(outputName, inspected.options.outputs) };
  const record = await readEarlierRecord(job);
  return (await findEarlierRun(job, record, () => {})) !== undefined;
}

async function analyseSegments(
  inspected: InspectedVideo,
  { cuts, count, last, limit }: SegmentPlan,
  { from, to }: Piece,
  context: PieceContext,
): Promise<SegmentStore> {
  const { signal, shelf, stallMs } = context;
  const { source, options } = inspected;
  const warn = (message: string) => context.onWarning?.(message);
  const end = Math.min(to, last);
  await using team = await SegmentTeam.open({
    source: {
      path: source.etag === undefined ? source.path : (source.files[0] ?? source.path),
      options,
      explains: options.outputs.explain,
    },
    count: Math.max(1, Math.min(count, end - from + 1)),
    ...{ cuts, last, limit, stallMs, warn },
    openStore: engine => SegmentStore.open(shelf, { inspected, engine, cuts, warn }),
  });
  const store = team.store as SegmentStore;
  const onAbort = () => void team[Symbol.asyncDispose]();
  signal?.addEventListener('abort', onAbort, { once: true });
  using _progress = showProgress(team, (needsOf(inspected).frames ?? 0) * ((end - from + 1) / (last + 1)), context);
  try {
    signal?.throwIfAborted();
    const left = Array.from({ length: Math.max(0, end - from + 1) }, (_, at) => from + at);
    await analyseAll(context.again ? left : left.filter(index => !store.has(index)), count, team, warn);
    return store;
  } catch (error) {
    signal?.throwIfAborted(); // What the interruption broke is not the reason.
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Stores each segment as soon as it is analysed. */
async function analyseAll(
  left: number[],
  atOnce: number,
  team: SegmentTeam,
  warn: (message: string) => void,
): Promise<void> {
  const store = team.store as SegmentStore;
  const work = async () => {
    for (let index = left.shift(); index !== undefined; index = left.shift()) {
      if (!(await store.write(await team.analyse(index))))
        warn(`segment ${index + 1} is too large to be stored: the command that joins the video analyses it again`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

function showProgress(team: SegmentTeam, expected: number, { onProgress }: PieceContext): Disposable {
  return new TreeMemoryWatch(reading => {
    const frames = team.framesAhead;
    const progress: Progress = {
      frames,
      decoded: frames,
      expected: expected > 0 ? Math.round(expected) : undefined,
      memory: countedBytes(reading),
    };
    onProgress?.(progress);
  });
}
