import { type Rational, ticksToSeconds } from '../model/frame.js';
import { steadyFilter, type TickClock } from './steady-filter.js';

/** Which of the source's frames to analyse. */
export interface FrameSelection {
  /** Seconds since the first frame, as in a video player; earlier frames are skipped. */
  readonly start?: number | undefined;
  /** Seconds since the first frame; the run ends at the first frame at or after it. */
  readonly end?: number | undefined;
  /** Analyse only frames whose `frameId` is a multiple of this. */
  readonly every: number;
  /** Maximum number of frames. */
  readonly maxFrames?: number | undefined;
  /**
   * An earlier run analysed the frames with a smaller `frameId`; they are decoded, for the numbers and times of the
   * rest, but not handed out.
   */
  readonly fromFrame?: number | undefined;
}

/**
 * The same selection in whole ticks since the first frame, so that ffmpeg and this process decide alike, without
 * rounding.
 */
export interface TickSelection {
  readonly startTick: number | undefined;
  readonly endTick: number | undefined;
  readonly every: number;
  readonly fromFrame: number;
  /**
   * What numbers a frame: the count of frames before it, or its tick, if a frame that cannot be decoded has a number
   * too.
   */
  readonly counter: 'n' | 'pts';
}

/** Absorbs the rounding of `seconds * den / num`, far below one tick. */
const TICK_EPSILON = 1e-6;

function firstTickAt(seconds: number | undefined, timeBase: Rational): number | undefined {
  if (seconds === undefined) return undefined;
  const tick = Math.ceil((seconds * timeBase.den) / timeBase.num - TICK_EPSILON);
  return Math.min(tick, Number.MAX_SAFE_INTEGER); // ffmpeg reads whole numbers of 64 bits.
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

/** ffmpeg filters after the one that prints the times. @param clock that selects frames */
export function selectionFilters(selection: TickSelection, clock: TickClock): string[] {
  const { startTick, endTick, fromFrame, every, counter } = selection;
  // The ticks of numbered pictures are their numbers, counted from the first one even if it cannot be decoded.
  const isAsCounted = counter === 'pts' || (startTick === undefined && endTick === undefined);
  const tests: string[] = [];
  if (startTick !== undefined) tests.push(`gte(pts,${startTick})`);
  if (fromFrame > 0) tests.push(`gte(${counter},${fromFrame})`);
  if (every > 1) tests.push(`not(mod(${counter},${every}))`);
  return [
    ...(isAsCounted ? [] : [steadyFilter(clock)]),
    ...(endTick === undefined ? [] : [`trim=end_pts=${endTick}`]),
    ...(tests.length === 0 ? [] : [`select='${tests.join('*')}'`]),
  ];
}

/** Whether the selection ends before a frame. @param tick since the first frame */
export function isBeyond({ endTick }: TickSelection, tick: number): boolean {
  return endTick !== undefined && Math.trunc(tick) >= endTick;
}

/**
 * Whether the filters of `selectionFilters` let a frame pass.
 * @param n as reported by ffmpeg @param tick since the first frame
 */
export function isSelected(selection: TickSelection, n: number, tick: number): boolean {
  if (selection.startTick !== undefined && Math.trunc(tick) < selection.startTick) return false;
  return !isBeyond(selection, tick) && n >= selection.fromFrame && n % selection.every === 0;
}

/** How many frames a selection contains, for progress; undefined if unknown. */
export function expectedFrames(
  selection: FrameSelection,
  video: {
    frameCount: number | undefined;
    duration: number | undefined;
    averageRate: Rational | undefined;
  },
): number | undefined {
  const rate = video.averageRate && ticksToSeconds(1, { num: video.averageRate.num, den: video.averageRate.den });
  const total =
    video.frameCount ?? (video.duration !== undefined && rate ? Math.round(video.duration * rate) : undefined);
  if (total === undefined) return selection.maxFrames;
  let frames = total;
  if ((selection.start !== undefined || selection.end !== undefined) && rate) {
    const from = selection.start ?? 0;
    const to = Math.min(total / rate, selection.end ?? Number.POSITIVE_INFINITY);
    frames = Math.max(0, Math.round((to - from) * rate));
  }
  return Math.min(Math.ceil(frames / selection.every), selection.maxFrames ?? Number.POSITIVE_INFINITY);
}
