import { type Rational, ticksToSeconds } from '../model/frame.js';

/** Which of the source's frames are analysed. */
export interface FrameSelection {
  /** Seconds of presentation time; frames before are passed over. */
  readonly start?: number | undefined;
  /** Seconds of presentation time; the first frame at or after it ends the run. */
  readonly end?: number | undefined;
  /** Only frames whose `frameId` is a multiple of this. */
  readonly every: number;
  /** At most this many frames. */
  readonly maxFrames?: number | undefined;
  /**
   * Frames whose `frameId` is below were analysed by a run before; they are decoded, for the numbers and times of the
   * rest, and not handed out.
   */
  readonly fromFrame?: number | undefined;
}

/** The same selection in whole ticks of the stream, so that ffmpeg and we decide alike, without rounding. */
export interface TickSelection {
  readonly startTick: number | undefined;
  readonly endTick: number | undefined;
  readonly every: number;
  readonly fromFrame: number;
  /**
   * What numbers a frame: how many came before, or its tick, where a frame that cannot be decoded has a number as well.
   */
  readonly counter: 'n' | 'pts';
}

/** Absorbs the rounding of `seconds * den / num`, far below one tick. */
const TICK_EPSILON = 1e-6;

function firstTickAt(seconds: number | undefined, timeBase: Rational): number | undefined {
  return seconds === undefined ? undefined : Math.ceil((seconds * timeBase.den) / timeBase.num - TICK_EPSILON);
}

export function inTicks(
  selection: FrameSelection,
  timeBase: Rational,
  counter: TickSelection['counter'] = 'n',
): TickSelection {
  return {
    startTick: firstTickAt(selection.start, timeBase),
    endTick: firstTickAt(selection.end, timeBase),
    every: selection.every,
    fromFrame: selection.fromFrame ?? 0,
    counter,
  };
}

/**
 * ffmpeg filters around the one that tells the times: the ones before it end the stream, the ones after it pass frames
 * over.
 */
export function selectionFilters(selection: TickSelection): { before: string[]; after: string[] } {
  const tests: string[] = [];
  if (selection.startTick !== undefined) tests.push(`gte(pts,${selection.startTick})`);
  if (selection.fromFrame > 0) tests.push(`gte(${selection.counter},${selection.fromFrame})`);
  if (selection.every > 1) tests.push(`not(mod(${selection.counter},${selection.every}))`);
  return {
    before: selection.endTick === undefined ? [] : [`trim=end_pts=${selection.endTick}`],
    after: tests.length === 0 ? [] : [`select='${tests.join('*')}'`],
  };
}

/**
 * Whether the filters of `selectionFilters` let a frame pass. `n` as the selection's counter has it, `pts` as ffmpeg
 * told it.
 */
export function isSelected(selection: TickSelection, n: number, pts: number | undefined): boolean {
  if (selection.startTick !== undefined && !(pts !== undefined && pts >= selection.startTick)) return false;
  return n >= selection.fromFrame && n % selection.every === 0;
}

/** How many frames a selection leaves, for progress; undefined where it cannot be known. */
export function expectedFrames(
  selection: FrameSelection,
  video: {
    frameCount: number | undefined;
    duration: number | undefined;
    averageRate: Rational | undefined;
    startTime: number | undefined;
  },
): number | undefined {
  const rate = video.averageRate && ticksToSeconds(1, { num: video.averageRate.num, den: video.averageRate.den });
  const total =
    video.frameCount ?? (video.duration !== undefined && rate ? Math.round(video.duration * rate) : undefined);
  if (total === undefined) return selection.maxFrames;
  let frames = total;
  if ((selection.start !== undefined || selection.end !== undefined) && rate) {
    const origin = video.startTime ?? 0;
    const from = Math.max(origin, selection.start ?? origin);
    const to = Math.min(origin + total / rate, selection.end ?? Number.POSITIVE_INFINITY);
    frames = Math.max(0, Math.round((to - from) * rate));
  }
  return Math.min(Math.ceil(frames / selection.every), selection.maxFrames ?? Number.POSITIVE_INFINITY);
}
