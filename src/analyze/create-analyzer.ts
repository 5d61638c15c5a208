import type { EngineOptions, PoseEngine } from '../engine/pose-engine.js';
import type { FrameAttempts } from '../model/attempts.js';
import { MODES } from '../strategies/modes.js';
import type { FrameAnalyzer } from '../tracking/frame-analyzer.js';
import { LookAhead } from '../tracking/look-ahead.js';
import { PlainAnalyzer } from '../tracking/plain-analyzer.js';
import { SmartAnalyzer } from '../tracking/smart-analyzer.js';
import type { Job } from './job.js';
import { framesAhead } from './needs.js';
import type { AnalyzeOptions } from './options.js';
import { personInPictures } from './person-place.js';

/**
 * The analyzer of a video's frames for the chosen mode.
 * @param onAttempts called with the decision on each frame that needed a retry
 */
export function createAnalyzer(
  { options, size, video }: Pick<Job, 'options' | 'size' | 'video'>,
  engine: PoseEngine,
  onAttempts?: (attempts: FrameAttempts) => void,
): FrameAnalyzer {
  const { analysis } = options;
  const mode = MODES[analysis.mode];
  const { people } = analysis.engine;
  if (mode.retries === 'none') return new PlainAnalyzer(engine, mode, people, size.width / size.height);
  return new SmartAnalyzer(engine, engine.info.refiner !== undefined, {
    people,
    ...size,
    minScore: analysis.minScore,
    person: personInPictures(analysis.person, video, size),
    maxAttempts: analysis.maxAttempts,
    exhaustive: mode.retries === 'always',
    fixSwaps: analysis.fixSwaps,
    smooths: framesAhead(size, analysis) === 0,
    onAttempts,
  });
}

/** Decides frames once the next few are known; undefined if each is decided at once. */
export function createLookAhead({ options, size }: Pick<Job, 'options' | 'size'>): LookAhead | undefined {
  const frames = framesAhead(size, options.analysis);
  return frames > 0 ? new LookAhead({ frames, people: options.analysis.engine.people, ...size }) : undefined;
}

/** The settings of a run's engine. */
export function engineOptionsOf({
  analysis: { engine, mode },
  machine: { threads, modelSha256 },
}: Pick<AnalyzeOptions, 'analysis' | 'machine'>): EngineOptions {
  return { ...engine, threads, modelSha256, helpers: MODES[mode].retries !== 'none' };
}
