import { ANGLE_CHOICES } from '../draw/angle-labels.js';
import { readColours } from '../draw/colours.js';
import { LANDMARK_NAMES } from '../model/blazepose.js';
import { ANALYZE } from './analyze-table.js';
import { choices, flag, fraction, lastingSeconds, outputFile, path, read } from './kinds.js';
import { inGroup } from './option.js';
import { parseAlignment } from './parse-values.js';

const { minVisibility, labels, overlaySize, overlayCrf, maxSize, maxPixels, timeScale, stall, ffmpeg, ffprobe } =
  ANALYZE;

/** The options of `bodyscript render`. */
export const RENDER = {
  ...inGroup('What to write:', {
    output: {
      flags: '-o, --output <file>',
      help: 'the film, or a folder for it; TABLE.render.mp4 (with --beside TABLE.beside.mp4) if not given; - for stdout',
      kind: outputFile(),
      onlyFlag: true,
      acts: 'writes',
    },
    overwrite: {
      flags: '--overwrite',
      help: 'replace a film that exists',
      kind: flag(),
      default: false,
      onlyFlag: true,
      acts: 'permits',
    },
  }),
  ...inGroup('What to read:', {
    anyVideo: {
      flags: '--any-video',
      help: 'permit a video of other content than the one analysed, such as a copy of other quality',
      kind: flag(),
      default: false,
      acts: 'permits',
    },
  }),
  ...inGroup('Another run beside it:', {
    beside: {
      flags: '--beside <file>',
      help: 'the table of another run, which is shown at the right at the same height',
      kind: path(),
      acts: 'loads',
    },
    besideVideo: {
      flags: '--beside-video <clip>',
      help: "that table's video; the one that its run record names if not given",
      kind: path(),
      acts: 'loads',
    },
    align: {
      flags: '--align <moments>',
      help: 'what is shown at once: start; event: the first heel strike or repetition; or a time of each table, as 1.2,3.4',
      kind: read(parseAlignment, 'start, event, or two times separated by a comma, e.g. 1.2,3.4'),
      default: 'start',
    },
  }),
  ...inGroup('How it looks:', {
    minConfidence: {
      flags: '--min-confidence <0-1>',
      help: 'leave out joints that are less sure (without it, those below 0.5 are faint)',
      kind: fraction(),
      default: 0,
    },
    black: { flags: '--black', help: 'skeletons on black', kind: flag(), default: false },
    sideBySide: {
      flags: '--side-by-side',
      help: "the video's picture at the left, what is drawn at the right",
      kind: flag(),
      default: false,
    },
    colors: {
      flags: '--colors <choice>',
      help: 'sides: warm left, cool right; people: one for each person; or one for all, as #ff8800',
      kind: read(readColours, 'sides, people or a colour, e.g. #ff8800'),
      default: 'sides',
    },
    trails: {
      flags: '--trails <time>',
      help: 'joints leave a trail of this length, such as 1.5s',
      kind: lastingSeconds(),
    },
    trailJoints: {
      flags: '--trail-joints <names>',
      help: 'which joints do, with commas',
      kind: choices(LANDMARK_NAMES),
      default: 'left_wrist,right_wrist,left_ankle,right_ankle',
    },
    angleLabels: {
      flags: '--angle-labels <names>',
      help: 'write joint angles (degrees in the picture) beside their joints: knee, left_elbow ... or all; with commas',
      kind: choices(ANGLE_CHOICES),
    },
  }),
  minVisibility,
  labels,
  overlaySize,
  overlayCrf,
  maxSize,
  maxPixels,
  timeScale: { ...timeScale, help: 'as the first table was made with; usually its run record says' },
  stall: { ...stall, help: 'end when no frame moves for this long' },
  ffmpeg,
  ffprobe,
} as const;
