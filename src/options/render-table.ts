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
  ...inGroup('Outputs:', {
    output: {
      flags: '-o, --output <file>',
      help: 'output video, folder for it, or - for stdout (default: TABLE.render.mp4, with --beside TABLE.beside.mp4)',
      kind: outputFile(),
      onlyFlag: true,
      acts: 'writes',
    },
    overwrite: {
      flags: '--overwrite',
      help: 'replace an existing video',
      kind: flag(),
      default: false,
      onlyFlag: true,
      acts: 'permits',
    },
  }),
  ...inGroup('Inputs:', {
    anyVideo: {
      flags: '--any-video',
      help: 'allow a video other than the one analysed, e.g. a re-encoded copy',
      kind: flag(),
      default: false,
      acts: 'permits',
    },
  }),
  ...inGroup('Second run:', {
    beside: {
      flags: '--beside <file>',
      help: 'table of another run, shown on the right at the same height',
      kind: path(),
      acts: 'loads',
    },
    besideVideo: {
      flags: '--beside-video <clip>',
      help: 'video of the second table (default: the one in its run record)',
      kind: path(),
      acts: 'loads',
    },
    align: {
      flags: '--align <moments>',
      help: 'common moment: start, event (first heel strike or repetition), or a time of each table, e.g. 1.2,3.4',
      kind: read(parseAlignment, 'start, event, or two times separated by a comma, e.g. 1.2,3.4'),
      default: 'start',
    },
  }),
  ...inGroup('Appearance:', {
    minConfidence: {
      flags: '--min-confidence <0-1>',
      help: 'do not draw joints with lower confidence (joints below 0.5 are drawn faint)',
      kind: fraction(),
      default: 0,
    },
    black: { flags: '--black', help: 'draw skeletons on black', kind: flag(), default: false },
    sideBySide: {
      flags: '--side-by-side',
      help: 'show the original video on the left, the drawing on the right',
      kind: flag(),
      default: false,
    },
    colors: {
      flags: '--colors <choice>',
      help: 'sides (warm left, cool right), people (one colour each), or one colour, e.g. #ff8800',
      kind: read(readColours, 'sides, people or a colour, e.g. #ff8800'),
      default: 'sides',
    },
    trails: {
      flags: '--trails <time>',
      help: 'draw trails of joints over this time, e.g. 1.5s',
      kind: lastingSeconds(),
    },
    trailJoints: {
      flags: '--trail-joints <names>',
      help: 'joints with trails, separated by commas',
      kind: choices(LANDMARK_NAMES),
      default: 'left_wrist,right_wrist,left_ankle,right_ankle',
    },
    angleLabels: {
      flags: '--angle-labels <names>',
      help: 'write angles (degrees, 2D) beside their joints: knee, left_elbow ... or all, separated by commas',
      kind: choices(ANGLE_CHOICES),
    },
  }),
  minVisibility,
  labels,
  overlaySize,
  overlayCrf,
  maxSize,
  maxPixels,
  timeScale: { ...timeScale, help: 'time scale of the first table (default: from its run record)' },
  stall: { ...stall, group: 'System:', help: 'stop if no frame is finished for this long, in seconds or hh:mm:ss' },
  ffmpeg,
  ffprobe,
} as const;
