import type {
  AnalysisOptions,
  AnalyzeOptions,
  MachineOptions,
  OutputOptions,
  OutputPlace,
  SourceOptions,
} from '../analyze/options.js';
import { UsageError } from '../errors.js';
import { SCALED_FORMATS } from '../formats/export-formats.js';
import { MODES } from '../strategies/modes.js';
import { USUALLY_AHEAD } from '../tracking/look-ahead.js';
import type { ANALYZE } from './analyze-table.js';
import { refuseIdle } from './idle.js';
import { idleAnalyzeRules } from './idle-analyze.js';
import type { Values } from './option.js';
import type { Resolved } from './resolve.js';

export type AnalyzeValues = Values<typeof ANALYZE>;

/**
 * The options of a run, from the checked values. @param writes the default outputs: `files` for table, overlay and
 * record, or `nothing` @param isPipe whether the video comes through stdin @throws UsageError if options contradict
 * each other
 */
export function toAnalyzeOptions(
  resolved: Resolved<typeof ANALYZE>,
  writes: 'files' | 'nothing' = 'files',
  isPipe = false,
): AnalyzeOptions {
  const { values, isGiven } = resolved;
  refuseIdle(idleAnalyzeRules(writes), resolved);
  const streams = streamsOf(values);
  const writesFiles = writes === 'files' && streams.length === 0;
  const options: AnalyzeOptions = {
    source: sourceOptions(values),
    analysis: analysisOptions(values, isPipe),
    outputs: outputOptions(values, writesFiles ? 'auto' : undefined, writesFiles || isGiven('out')),
    machine: machineOptions(values),
  };
  checkConflicts(options, streams, writes);
  return options;
}

function sourceOptions(values: AnalyzeValues): SourceOptions {
  const { rotate, deinterlace } = values;
  return {
    selection: { start: values.start, end: values.end, every: values.every, maxFrames: values.maxFrames },
    rotate: rotate === 'auto' ? undefined : (Number(rotate) as 0 | 90 | 180 | 270),
    mirror: values.mirror || undefined,
    videoStream: values.videoStream,
    deinterlace: deinterlace === 'auto' ? undefined : deinterlace,
    sequenceFps: values.fps,
    inputFormat: values.inputFormat,
    timeScale: values.timeScale === 1 ? undefined : values.timeScale,
  };
}

function analysisOptions(values: AnalyzeValues, isPipe: boolean): AnalysisOptions {
  return {
    mode: values.mode,
    minScore: values.minScore,
    person: values.person,
    maxAttempts: values.maxAttempts,
    fixSwaps: values.fixSwaps,
    lookAhead: values.lookAhead === 'auto' ? usuallyAhead(values, isPipe) : values.lookAhead,
    maxSize: values.maxSize,
    engineName: values.engine,
    ...(values.segments === undefined ? {} : { segments: values.segments === 'auto' ? 'auto' : 'on' }),
    engine: {
      model: values.model,
      people: values.people,
      minDetection: values.minDetection,
      minPresence: values.minPresence,
      minTracking: values.minTracking,
      provider: values.provider,
    },
  };
}

/** @param usual default destination of table and overlay; undefined: not written */
function outputOptions(values: AnalyzeValues, usual: OutputPlace | undefined, record: boolean): OutputOptions {
  const overlay = placeOf(values.overlay, usual);
  return {
    outDir: values.out,
    csv: placeOf(values.csv, usual),
    csvLayout: values.csvLayout,
    ...(values.csvDialect === 'plain' ? {} : { csvDialect: values.csvDialect }),
    ndjson: placeOf(values.ndjson, undefined),
    overlay:
      overlay === undefined
        ? undefined
        : {
            to: overlay,
            crf: values.overlayCrf,
            longest: values.overlaySize,
            minVisibility: values.minVisibility,
            labels: values.labels,
          },
    angles: values.angles,
    quality: values.quality,
    exports: values.export ?? [],
    personHeight: values.export?.some(format => SCALED_FORMATS.includes(format)) ? values.personHeight : undefined,
    contactSheet: values.contactSheet,
    thumbnail: values.thumbnail,
    preview: overlay === undefined || overlay === '-' ? undefined : values.preview,
    plots: values.plots,
    explain: values.explain,
    record,
  };
}

function machineOptions(values: AnalyzeValues): MachineOptions {
  return {
    overwrite: values.overwrite,
    maxMemory: values.maxMemory,
    maxPixels: values.maxPixels,
    ffmpeg: values.ffmpeg,
    ffprobe: values.ffprobe,
    threads: values.threads,
    ...(typeof values.segments === 'number' ? { segmentsAtOnce: values.segments } : {}),
    modelSha256: values.modelSha256?.toLowerCase(),
  };
}

/** Rows for a waiting program are not delayed. */
function usuallyAhead({ mode, csv, ndjson }: AnalyzeValues, isPipe: boolean): number {
  const isWanted = MODES[mode].retries !== 'none' && !isPipe && csv !== '-' && ndjson !== '-';
  return isWanted ? USUALLY_AHEAD : 0;
}

function placeOf(value: string | false | undefined, usual: OutputPlace | undefined): OutputPlace | undefined {
  if (value === false) return undefined;
  return value ?? usual;
}

/** The options that use stdout. */
function streamsOf({ csv, ndjson, overlay }: AnalyzeValues): string[] {
  return Object.entries({ '--csv -': csv, '--ndjson -': ndjson, '--overlay -': overlay })
    .filter(([, value]) => value === '-')
    .map(([name]) => name);
}

function checkConflicts(
  { source, analysis, outputs }: AnalyzeOptions,
  streams: readonly string[],
  writes: 'files' | 'nothing',
): void {
  const { csv, ndjson, overlay } = outputs;
  const { start, end } = source.selection;
  const { provider } = analysis.engine;
  if (analysis.engineName === 'mediapipe' && (provider === 'cuda' || provider === 'coreml')) {
    throw new UsageError(
      `--provider ${provider} needs the native engine; mediapipe runs on the CPU only`,
      'Use --engine native, or --provider cpu.',
    );
  }
  checkMadeOfOthers(outputs);
  if (streams.length > 1)
    throw new UsageError(`${streams.join(' and ')}: only one output may use stdout`, 'Write the others to files.');
  if (writes === 'files' && !csv && !overlay && !ndjson) {
    throw new UsageError(
      '--no-csv and --no-overlay: no output selected',
      'Leave one of them out, or add --ndjson auto.',
    );
  }
  if (end !== undefined && end <= (start ?? 0)) {
    throw new UsageError(
      `--end must be after --start, got --end ${end} and --start ${start ?? 0} (seconds)`,
      'Both count from the first frame.',
    );
  }
}

const WRITE_TABLE = 'Leave out --no-csv and --csv -, or add --csv auto.';

/** Outputs that are computed from the table need it as a file. */
function checkMadeOfOthers({ csv, quality, exports, plots }: OutputOptions): void {
  const hasTable = csv !== undefined && csv !== '-';
  if (quality && !hasTable) throw new UsageError('--quality needs the landmark table as a file', WRITE_TABLE);
  if (exports.length > 0 && !hasTable) throw new UsageError('--export needs the landmark table as a file', WRITE_TABLE);
  if (plots && !hasTable) throw new UsageError('--plots needs the landmark table as a file', WRITE_TABLE);
}
