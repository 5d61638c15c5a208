import type {
  AnalysisOptions,
  AnalyzeOptions,
  MachineOptions,
  OutputOptions,
  SourceOptions,
} from '../../src/analyze/options.js';
import { DEFAULT_ENGINE_OPTIONS } from '../../src/engine/pose-engine.js';
import { DEFAULT_MIN_SCORE } from '../../src/tracking/judge.js';

/** The fields of all groups side by side. */
export type AnyOptions = SourceOptions & AnalysisOptions & OutputOptions & MachineOptions;

const { threads, ...ENGINE } = DEFAULT_ENGINE_OPTIONS;

/** Default use of the networks. */
export const USUAL_ENGINE: AnalysisOptions['engine'] = ENGINE;

const USUAL: AnalyzeOptions = {
  source: {
    selection: { every: 1 },
    rotate: undefined,
    mirror: undefined,
    videoStream: undefined,
    sequenceFps: 25,
    inputFormat: undefined,
    timeScale: undefined,
  },
  analysis: {
    mode: 'track',
    minScore: DEFAULT_MIN_SCORE,
    person: 'first',
    maxAttempts: 8,
    fixSwaps: false,
    lookAhead: 0,
    maxSize: undefined,
    engineName: 'mediapipe',
    engine: USUAL_ENGINE,
  },
  outputs: {
    outDir: '',
    csv: 'auto',
    csvLayout: 'long',
    ndjson: undefined,
    overlay: undefined,
    angles: false,
    quality: false,
    exports: [],
    personHeight: undefined,
    contactSheet: false,
    thumbnail: false,
    preview: undefined,
    plots: false,
    explain: false,
    record: true,
  },
  machine: {
    overwrite: false,
    alsoRead: [],
    maxMemory: undefined,
    maxPixels: 100_000_000,
    ffmpeg: undefined,
    ffprobe: undefined,
    threads,
    modelSha256: undefined,
  },
};

/** The options of a run that writes only the CSV, with some replaced, in any group. */
export function analyzeOptions(outDir: string, replaced: Partial<AnyOptions> = {}): AnalyzeOptions {
  return withOptions(USUAL, { outDir, ...replaced });
}

/** Options with some replaced. */
export function withOptions(options: AnalyzeOptions, replaced: Partial<AnyOptions>): AnalyzeOptions {
  const { source, analysis, outputs, machine } = options;
  return {
    source: replacedIn(source, replaced),
    analysis: replacedIn(analysis, replaced),
    outputs: replacedIn(outputs, replaced),
    machine: replacedIn(machine, replaced),
  };
}

function replacedIn<Group extends object>(group: Group, replaced: object): Group {
  return { ...group, ...Object.fromEntries(Object.entries(replaced).filter(([name]) => Object.hasOwn(group, name))) };
}
