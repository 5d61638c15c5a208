import type { AnalyzeOptions } from '../../src/analyze/options.js';
import { DEFAULT_ENGINE_OPTIONS } from '../../src/engine/pose-engine.js';
import { DEFAULT_MIN_SCORE } from '../../src/tracking/judge.js';

/** The options of a run that writes the CSV alone, with some replaced. */
export function analyzeOptions(outDir: string, replaced: Partial<AnalyzeOptions> = {}): AnalyzeOptions {
  return {
    outDir,
    overwrite: false,
    mode: 'track',
    minScore: DEFAULT_MIN_SCORE,
    person: 'first',
    maxAttempts: 8,
    explain: false,
    angles: false,
    quality: false,
    exports: [],
    personHeight: undefined,
    contactSheet: false,
    thumbnail: false,
    preview: undefined,
    plots: false,
    fixSwaps: false,
    lookAhead: 0,
    engineName: 'mediapipe',
    engine: DEFAULT_ENGINE_OPTIONS,
    selection: { every: 1 },
    maxSize: undefined,
    maxPixels: 100_000_000,
    rotate: undefined,
    videoStream: undefined,
    sequenceFps: 25,
    inputFormat: undefined,
    csv: 'auto',
    csvLayout: 'long',
    ndjson: undefined,
    overlay: undefined,
    record: true,
    maxMemory: undefined,
    ffmpeg: undefined,
    ffprobe: undefined,
    ...replaced,
  };
}
