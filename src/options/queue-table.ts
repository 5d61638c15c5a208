import { STYLE, WRITE } from './analyze-outputs-table.js';
import { ANALYZE, FRAMES, PEOPLE } from './analyze-table.js';
import { foldersOrBuckets, redisAddress, whole } from './kinds.js';
import { inGroup } from './option.js';

const MOST_ATTEMPTS = 20;

const { out, overwrite, name: _ofStdin, ...written } = WRITE;
const { maxPixels, ...frames } = FRAMES;
const { fromFile, null: nul, include, exclude, hidden, follow, force, retryFailed } = ANALYZE;
const { jobs, timeout, stall, threads, provider, segments, scratch, maxMemory, ffmpeg, ffprobe } = ANALYZE;

const ADDRESS = {
  flags: '--queue <url>',
  help: 'Redis server, as redis://host:port/0, or rediss:// for TLS; put a password into BODYSCRIPT_QUEUE',
  kind: redisAddress(),
  acts: 'writes',
} as const;

/** The options that a job carries: they decide what its outputs hold. */
export const CARRIED = { ...written, ...frames, ...PEOPLE, ...STYLE, provider, segments } as const;

/** The options of `bodyscript submit`. */
export const SUBMIT = {
  ...inGroup('The queue:', {
    queue: ADDRESS,
    attempts: {
      flags: '--attempts <n>',
      help: 'maximum number of attempts at a video; a bad video fails once',
      kind: whole(1, MOST_ATTEMPTS),
      default: 2,
    },
    json: { flags: '--json', help: 'print the result as JSON', kind: ANALYZE.hidden.kind, default: false },
  }),
  out,
  fromFile,
  null: nul,
  include,
  exclude,
  hidden,
  follow,
  force,
  retryFailed,
  ...CARRIED,
  segments: { ...segments, help: 'divide long videos among jobs, in segments of 30 s; auto: from 10 minutes on' },
} as const;

/** The options of `bodyscript work`: those of this machine; what is analysed, and how, is in the jobs. */
export const WORK = {
  ...inGroup('The queue:', {
    queue: ADDRESS,
    untilEmpty: {
      flags: '--until-empty',
      help: 'exit when the queue is empty and no other worker analyses a video of it',
      kind: ANALYZE.hidden.kind,
      default: false,
    },
    within: {
      flags: '--within <dir>',
      help: 'leave jobs to other workers whose video or results are outside this folder or s3:// prefix; may be repeated',
      kind: foldersOrBuckets(),
      repeats: true,
      acts: 'writes',
    },
  }),
  jobs,
  overwrite,
  timeout,
  stall,
  threads,
  scratch,
  maxMemory,
  maxPixels,
  ffmpeg,
  ffprobe,
} as const;
