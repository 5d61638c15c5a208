import type { Command } from 'commander';
import type { AnalyzeOptions } from '../analyze/options.js';
import { DEFAULT_SEQUENCE_FPS } from '../decode/input.js';
import { DEFAULT_ENGINE_OPTIONS, PROVIDERS } from '../engine/pose-engine.js';
import { ENGINE_CHOICES, type EngineChoice } from '../engine/worker/create-engine.js';
import { UsageError } from '../errors.js';
import type { PersonChoice } from '../select/choose-person.js';
import { DEFAULT_MIN_SCORE } from '../select/score.js';
import { DEFAULT_MODE, MODE_NAMES, MODES } from '../strategies/modes.js';
import { parseChoice, parseFraction, parsePositive, parseSize, parseTime, parseWhole } from './parse-values.js';

/** What commander hands over: texts, not yet checked. */
export interface RawAnalyzeOptions {
  out: string;
  overwrite?: boolean;
  mode: string;
  minScore: string;
  maxAttempts: string;
  explain?: boolean;
  fixSwaps?: boolean;
  engine: string;
  threads: string;
  provider: string;
  model: string;
  modelSha256?: string;
  people: string;
  person: string;
  minDetection: string;
  minPresence: string;
  minTracking: string;
  start?: string;
  end?: string;
  every: string;
  maxFrames?: string;
  maxSize?: string;
  rotate: string;
  videoStream?: string;
  fps: string;
  csv: boolean;
  overlay: boolean;
  overlayCrf: string;
  labels?: boolean;
  minVisibility: string;
  maxMemory?: string;
  fromFile?: string;
  null?: boolean;
  include?: string[];
  exclude?: string[];
  hidden?: boolean;
  follow?: boolean;
  jobs?: string;
  timeout?: string;
  stall: string;
  force?: boolean;
  retryFailed?: boolean;
  shard?: string;
  keep: string;
  ffmpeg?: string;
  ffprobe?: string;
  quiet?: boolean;
}

const ROTATIONS = ['auto', '0', '90', '180', '270'] as const;
const SMALLEST_PICTURE_PX = 16;
const MOST_PEOPLE = 16;
const MOST_THREADS = 64;
const MOST_ATTEMPTS = 100;
const DEFAULT_MAX_ATTEMPTS = 8;
const DEFAULT_ENGINE: EngineChoice = 'auto';
const HIGHEST_CRF = 51;
const DEFAULT_CRF = 23;
const DEFAULT_MIN_VISIBILITY = 0.5;
const DEFAULT_STALL_SECONDS = 60;
export const DEFAULT_KEEP_DAYS = 30;

/** For options that may be given several times. */
function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}

