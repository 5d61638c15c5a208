import { CSV_DIALECTS } from '../formats/csv-dialect.js';
import { EXPORT_FORMATS } from '../formats/export-formats.js';
import { DEFAULT_OUT } from './default-out.js';
import { choice, choices, flag, fraction, lastingSeconds, matching, path, place, stature, whole } from './kinds.js';
import { inGroup } from './option.js';

const CSV_LAYOUTS = ['long', 'wide'] as const;
export const SMALLEST_PICTURE_PX = 16;
const HIGHEST_CRF = 51;

/** The options for the results of `bodyscript analyze`. */
export const WRITE = inGroup('Outputs:', {
  out: { flags: '-o, --out <dir>', help: 'output folder', kind: path(), default: DEFAULT_OUT, acts: 'writes' },
  csv: {
    flags: '--csv <auto|file|->',
    negated: 'no landmark table',
    help: 'landmark table; auto: OUT/NAME.csv; -: stdout, and no other output unless requested',
    kind: place(),
    acts: 'writes',
  },
  csvLayout: {
    flags: '--csv-layout <name>',
    help: 'long (one row per landmark) or wide (one row per person and frame)',
    kind: choice(CSV_LAYOUTS),
    default: 'long',
  },
  csvDialect: {
    flags: '--csv-dialect <name>',
    help: 'format of all CSV files: plain (commas, decimal points) or excel-eu (semicolons, decimal commas)',
    kind: choice(CSV_DIALECTS),
    default: 'plain',
  },
  ndjson: {
    flags: '--ndjson <auto|file|->',
    negated: 'no NDJSON',
    help: 'one JSON object per frame and line; auto: OUT/NAME.ndjson; -: stdout',
    kind: place(),
    acts: 'writes',
  },
  overlay: {
    flags: '--overlay <auto|file|->',
    negated: 'no overlay video (faster, less memory)',
    help: 'video with skeletons; auto: OUT/NAME.overlay.mp4; -: fragmented MP4 without sound on stdout',
    kind: place(),
    acts: 'writes',
  },
  explain: {
    flags: '--explain',
    help: 'the attempts at each uncertain frame and the decision, as NAME.attempts.ndjson',
    kind: flag(),
    default: false,
  },
  angles: {
    flags: '--angles',
    help: 'joint and segment angles in 2D and 3D, as NAME.angles.csv',
    kind: flag(),
    default: false,
  },
  quality: {
    flags: '--quality',
    help: 'detection rate, jumps, swaps, jitter and more, overall and per person, as NAME.quality.json',
    kind: flag(),
    default: false,
  },
  export: {
    flags: '--export <formats>',
    help: `also export the table: ${EXPORT_FORMATS.join(', ')} (separated by commas)`,
    kind: choices(EXPORT_FORMATS),
  },
  personHeight: {
    flags: '--person-height <m>',
    help: 'height of the person in metres, 0.3-3: scales the markers of trc, c3d and opensim (see "bodyscript help exports")',
    kind: stature(),
  },
  contactSheet: {
    flags: '--contact-sheet',
    help: 'grid of frames at regular times and at the lowest scores, as NAME.contact-sheet.jpg',
    kind: flag(),
    default: false,
  },
  thumbnail: {
    flags: '--thumbnail',
    help: 'frame that best shows a person, as NAME.thumbnail.jpg',
    kind: flag(),
    default: false,
  },
  preview: {
    flags: '--preview <time>',
    help: 'length in seconds of a small, silent overlay from the first frame with a person, as NAME.preview.mp4',
    kind: lastingSeconds(),
  },
  plots: {
    flags: '--plots',
    help: 'status, score and joint angles over time, as NAME.plots.svg and NAME.plots.png',
    kind: flag(),
    default: false,
  },
  overwrite: {
    flags: '--overwrite',
    help: 'replace the results of another video',
    kind: flag(),
    default: false,
    acts: 'permits',
  },
  name: {
    flags: '--name <name>',
    help: 'base name of the results of a video from stdin',
    kind: matching(/^[^/\\]+$/, 'a file name without folders'),
    default: 'stdin',
  },
});

/** How they look. */
export const STYLE = inGroup('Overlay:', {
  minVisibility: {
    flags: '--min-visibility <0-1>',
    help: 'do not draw joints with lower visibility and confidence',
    kind: fraction(),
    default: 0.5,
  },
  labels: {
    flags: '--labels',
    help: 'write frame number, time and strategy into the video',
    kind: flag(),
    default: false,
  },
  overlaySize: {
    flags: '--overlay-size <px>',
    help: 'scale the overlay down to this many pixels on the longer side (smaller file, less memory and time)',
    kind: whole(SMALLEST_PICTURE_PX),
  },
  overlayCrf: {
    flags: '--overlay-crf <0-51>',
    help: 'quality of the overlay video (CRF): lower is better and larger',
    kind: whole(0, HIGHEST_CRF),
    default: 23,
  },
});
