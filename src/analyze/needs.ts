import type { PictureSize } from '../decode/decode-command.js';
import { expectedFrames } from '../decode/selection.js';
import { yuvBytes } from '../model/picture.js';
import { MODES } from '../strategies/modes.js';
import { cgroupMemoryLimit, type MemoryLimit } from '../system/memory-limit.js';
import { scheduledMemory } from '../system/scheduler.js';
import type { InspectedVideo } from './inspect-video.js';
import { type MemoryNeeds, usualMemory } from './memory-guard.js';
import type { AnalysisOptions, AnalyzeOptions, MachineOptions } from './options.js';
import { planSegments } from './segments/plan-segments.js';

/** Expected size of a run, known before anything is decoded. */
export interface Needs {
  /** Typical maximum memory of the run in bytes, as it counts against a limit. */
  readonly memory: number;
  /** Frames expected; undefined if the file does not say. */
  readonly frames: number | undefined;
}

/** The limits of a run: the one asked for, the scheduler's, and the control group's. */
export async function memoryLimits({ maxMemory }: MachineOptions): Promise<MemoryLimit[]> {
  const asked = maxMemory === undefined ? undefined : { bytes: maxMemory, source: '--max-memory' };
  return [asked, scheduledMemory(), await cgroupMemoryLimit()].filter(limit => limit !== undefined);
}

/** What a run is going to take; each segment that is analysed beside others has a process with an engine. */
export function needsOf(inspected: InspectedVideo): Needs {
  const { size, options, video } = inspected;
  const { memory } = needsOfPictures(size, options);
  const processes = planSegments(inspected, () => {})?.count ?? 0;
  return { memory: memory * (1 + processes), frames: expectedFrames(options.source.selection, video) };
}

/** The options that affect memory. */
type Demanding = Pick<AnalyzeOptions, 'analysis' | 'outputs'>;

/** Typical memory of a run over pictures of a size. */
export function needsOfPictures(size: PictureSize, options: Demanding): Pick<Needs, 'memory'> {
  return { memory: usualMemory(memoryNeeds(size, options)) };
}

export function memoryNeeds(size: PictureSize, { analysis, outputs }: Demanding): MemoryNeeds {
  const { people, model, provider } = analysis.engine;
  return {
    frameBytes: yuvBytes(size.width, size.height),
    framesAhead: framesAhead(size, analysis),
    people,
    engine: analysis.engineName,
    model,
    overlay: outputs.overlay !== undefined,
    refiner: refines(analysis),
    finder: asksFinder(analysis),
    // Whether the cache is usable is not known yet.
    copied: provider !== 'cpu',
  };
}

/** Maximum bytes of pictures that wait for later frames. */
const MOST_BYTES_AHEAD = 64 * 1024 * 1024;

/** Number of look-ahead frames: as requested, unless their pictures would be too large. */
export function framesAhead({ width, height }: PictureSize, { mode, lookAhead }: AnalysisOptions): number {
  if (MODES[mode].retries === 'none') return 0;
  return Math.min(lookAhead, Math.floor(MOST_BYTES_AHEAD / yuvBytes(width, height)));
}

/**
 * Whether the network that finds people will be loaded: if poses are judged, and for several people in single frames.
 * Only the native engine has one.
 */
function asksFinder({ engineName, mode, engine: { people } }: AnalysisOptions): boolean {
  if (engineName === 'mediapipe') return false;
  const { retries, follows } = MODES[mode];
  return retries !== 'none' || (!follows && people > 1);
}

/** Whether a second network refines doubtful poses, which happens only with `--model auto`. */
function refines({ engineName, mode, engine: { model } }: AnalysisOptions): boolean {
  return engineName !== 'mediapipe' && model === 'auto' && MODES[mode].retries !== 'none';
}