/** Declares the options of `analyze`, grouped by what they are about. */
export function addAnalyzeOptions(command: Command): Command {
  const modes = MODE_NAMES.map(name => `${name}: ${MODES[name].summary}`).join('; ');
  const { model, people, minDetection, minPresence, minTracking, threads, provider } = DEFAULT_ENGINE_OPTIONS;
  return command
    .optionsGroup('What to write:')
    .option('-o, --out <dir>', 'folder for the results', 'bodyscript-out')
    .option('--no-csv', 'no landmark table')
    .option('--explain', 'how each doubtful frame was decided, as NAME.attempts.ndjson')
    .option('--no-overlay', 'no overlay video (faster, less memory)')
    .option('--overwrite', 'replace results of another video')
    .optionsGroup('Which frames:')
    .option('--start <time>', 'first moment, in seconds or hh:mm:ss.mmm of the source')
    .option('--end <time>', 'moment to stop before')
    .option('--every <n>', 'only every n-th frame of the source', '1')
    .option('--max-frames <n>', 'at most this many frames')
    .option('--max-size <px>', 'make pictures smaller, to this longer side')
    .option('--rotate <degrees>', 'turn clockwise: 0, 90, 180, 270; auto: as the file says', 'auto')
    .option('--video-stream <index>', 'stream of the file, if it has several')
    .option('--fps <n>', 'rate of numbered pictures (frame_%04d.png)', String(DEFAULT_SEQUENCE_FPS))
    .optionsGroup('How to find people:')
    .option('--mode <name>', modes, DEFAULT_MODE)
    .option('--min-score <0-1>', 'smart, quality: poses judged below are left out', String(DEFAULT_MIN_SCORE))
    .option('--max-attempts <n>', 'smart: further looks at one frame, at most', String(DEFAULT_MAX_ATTEMPTS))
    .option('--fix-swaps', 'smart, quality: exchange left and right back where they change places against the motion')
    .option(
      '--engine <name>',
      "native: onnxruntime, fast; mediapipe: Google's own; auto: native where it loads",
      DEFAULT_ENGINE,
    )
    .option(
      '--model <name|file>',
      'lite, full, heavy, a .task file; auto: full, with heavy where the mode looks twice',
      model,
    )
    .option('--model-sha256 <hex>', 'refuse any other model')
    .option('--people <n>', 'people to look for', String(people))
    .option(
      '--person <choice>',
      'whom to follow (smart, native): first (the surest), largest, center, or x,y in pixels',
      'first',
    )
    .option('--min-detection <0-1>', 'least score of the person detector', String(minDetection))
    .option('--min-presence <0-1>', 'least score of a pose', String(minPresence))
    .option('--min-tracking <0-1>', 'least score for following a pose', String(minTracking))
    .optionsGroup('Many videos:')
    .option('--jobs <n|auto>', 'videos at a time; auto: by cores and memory', 'auto')
    .option('--from-file <list>', 'also the videos of this list, one on each line; - reads stdin')
    .option('-0, --null', 'the paths of the list end with NUL, as find -print0 writes them')
    .option(
      '--include <glob>',
      'in folders, these files and not those with the extension of a video; may be repeated',
      collect,
    )
    .option('--exclude <glob>', 'in folders, not these files and folders; may be repeated', collect)
    .option('--hidden', 'in folders, also what begins with a dot')
    .option('-L, --follow', 'in folders, follow symbolic links')
    .option('--force', 'analyse again what is done')
    .option('--retry-failed', 'try again what failed')
    .option(
      '--shard <i/n>',
      'only the i-th of n parts, for several machines; their ledgers merge: bodyscript jobs merge',
    )
    .option('--timeout <time>', 'most time for one video, in seconds or hh:mm:ss')
    .option(
      '--stall <time>',
      'a video in which no frame moves for so long is tried once more',
      String(DEFAULT_STALL_SECONDS),
    )
    .option(
      '--keep <age>',
      'the ledger forgets failed and interrupted videos after so long; outputs stay',
      `${DEFAULT_KEEP_DAYS}d`,
    )
    .optionsGroup('How the overlay looks:')
    .option('--min-visibility <0-1>', 'joints less visible are not drawn', String(DEFAULT_MIN_VISIBILITY))
    .option('--labels', 'write frame, time and strategy into the picture')
    .option('--overlay-crf <0-51>', 'quality, lower is better', String(DEFAULT_CRF))
    .optionsGroup('The machine:')
    .option('--threads <n>', 'threads of the native engine', String(threads))
    .option(
      '--provider <name>',
      'what the native engine computes on: cpu, cuda, coreml, auto (all but cpu are untested)',
      provider,
    )
    .option('--max-memory <size>', 'stop cleanly before this is used up, as 512M')
    .option('--ffmpeg <path>', 'this ffmpeg, not the one on PATH')
    .option('--ffprobe <path>', 'this ffprobe')
    .option('-q, --quiet', 'only errors on stderr');
}

/**
 * Checks the options against their ranges and each other.
 * @throws UsageError
 */
