import { DEINTERLACE_CHOICES } from '../decode/deinterlace.js';
import { DEFAULT_SEQUENCE_FPS } from '../decode/input.js';
import { DEFAULT_MAX_PIXELS, HIGHEST_MAX_PIXELS } from '../decode/limits.js';
import { LEAST_TIME_SCALE, MOST_TIME_SCALE } from '../decode/time-scale.js';
import { DEFAULT_ENGINE_OPTIONS, PROVIDERS } from '../engine/pose-engine.js';
import { ENGINE_CHOICES } from '../engine/worker/create-engine.js';
import { DEFAULT_MODE, MODE_NAMES, MODES } from '../strategies/modes.js';
import type { PersonChoice } from '../tracking/choose-person.js';
import { DEFAULT_MIN_SCORE } from '../tracking/judge.js';
import { MOST_AHEAD, USUALLY_AHEAD } from '../tracking/look-ahead.js';
import { SMALLEST_PICTURE_PX, STYLE, WRITE } from './analyze-outputs-table.js';
import {
  age,
  autoOr,
  between,
  choice,
  duration,
  flag,
  folderOrBucket,
  foldersOrBuckets,
  fraction,
  matching,
  nameOrFile,
  path,
  rate,
  read,
  size,
  textList,
  time,
  whole,
} from './kinds.js';
import { inGroup } from './option.js';

export const DEFAULT_KEEP = '30d';
const ROTATIONS = ['auto', '0', '90', '180', '270'] as const;
const MOST_PEOPLE = 16;
const MOST_THREADS = 64;
const MOST_ATTEMPTS = 100;
const MOST_JOBS = 256;
const MOST_PARTS = 100_000;
const PERSON_WORDS = ['first', 'largest', 'center'] as const;
/** Names of networks; any other value is a file. */
const NETWORKS = ['auto', 'lite', 'full', 'heavy'] as const;
const modes = MODE_NAMES.map(name => `${name}: ${MODES[name].summary}`).join('; ');
const { model, people, minDetection, minPresence, minTracking, threads, provider } = DEFAULT_ENGINE_OPTIONS;

function readPerson(given: string): PersonChoice {
  const place = /^(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)$/.exec(given);
  if (place) return { x: Number(place[1]), y: Number(place[2]) };
  const word = PERSON_WORDS.find(known => known === given);
  if (!word) throw new RangeError(given);
  return word;
}

export const FRAMES = inGroup('Frames:', {
  start: {
    flags: '--start <time>',
    help: 'start time after the first frame, in seconds or hh:mm:ss.mmm',
    kind: time(),
  },
  end: { flags: '--end <time>', help: 'end time, counted like --start', kind: time() },
  every: { flags: '--every <n>', help: 'analyse every n-th frame only', kind: whole(1), default: 1 },
  maxFrames: { flags: '--max-frames <n>', help: 'maximum number of frames', kind: whole(1) },
  maxSize: {
    flags: '--max-size <px>',
    help: 'scale frames down to this many pixels on the longer side',
    kind: whole(SMALLEST_PICTURE_PX),
  },
  maxPixels: {
    flags: '--max-pixels <n>',
    help: 'refuse videos with more pixels per frame, before decoding; 8K has 33 million',
    kind: whole(1, HIGHEST_MAX_PIXELS),
    default: DEFAULT_MAX_PIXELS,
    acts: 'permits',
  },
  rotate: {
    flags: '--rotate <degrees>',
    help: 'clockwise rotation: 0, 90, 180, 270 or auto (from the file)',
    kind: choice(ROTATIONS),
    default: 'auto',
  },
  mirror: {
    flags: '--mirror',
    help: "for mirrored videos such as selfies: make left and right the person's own",
    kind: flag(),
    default: false,
  },
  deinterlace: {
    flags: '--deinterlace <choice>',
    help: 'deinterlace frames: auto (if the video is marked as interlaced), on or off',
    kind: choice(DEINTERLACE_CHOICES),
    default: 'auto',
  },
  videoStream: {
    flags: '--video-stream <index>',
    help: 'index of the video stream, if the file has several',
    kind: whole(0),
  },
  fps: {
    flags: '--fps <n>',
    help: 'frames per second of numbered pictures and raw H.264/H.265, e.g. 30 or 30000/1001',
    kind: rate(),
    default: DEFAULT_SEQUENCE_FPS,
  },
  timeScale: {
    flags: '--time-scale <n|auto>',
    help: 'real seconds per second of video: 0.125 for 240 frames/s played at 30; auto: from the file (default: 1)',
    kind: autoOr(between(LEAST_TIME_SCALE, MOST_TIME_SCALE)),
  },
  inputFormat: {
    flags: '--input-format <name>',
    help: 'container format of the input, e.g. matroska or mpegts, if ffmpeg does not detect it',
    kind: matching(/^[a-z0-9_]+$/, 'the name of an ffmpeg format, e.g. matroska'),
  },
});

