import { type Rational, ticksToSeconds } from '../model/frame.js';
import { steadyFilter, type TickClock } from './steady-filter.js';

/** Which of the source's frames are analysed. */
export interface FrameSelection {
  /** Seconds since the first frame, as players count; frames before are passed over. */
  readonly start?: number | undefined;
  /** Seconds since the first frame; the first frame at or after it ends the run. */
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

/** The same selection in whole ticks since the first frame, so that ffmpeg and we decide alike, without rounding. */
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

/** ffmpeg filters behind the one that tells the times. @param clock by which frames are chosen */
export function selectionFilters(selection: TickSelection, clock: TickClock): string[] {
  const { startTick, endTick, fromFrame, every, counter } = selection;
  // The ticks of numbered pictures are their numbers, counted from the first also where that cannot be decoded.
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
 * @param n as ffmpeg told it @param tick since the first frame
 */
export function isSelected(selection: TickSelection, n: number, tick: number): boolean {
  if (selection.startTick !== undefined && Math.trunc(tick) < selection.startTick) return false;
  return !isBeyond(selection, tick) && n >= selection.fromFrame && n % selection.every === 0;
}

/** How many frames a selection leaves, for progress; undefined where it cannot be known. */
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