export function resolveAnalyzeOptions(raw: RawAnalyzeOptions): AnalyzeOptions {
  const ifGiven = <T>(text: string | undefined, parse: (text: string) => T) =>
    text === undefined ? undefined : parse(text);
  const rotate = parseChoice('--rotate', raw.rotate, ROTATIONS);
  const options: AnalyzeOptions = {
    outDir: raw.out,
    overwrite: raw.overwrite ?? false,
    mode: parseChoice('--mode', raw.mode, MODE_NAMES),
    minScore: parseFraction('--min-score', raw.minScore),
    person: parsePerson(raw.person),
    maxAttempts: parseWhole('--max-attempts', raw.maxAttempts, 0, MOST_ATTEMPTS),
    explain: raw.explain ?? false,
    fixSwaps: raw.fixSwaps ?? false,
    engineName: parseChoice('--engine', raw.engine, ENGINE_CHOICES),
    engine: {
      model: raw.model,
      modelSha256: ifGiven(raw.modelSha256, checkSha256),
      people: parseWhole('--people', raw.people, 1, MOST_PEOPLE),
      minDetection: parseFraction('--min-detection', raw.minDetection),
      minPresence: parseFraction('--min-presence', raw.minPresence),
      minTracking: parseFraction('--min-tracking', raw.minTracking),
      threads: parseWhole('--threads', raw.threads, 1, MOST_THREADS),
      provider: parseChoice('--provider', raw.provider, PROVIDERS),
    },
    selection: {
      start: ifGiven(raw.start, text => parseTime('--start', text)),
      end: ifGiven(raw.end, text => parseTime('--end', text)),
      every: parseWhole('--every', raw.every, 1),
      maxFrames: ifGiven(raw.maxFrames, text => parseWhole('--max-frames', text, 1)),
    },
    maxSize: ifGiven(raw.maxSize, text => parseWhole('--max-size', text, SMALLEST_PICTURE_PX)),
    rotate: rotate === 'auto' ? undefined : (Number(rotate) as 0 | 90 | 180 | 270),
    videoStream: ifGiven(raw.videoStream, text => parseWhole('--video-stream', text, 0)),
    sequenceFps: parsePositive('--fps', raw.fps),
    csv: raw.csv,
    overlay: raw.overlay
      ? {
          crf: parseWhole('--overlay-crf', raw.overlayCrf, 0, HIGHEST_CRF),
          minVisibility: parseFraction('--min-visibility', raw.minVisibility),
          labels: raw.labels ?? false,
        }
      : undefined,
    maxMemory: ifGiven(raw.maxMemory, text => parseSize('--max-memory', text)),
    ffmpeg: raw.ffmpeg,
    ffprobe: raw.ffprobe,
  };
  checkConflicts(options);
  return options;
}

const PERSON_WORDS = ['first', 'largest', 'center'] as const;

function parsePerson(text: string): PersonChoice {
  const place = /^(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)$/.exec(text);
  if (place) return { x: Number(place[1]), y: Number(place[2]) };
  const word = PERSON_WORDS.find(known => known === text);
  if (!word) throw new UsageError(`--person must be first, largest, center or a place as 320,240, got "${text}"`);
  return word;
}

function checkSha256(text: string): string {
  if (!/^[0-9a-f]{64}$/i.test(text))
    throw new UsageError(`--model-sha256 must be 64 hexadecimal digits, got "${text}"`);
  return text.toLowerCase();
}

function checkConflicts({ csv, overlay, engineName, engine, selection: { start, end } }: AnalyzeOptions): void {
  if (engineName === 'mediapipe' && (engine.provider === 'cuda' || engine.provider === 'coreml')) {
    throw new UsageError(`--provider ${engine.provider} needs the native engine; mediapipe works on the CPU`);
  }
  if (!csv && !overlay) throw new UsageError('--no-csv and --no-overlay leave nothing to write');
  if (start !== undefined && end !== undefined && end <= start) {
    throw new UsageError(`--end must be after --start, got ${end} and ${start} seconds`);
  }
}