export const PEOPLE = inGroup('People and poses:', {
  mode: { flags: '--mode <name>', help: modes, kind: choice(MODE_NAMES), default: DEFAULT_MODE },
  minScore: {
    flags: '--min-score <0-1>',
    help: 'smart, quality: leave out poses with a lower score (probability of being right)',
    kind: fraction(),
    default: DEFAULT_MIN_SCORE,
  },
  maxAttempts: {
    flags: '--max-attempts <n>',
    help: 'smart: maximum retries of one frame, 0-100; the whole video has a budget, too',
    kind: whole(0, MOST_ATTEMPTS),
    default: 8,
  },
  fixSwaps: {
    flags: '--fix-swaps',
    help: 'smart, quality: undo swaps of left and right that contradict the motion',
    kind: flag(),
    default: false,
  },
  lookAhead: {
    flags: '--look-ahead <n|auto>',
    help: `smart, quality: decide each frame after seeing the next n, 0-${MOST_AHEAD}; auto: ${USUALLY_AHEAD}, or 0 for stdin and tables on stdout`,
    kind: autoOr(whole(0, MOST_AHEAD)),
    default: 'auto',
  },
  engine: {
    flags: '--engine <name>',
    help: "native (onnxruntime, fast), mediapipe (Google's own) or auto (native if it loads)",
    kind: choice(ENGINE_CHOICES),
    default: 'auto',
  },
  model: {
    flags: '--model <name|file>',
    help: 'lite, full, heavy, a .task file, or auto (full, refined by heavy with native in smart and quality)',
    kind: nameOrFile(NETWORKS),
    default: model,
    acts: 'loads',
  },
  modelSha256: {
    flags: '--model-sha256 <hex>',
    help: 'refuse a model with another SHA-256 (64 hexadecimal digits)',
    kind: matching(/^[0-9a-fA-F]{64}$/, '64 hexadecimal digits'),
  },
  people: {
    flags: '--people <n>',
    help: 'maximum number of people to follow, 1-16',
    kind: whole(1, MOST_PEOPLE),
    default: people,
  },
  person: {
    flags: '--person <choice>',
    help: 'person to follow (smart, native): first (most certain), largest, center, or x,y in pixels',
    kind: read(readPerson, 'first, largest, center or a point in pixels, e.g. 320,240', PERSON_WORDS),
    default: 'first',
  },
  minDetection: {
    flags: '--min-detection <0-1>',
    help: 'minimum score of the person detector',
    kind: fraction(),
    default: minDetection,
  },
  minPresence: {
    flags: '--min-presence <0-1>',
    help: 'minimum score of a pose',
    kind: fraction(),
    default: minPresence,
  },
  minTracking: {
    flags: '--min-tracking <0-1>',
    help: 'minimum score to keep following a pose',
    kind: fraction(),
    default: minTracking,
  },
});

