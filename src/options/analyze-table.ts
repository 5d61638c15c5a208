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
/** Names of networks; what is called otherwise is a file. */
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

const FRAMES = inGroup('Which frames:', {
  start: {
    flags: '--start <time>',
    help: 'where to begin, in seconds or hh:mm:ss.mmm after the first frame, as players count',
    kind: time(),
  },
  end: { flags: '--end <time>', help: 'where to stop, counted in the same way', kind: time() },
  every: { flags: '--every <n>', help: 'only every n-th frame of the source', kind: whole(1), default: 1 },
  maxFrames: { flags: '--max-frames <n>', help: 'at most this many frames', kind: whole(1) },
  maxSize: {
    flags: '--max-size <px>',
    help: 'make pictures smaller, with this many pixels on the longer side',
    kind: whole(SMALLEST_PICTURE_PX),
  },
  maxPixels: {
    flags: '--max-pixels <n>',
    help: 'refuse videos with larger pictures, before they are decoded; 8K has 33 million',
    kind: whole(1, HIGHEST_MAX_PIXELS),
    default: DEFAULT_MAX_PIXELS,
    acts: 'permits',
  },
  rotate: {
    flags: '--rotate <degrees>',
    help: 'turn clockwise: 0, 90, 180, 270; auto: as the file says',
    kind: choice(ROTATIONS),
    default: 'auto',
  },
  mirror: {
    flags: '--mirror',
    help: "the video is stored mirrored, as selfies are: left and right are the person's own again",
    kind: flag(),
    default: false,
  },
  deinterlace: {
    flags: '--deinterlace <choice>',
    help: 'make whole frames of interlaced ones; auto: where the video says that they are; on: always; off: never',
    kind: choice(DEINTERLACE_CHOICES),
    default: 'auto',
  },
  videoStream: {
    flags: '--video-stream <index>',
    help: 'number of the video stream, if the file has several',
    kind: whole(0),
  },
  fps: {
    flags: '--fps <n>',
    help: 'rate of numbered pictures (frame_%04d.png), and of raw H.264 and H.265 without times, per second: 30, 30000/1001',
    kind: rate(),
    default: DEFAULT_SEQUENCE_FPS,
  },
  timeScale: {
    flags: '--time-scale <n|auto>',
    help: 'true seconds in a second of the video: 0.125 for 240 frames per second that play at 30; auto: as the file says',
    kind: autoOr(between(LEAST_TIME_SCALE, MOST_TIME_SCALE)),
  },
  inputFormat: {
    flags: '--input-format <name>',
    help: "ffmpeg's name for the input's container, such as matroska or mpegts, if ffmpeg does not recognise it",
    kind: matching(/^[a-z0-9_]+$/, "one of ffmpeg's names of formats, as matroska"),
  },
});

const PEOPLE = inGroup('How to find people:', {
  mode: { flags: '--mode <name>', help: modes, kind: choice(MODE_NAMES), default: DEFAULT_MODE },
  minScore: {
    flags: '--min-score <0-1>',
    help: 'smart, quality: leave out poses whose score, the probability that they are right, is lower',
    kind: fraction(),
    default: DEFAULT_MIN_SCORE,
  },
  maxAttempts: {
    flags: '--max-attempts <n>',
    help: 'smart: at most this many further attempts at one frame; the whole video has a budget as well',
    kind: whole(0, MOST_ATTEMPTS),
    default: 8,
  },
  fixSwaps: {
    flags: '--fix-swaps',
    help: 'smart, quality: swap left and right back where they change places against the motion',
    kind: flag(),
    default: false,
  },
  lookAhead: {
    flags: '--look-ahead <n|auto>',
    help: `smart, quality: decide a frame when the next n are known, 0-${MOST_AHEAD}; auto: ${USUALLY_AHEAD}, and 0 for stdin and tables on stdout`,
    kind: autoOr(whole(0, MOST_AHEAD)),
    default: 'auto',
  },
  engine: {
    flags: '--engine <name>',
    help: "native: onnxruntime, fast; mediapipe: Google's own; auto: native where it loads",
    kind: choice(ENGINE_CHOICES),
    default: 'auto',
  },
  model: {
    flags: '--model <name|file>',
    help: 'lite, full, heavy, a .task file; auto: full, refined by heavy (native, smart and quality)',
    kind: nameOrFile(NETWORKS),
    default: model,
    acts: 'loads',
  },
  modelSha256: {
    flags: '--model-sha256 <hex>',
    help: 'refuse a model with any other SHA-256',
    kind: matching(/^[0-9a-fA-F]{64}$/, '64 hexadecimal digits'),
  },
  people: { flags: '--people <n>', help: 'people to look for', kind: whole(1, MOST_PEOPLE), default: people },
  person: {
    flags: '--person <choice>',
    help: 'whom to follow (smart, native): first (the surest), largest, center, or x,y in pixels of the video',
    kind: read(readPerson, 'first, largest, center or a place as 320,240', PERSON_WORDS),
    default: 'first',
  },
  minDetection: {
    flags: '--min-detection <0-1>',
    help: 'least score of the person detector',
    kind: fraction(),
    default: minDetection,
  },
  minPresence: { flags: '--min-presence <0-1>', help: 'least score of a pose', kind: fraction(), default: minPresence },
  minTracking: {
    flags: '--min-tracking <0-1>',
    help: 'least score for following a pose',
    kind: fraction(),
    default: minTracking,
  },
});

