import type { AnalyzeOptions, OutputPlace } from '../analyze/options.js';
import { UsageError } from '../errors.js';
import { MODES } from '../strategies/modes.js';
import { USUALLY_AHEAD } from '../tracking/look-ahead.js';
import type { ANALYZE } from './analyze-table.js';
import type { Values } from './option.js';
import type { Resolved } from './resolve.js';

export type AnalyzeValues = Values<typeof ANALYZE>;

/**
 * What a run is to do, from the checked values.
 * @param writes what is written where nothing is said of it: `files`, the table, the overlay and the record; `nothing`
 * @param isPipe whether the video comes through stdin
 * @throws UsageError where options contradict each other
 */
export function toAnalyzeOptions(
  { values, isGiven }: Resolved<typeof ANALYZE>,
  writes: 'files' | 'nothing' = 'files',
  isPipe = false,
): AnalyzeOptions {
  const streams = streamsOf(values);
  const writesFiles = writes === 'files' && streams.length === 0;
  const usual = writesFiles ? 'auto' : undefined;
  const overlay = placeOf(values.overlay, usual);
  const { rotate } = values;
  const options: AnalyzeOptions = {
    outDir: values.out,
    overwrite: values.overwrite,
    mode: values.mode,
    minScore: values.minScore,
    person: values.person,
    maxAttempts: values.maxAttempts,
    explain: values.explain,
    angles: values.angles,
    quality: values.quality,
    exports: values.export ?? [],
    personHeight: values.personHeight,
    contactSheet: values.contactSheet,
    thumbnail: values.thumbnail,
    preview: values.preview,
    plots: values.plots,
    fixSwaps: values.fixSwaps,
    lookAhead: values.lookAhead === 'auto' ? usuallyAhead(values, isPipe) : values.lookAhead,
    engineName: values.engine,
    engine: engineOptions(values),
    selection: { start: values.start, end: values.end, every: values.every, maxFrames: values.maxFrames },
    maxSize: values.maxSize,
    maxPixels: values.maxPixels,
    rotate: rotate === 'auto' ? undefined : (Number(rotate) as 0 | 90 | 180 | 270),
    videoStream: values.videoStream,
    sequenceFps: values.fps,
    inputFormat: values.inputFormat,
    csv: placeOf(values.csv, usual),
    csvLayout: values.csvLayout,
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
    record: writesFiles || isGiven('out'),
    maxMemory: values.maxMemory,
    ffmpeg: values.ffmpeg,
    ffprobe: values.ffprobe,
  };
  checkConflicts(options, streams, writes);
  return options;
}

/** Rows that another program waits for are not held back. */
function usuallyAhead({ mode, csv, ndjson }: AnalyzeValues, isPipe: boolean): number {
  const isWanted = MODES[mode].retries !== 'none' && !isPipe && csv !== '-' && ndjson !== '-';
  return isWanted ? USUALLY_AHEAD : 0;
}

function engineOptions(values: AnalyzeValues): AnalyzeOptions['engine'] {
  return {
    model: values.model,
    modelSha256: values.modelSha256?.toLowerCase(),
    people: values.people,
    minDetection: values.minDetection,
    minPresence: values.minPresence,
    minTracking: values.minTracking,
    threads: values.threads,
    provider: values.provider,
  };
}

function placeOf(value: string | false | undefined, usual: OutputPlace | undefined): OutputPlace | undefined {
  if (value === false) return undefined;
  return value ?? usual;
}

/** The options that ask for stdout. */
function streamsOf({ csv, ndjson, overlay }: AnalyzeValues): string[] {
  return Object.entries({ '--csv -': csv, '--ndjson -': ndjson, '--overlay -': overlay })
    .filter(([, value]) => value === '-')
    .map(([name]) => name);
}

function checkConflicts(options: AnalyzeOptions, streams: readonly string[], writes: 'files' | 'nothing'): void {
  const { csv, ndjson, overlay, engineName, engine } = options;
  const { start, end } = options.selection;
  if (engineName === 'mediapipe' && (engine.provider === 'cuda' || engine.provider === 'coreml')) {
    throw new UsageError(`--provider ${engine.provider} needs the native engine; mediapipe works on the CPU`);
  }
  if (options.quality && (csv === undefined || csv === '-')) {
    throw new UsageError('--quality is told from the table, which must be a file');
  }
  if (options.exports.length > 0 && (csv === undefined || csv === '-')) {
    throw new UsageError('--export is made of the table, which must be a file');
  }
  if (options.preview !== undefined && (overlay === undefined || overlay.to === '-')) {
    throw new UsageError('--preview is cut from the overlay, which must be a file');
  }
  if (options.plots && (csv === undefined || csv === '-')) {
    throw new UsageError('--plots are made of the table, which must be a file');
  }
  if (options.personHeight !== undefined && !options.exports.includes('trc')) {
    throw new UsageError('--person-height scales the markers of --export trc, which is not asked for');
  }
  if (streams.length > 1) throw new UsageError(`${streams.join(' and ')}: only one of them can have stdout`);
  if (writes === 'files' && !csv && !overlay && !ndjson) {
    throw new UsageError('--no-csv and --no-overlay leave nothing to write');
  }
  if (start !== undefined && end !== undefined && end <= start) {
    throw new UsageError(`--end must be after --start, got ${end} and ${start} seconds`);
  }
}
