import { ANALYZE } from './analyze-table.js';
import { path, whole } from './kinds.js';
import { inGroup } from './option.js';

const MOST_PARTS = 100_000;

/** The options of `bodyscript plan` that `bodyscript analyze` has too: which videos, and how much of them. */
const { out, fromFile, null: nul, include, exclude, hidden, follow, ffmpeg, ffprobe } = ANALYZE;
const { start, end, every, maxFrames, maxSize } = ANALYZE;

/** The options of `bodyscript plan`. */
export const PLAN = {
  ...inGroup('The plan:', {
    parts: {
      flags: '--parts <n>',
      help: 'number of parts, one for each task of the scheduler',
      kind: whole(1, MOST_PARTS),
      onlyFlag: true,
    },
    json: { flags: '--json', help: 'the result as JSON on stdout', kind: ANALYZE.hidden.kind, default: false },
  }),
  out: { ...out, help: 'folder for the results', kind: path() },
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
  ffmpeg,
  ffprobe,
} as const;