const MANY = inGroup('Many videos:', {
  jobs: {
    flags: '--jobs <n|auto>',
    help: 'videos at a time; auto: by cores and memory',
    kind: autoOr(whole(1, MOST_JOBS)),
    default: 'auto',
  },
  fromFile: {
    flags: '--from-file <list>',
    help: 'also the videos of this list, one on each line; - reads stdin',
    kind: path(),
    onlyFlag: true,
    acts: 'loads',
  },
  null: {
    flags: '-0, --null',
    help: 'the paths of the list end with NUL, as find -print0 writes them',
    kind: flag(),
    default: false,
    onlyFlag: true,
  },
  include: {
    flags: '--include <glob>',
    help: 'in folders, take these files in place of those that look like videos; may be repeated',
    kind: textList(),
    repeats: true,
  },
  exclude: {
    flags: '--exclude <glob>',
    help: 'in folders, leave out these files and folders; may be repeated',
    kind: textList(),
    repeats: true,
  },
  hidden: { flags: '--hidden', help: 'in folders, also what begins with a dot', kind: flag(), default: false },
  follow: {
    flags: '-L, --follow',
    help: 'in folders, follow symbolic links',
    kind: flag(),
    default: false,
    acts: 'permits',
  },
  force: {
    flags: '--force',
    help: 'analyse again what is done',
    kind: flag(),
    default: false,
    onlyFlag: true,
    acts: 'permits',
  },
  retryFailed: {
    flags: '--retry-failed',
    help: 'try again what failed',
    kind: flag(),
    default: false,
    acts: 'permits',
  },
  shard: {
    flags: '--shard <i/n>',
    help: 'only the i-th of n parts, for several machines; their ledgers merge: bodyscript jobs merge',
    kind: matching(/^\d+\/\d+$/, 'a part and a number of parts, as 2/8'),
  },
  plan: {
    flags: '--plan <dir>',
    help: 'the videos of the plan in this folder of results, in place of INPUTS: bodyscript plan',
    kind: path(),
    onlyFlag: true,
    acts: 'writes',
  },
  part: {
    flags: '--part <n|auto>',
    help: "this part of the plan; auto: the scheduler's number of the task (Slurm, Grid Engine, Kubernetes, AWS Batch)",
    kind: autoOr(whole(1, MOST_PARTS)),
    onlyFlag: true,
  },
  ledger: {
    flags: '--ledger',
    help: 'keep a SQLite ledger in the folder of results',
    kind: flag(),
    default: true,
    negated: 'no SQLite file, for shared file systems: run records say what is done, NAME.failed.json what failed',
  },
  timeout: { flags: '--timeout <time>', help: 'most time for one video, in seconds or hh:mm:ss', kind: duration() },
  stall: {
    flags: '--stall <time>',
    help: 'try a video once more when no frame moves for this long',
    kind: duration(),
    default: 60,
  },
  keep: {
    flags: '--keep <age>',
    help: 'the ledger forgets failed and interrupted videos after this long; outputs stay',
    kind: age(),
    default: DEFAULT_KEEP,
    acts: 'permits',
  },
  dryRun: {
    flags: '-n, --dry-run',
    help: 'only list what would be analysed, with frames, time and memory',
    kind: flag(),
    default: false,
    onlyFlag: true,
  },
});

const MACHINE = inGroup('The machine:', {
  threads: {
    flags: '--threads <n>',
    help: 'threads of the native engine',
    kind: whole(1, MOST_THREADS),
    default: threads,
  },
  provider: {
    flags: '--provider <name>',
    help: 'what the native engine computes on: cpu, cuda, coreml, auto (all but cpu are untested)',
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
    help: 'analyse a long video in segments of 30 s, this many at a time; auto: from ten minutes on, by cores',
    kind: autoOr(whole(1, MOST_JOBS)),
  },
  maxMemory: {
    flags: '--max-memory <size>',
    help: 'stop cleanly before this is used up, such as 512M; what can be dropped and read again (code, mapped networks) does not count',
    kind: size(),
  },
  ffmpeg: { flags: '--ffmpeg <path>', help: 'this ffmpeg, not the one on PATH', kind: path(), acts: 'runs' },
  ffprobe: { flags: '--ffprobe <path>', help: 'this ffprobe', kind: path(), acts: 'runs' },
});

/** The options of `bodyscript analyze`. */
export const ANALYZE = { ...WRITE, ...FRAMES, ...PEOPLE, ...MANY, ...STYLE, ...MACHINE } as const;