const MANY = inGroup('Several videos:', {
  jobs: {
    flags: '--jobs <n|auto>',
    help: 'videos analysed at the same time, 1-256; auto: by cores and memory',
    kind: autoOr(whole(1, MOST_JOBS)),
    default: 'auto',
  },
  fromFile: {
    flags: '--from-file <list>',
    help: 'also analyse the videos in this list, one per line; - reads stdin',
    kind: path(),
    onlyFlag: true,
    acts: 'loads',
  },
  null: {
    flags: '-0, --null',
    help: 'paths in the list end with NUL, as written by find -print0',
    kind: flag(),
    default: false,
    onlyFlag: true,
  },
  include: {
    flags: '--include <glob>',
    help: 'in folders, analyse the files that match instead of all videos; may be repeated',
    kind: textList(),
    repeats: true,
  },
  exclude: {
    flags: '--exclude <glob>',
    help: 'in folders, skip files and folders that match; may be repeated',
    kind: textList(),
    repeats: true,
  },
  hidden: {
    flags: '--hidden',
    help: 'in folders, include hidden files and folders (names that begin with a dot)',
    kind: flag(),
    default: false,
  },
  follow: {
    flags: '-L, --follow',
    help: 'in folders, follow symbolic links',
    kind: flag(),
    default: false,
    acts: 'permits',
  },
  force: {
    flags: '--force',
    help: 'analyse finished videos again',
    kind: flag(),
    default: false,
    onlyFlag: true,
    acts: 'permits',
  },
  retryFailed: {
    flags: '--retry-failed',
    help: 'analyse failed videos again',
    kind: flag(),
    default: false,
    acts: 'permits',
  },
  shard: {
    flags: '--shard <i/n>',
    help: 'analyse only part i of n, for several machines (then: bodyscript jobs merge)',
    kind: matching(/^\d+\/\d+$/, 'a part and the number of parts, e.g. 2/8'),
  },
  plan: {
    flags: '--plan <dir>',
    help: 'analyse the videos of the plan in this results folder or s3:// prefix instead of INPUTS: bodyscript plan',
    kind: folderOrBucket(),
    onlyFlag: true,
    acts: 'writes',
  },
  part: {
    flags: '--part <n|auto>',
    help: "part of the plan; auto: the scheduler's task number (Slurm, Grid Engine, Kubernetes, AWS Batch)",
    kind: autoOr(whole(1, MOST_PARTS)),
    onlyFlag: true,
  },
  within: {
    flags: '--within <dir>',
    help: '--plan: refuse videos outside this folder or s3:// prefix; may be repeated',
    kind: foldersOrBuckets(),
    repeats: true,
    onlyFlag: true,
    acts: 'writes',
  },
  ledger: {
    flags: '--ledger',
    help: 'keep a SQLite ledger in the results folder',
    kind: flag(),
    default: true,
    negated: 'no SQLite file, for shared file systems: run records and NAME.failed.json show the status instead',
  },
  timeout: { flags: '--timeout <time>', help: 'time limit for one video, in seconds or hh:mm:ss', kind: duration() },
  stall: {
    flags: '--stall <time>',
    help: 'retry a video if no frame is finished for this long, in seconds or hh:mm:ss',
    kind: duration(),
    default: 60,
  },
  keep: {
    flags: '--keep <age>',
    help: 'remove failed and interrupted videos from the ledger after this time; outputs stay',
    kind: age(),
    default: DEFAULT_KEEP,
    acts: 'permits',
  },
  dryRun: {
    flags: '-n, --dry-run',
    help: 'list what would be analysed, with frames, time and memory, and exit',
    kind: flag(),
    default: false,
    onlyFlag: true,
  },
});

const MACHINE = inGroup('System:', {
  threads: {
    flags: '--threads <n>',
    help: 'threads of the native engine, 1-64',
    kind: whole(1, MOST_THREADS),
    default: threads,
  },
  provider: {
    flags: '--provider <name>',
    help: 'hardware of the native engine: cpu, cuda, coreml or auto (only cpu is tested)',
    kind: choice(PROVIDERS),
    default: provider,
  },
  scratch: {
    flags: '--scratch <dir>',
    help: 's3://: folder for the videos that are being analysed; kept there, an interrupted analysis can continue',
    kind: path(),
    acts: 'writes',
  },
  segments: {
    flags: '--segments <n|auto>',
    help: 'analyse a long video in segments of 30 s, this many at the same time; auto: by cores, from 10 minutes on',
    kind: autoOr(whole(1, MOST_JOBS)),
  },
  maxMemory: {
    flags: '--max-memory <size>',
    help: 'stop cleanly below this memory use, e.g. 512M; mapped files (code, networks) do not count',
    kind: size(),
  },
  ffmpeg: { flags: '--ffmpeg <path>', help: 'path of ffmpeg, instead of the one on PATH', kind: path(), acts: 'runs' },
  ffprobe: { flags: '--ffprobe <path>', help: 'path of ffprobe', kind: path(), acts: 'runs' },
});

/** The options of `bodyscript analyze`. */
export const ANALYZE = { ...WRITE, ...FRAMES, ...PEOPLE, ...MANY, ...STYLE, ...MACHINE } as const;
