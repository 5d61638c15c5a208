import { ANALYZE } from './analyze-table.js';
import { whole } from './kinds.js';
import { inGroup } from './option.js';

const MOST_PARTS = 100_000;

/** The options of `bodyscript plan` shared with `bodyscript analyze`: the videos, and their selected range. */
const { out, fromFile, null: nul, include, exclude, hidden, follow, ffmpeg, ffprobe } = ANALYZE;
const { start, end, every, maxFrames, maxSize, segments } = ANALYZE;

/** The options of `bodyscript plan`. */
export const PLAN = {
  ...inGroup('Plan:', {
    parts: {
      flags: '--parts <n>',
      help: 'number of parts, one per task of the scheduler',
      kind: whole(1, MOST_PARTS),
      onlyFlag: true,
    },
    json: { flags: '--json', help: 'write the result as JSON to stdout', kind: ANALYZE.hidden.kind, default: false },
  }),
  out: { ...out, help: 'folder for the results, or s3://BUCKET/PREFIX' },
  fromFile,
  null: nul,
  include,
  exclude,
  hidden,
  follow,
  start,
  end,
  every,
  maxFrames,
  maxSize,
  segments: { ...segments, help: 'divide long videos among parts, in segments of 30 s; auto: from 10 minutes on' },
  ffmpeg,
  ffprobe,
} as const;
