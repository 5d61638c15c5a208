import { availableParallelism } from 'node:os';
import { timeScaleOf } from '../../decode/time-scale.js';
import type { VideoInfo } from '../../model/frame.js';
import { scheduledCores } from '../../system/scheduler.js';
import type { InspectedVideo } from '../inspect-video.js';
import { Cuts } from './cuts.js';

/** `--segments auto` analyses shorter videos in one piece, in seconds. */
const LONG_SECONDS = 600;

/** The time of a limit is this much before the next frame, in frames: it must not depend on rounding. */
const BEFORE_NEXT = 0.01;

/** How a video is analysed in segments. */
export interface SegmentPlan {
  /** Segments at a time. */
  readonly count: number;
  readonly cuts: Cuts;
  /** Index of the last segment that is needed, if the file states its length. */
  readonly last: number;
  /** Undefined: all frames of all segments are needed. */
  readonly limit?: FrameLimit | undefined;
}

/** The end of `--max-frames`. */
export interface FrameLimit {
  /** Frames of the whole video. */
  readonly most: number;
  /** Where they end by the video's average rate, in seconds of the table: in some videos too early or too late. */
  readonly until: number;
}

/**
 * Whether and how a video is cut into segments.
 * @param warn receives the reason for no segments, if a number of them was requested
 * @param isShared whether other commands analyse segments of the video, too: then one core suffices for `auto`
 */
export function planSegments(
  { options, source, video }: Pick<InspectedVideo, 'options' | 'source' | 'video'>,
  warn: (message: string) => void,
  isShared = false,
): SegmentPlan | undefined {
  const { segments } = options.analysis;
  if (segments === undefined) return undefined;
  const { selection, timeScale: choice } = options.source;
  const reason = reasonAgainst({ options, source, video });
  if (reason !== undefined) {
    if (segments !== 'auto') warn(`analysing the video in one piece: ${reason}`);
    return undefined;
  }
  const timeScale = timeScaleOf(choice, video);
  const begin = video.startTime ?? 0;
  const from = begin + (selection.start ?? 0);
  const limit = limitOf(selection.maxFrames, video, from);
  const stated = Math.min(begin + (video.duration ?? 0), begin + (selection.end ?? Number.POSITIVE_INFINITY));
  const to = Math.min(stated, limit?.until ?? Number.POSITIVE_INFINITY);
  const count = options.machine.segmentsAtOnce ?? usualCount();
  if (segments === 'auto' && (to - from < LONG_SECONDS || (count < 2 && !isShared))) return undefined;
  const cuts = new Cuts(from * timeScale);
  return {
    count,
    cuts,
    last: cuts.indexAt(Math.max(from, to) * timeScale),
    limit: limit && { ...limit, until: limit.until * timeScale },
  };
}

/** @param from seconds of the file's clock; `until` of the result, too */
function limitOf(
  maxFrames: number | undefined,
  { averageRate }: Pick<VideoInfo, 'averageRate'>,
  from: number,
): FrameLimit | undefined {
  if (maxFrames === undefined) return undefined;
  const framesPerSecond = averageRate ? averageRate.num / averageRate.den : 0;
  return { most: maxFrames, until: from + (maxFrames - BEFORE_NEXT) / framesPerSecond };
}

function usualCount(): number {
  return Math.min(availableParallelism(), scheduledCores() ?? Number.POSITIVE_INFINITY);
}

function reasonAgainst({ options, source, video }: Pick<InspectedVideo, 'options' | 'source' | 'video'>) {
  if (source.pipe) return 'it comes through a pipe';
  if (source.files.length !== 1) return 'it is made of numbered pictures';
  if (video.duration === undefined) return 'the file does not say how long it is';
  if (options.source.selection.every > 1) return '--every counts frames from the beginning';
  if (options.analysis.engineName === 'mediapipe') return 'the mediapipe engine cannot go on from the middle';
  return undefined;
}
