import { FrameReader } from '../../decode/frame-reader.js';
import { timeScaleOf } from '../../decode/time-scale.js';
import type { PoseEngine } from '../../engine/pose-engine.js';
import { BodyscriptError, type ErrorCode } from '../../errors.js';
import type { FrameAttempts } from '../../model/attempts.js';
import type { Frame } from '../../model/frame.js';
import type { FrameAnalyzer } from '../../tracking/frame-analyzer.js';
import { createAnalyzer } from '../create-analyzer.js';
import type { InspectedVideo } from '../inspect-video.js';
import { steadyAnalyzer } from '../steady-analyzer.js';
import { LEAD_IN_SECONDS } from './cuts.js';
import type { AnalysedFrame, AnalysedSegment, Memory, SegmentTask } from './protocol.js';

/** The decoder begins at a key frame before the requested time: file indexes are not exact to the frame. */
const SEEK_MARGIN_SECONDS = 0.5;

/** Ends are rounded to the video's ticks: one frame too many does no harm. */
const END_MARGIN_SECONDS = 0.01;

/** The input of a segment's analysis. */
export interface SegmentJob {
  readonly inspected: InspectedVideo;
  readonly engine: PoseEngine;
  readonly task: SegmentTask;
  readonly explains: boolean;
  /** Called with the number of frames so far. */
  readonly onFrame: (count: number) => void;
}

/** Analyses one segment, with its lead-in or from the state of the segment before. */
export async function analyseSegment(job: SegmentJob): Promise<AnalysedSegment> {
  const { inspected, engine, task, explains } = job;
  const { segment, memory, until = Number.POSITIVE_INFINITY, most = Number.POSITIVE_INFINITY } = task;
  const leadIn = memory ? segment.from : segment.from - LEAD_IN_SECONDS;
  const { video, options } = inspected;
  const to = Math.min(segment.to, until, endOf(inspected));
  const timeScale = timeScaleOf(options.source.timeScale, video);
  let attempts: FrameAttempts[] = [];
  const analyzer = steadyAnalyzer(
    tell => createAnalyzer(inspected, engine, tell),
    explains ? entry => attempts.push(entry) : undefined,
    timeScale,
  );
  if (memory) {
    await engine.restore(memory.engine);
    analyzer.restore(memory.analyzer);
  } else await engine.reset();
  const frames: AnalysedFrame[] = [];
  let own = 0;
  let before = memory ? analyzer.notes().framesOverBudget : 0;
  const read = async () => {
    await using reader = await openAt(inspected, leadIn / timeScale, timeScale);
    for await (const frame of reader.frames()) {
      const isWanted = await withFrame(frame, async () => {
        if (frame.timestamp >= to || own >= most) return false;
        if (frame.timestamp < leadIn) return true;
        if (frame.timestamp < segment.from) before = analyzer.notes().framesOverBudget;
        else own++;
        attempts = [];
        const result = await analyzer.analyze(frame);
        frames.push({ timestamp: frame.timestamp, result, attempts });
        job.onFrame(frames.length);
        return true;
      });
      if (!isWanted) return;
    }
  };
  await read().catch(error => {
    // Decoding from the middle may fail where decoding from the start does not: the parent, which does that, decides.
    if (hasCode(error, 'INPUT_DAMAGED')) return;
    // The file may be shorter than it states.
    if ((segment.index === 0 && !memory) || frames.length > 0 || !hasCode(error, 'INPUT_NO_FRAMES')) throw error;
  });
  return {
    index: segment.index,
    frames,
    memory: await memoryOf(engine, analyzer),
    framesOverBudget: analyzer.notes().framesOverBudget - before,
  };
}

function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof BodyscriptError && error.code === code;
}

/** Where nothing of a segment is requested any more, in seconds of the table. */
function endOf({ video, options: { source } }: InspectedVideo): number {
  const end = (video.startTime ?? 0) + (source.selection.end ?? Number.POSITIVE_INFINITY);
  return end * timeScaleOf(source.timeScale, video) + END_MARGIN_SECONDS;
}

async function openAt(inspected: InspectedVideo, seconds: number, timeScale: number): Promise<FrameReader> {
  const { source, video, size, binaries, options } = inspected;
  const seek = Number.isFinite(seconds) ? seconds - SEEK_MARGIN_SECONDS : undefined;
  return FrameReader.open({
    source,
    video,
    size,
    // The first segment has neither a lead-in nor a beginning, so that it has the frames of a run in one piece.
    selection: { every: 1, start: seek === undefined ? options.source.selection.start : undefined },
    ffmpeg: binaries.ffmpeg,
    timeScale,
    ...(seek === undefined ? {} : { seek }),
  });
}

async function withFrame<T>(frame: Frame, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    frame.release();
  }
}

async function memoryOf(engine: PoseEngine, analyzer: FrameAnalyzer): Promise<Memory | undefined> {
  const state = await engine.save();
  return state === undefined ? undefined : { engine: state, analyzer: analyzer.save() };
}
