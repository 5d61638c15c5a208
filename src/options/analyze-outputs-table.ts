import { CSV_DIALECTS } from '../formats/csv-dialect.js';
import { EXPORT_FORMATS } from '../formats/export-formats.js';
import { DEFAULT_OUT } from './default-out.js';
import {
  choice,
  choices,
  flag,
  folderOrBucket,
  fraction,
  lastingSeconds,
  matching,
  place,
  stature,
  whole,
} from './kinds.js';
import { inGroup } from './option.js';

const CSV_LAYOUTS = ['long', 'wide'] as const;
export const SMALLEST_PICTURE_PX = 16;
const HIGHEST_CRF = 51;

/** Which results `bodyscript analyze` writes. */
export const WRITE = inGroup('What to write:', {
  out: {
    flags: '-o, --out <dir>',
    help: 'folder for the results, or s3://BUCKET/PREFIX',
    kind: folderOrBucket(),
    default: DEFAULT_OUT,
    acts: 'writes',
  },
  csv: {
    flags: '--csv <auto|file|->',
    negated: 'no landmark table',
    help: 'landmark table; auto: OUT/NAME.csv; -: stdout, and no other output unless you name it',
    kind: place(),
    acts: 'writes',
  },
  csvLayout: {
    flags: '--csv-layout <name>',
    help: 'long: a row for each landmark; wide: a row for each person in a frame',
    kind: choice(CSV_LAYOUTS),
    default: 'long',
  },
  csvDialect: {
    flags: '--csv-dialect <name>',
    help: 'of all CSV files; plain: commas and decimal points; excel-eu: semicolons and decimal commas',
    kind: choice(CSV_DIALECTS),
    default: 'plain',
  },
  ndjson: {
    flags: '--ndjson <auto|file|->',
    negated: 'no NDJSON',
    help: 'an object of JSON for each frame, one on each line; auto: OUT/NAME.ndjson',
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
    help: 'how each doubtful frame was decided, as NAME.attempts.ndjson',
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
    help: 'detection rate, jumps, swaps, jitter and more, overall and for each person, as NAME.quality.json',
    kind: flag(),
    default: false,
  },
  export: {
    flags: '--export <formats>',
    help: `the table for other tools as well: ${EXPORT_FORMATS.join(', ')}; with commas`,
    kind: choices(EXPORT_FORMATS),
  },
  personHeight: {
    flags: '--person-height <m>',
    help: "height of the person in metres: TRC and C3D markers are then the picture's pixels in metres, and move through the picture; without it they are the networks' metres, with the hips at 0. It scales opensim's markers as well",
    kind: stature(),
  },
  contactSheet: {
    flags: '--contact-sheet',
    help: 'a grid of pictures at regular times and at the lowest scores, as NAME.contact-sheet.jpg',
    kind: flag(),
    default: false,
  },
  thumbnail: {
    flags: '--thumbnail',
    help: 'the picture that shows a person best, as NAME.thumbnail.jpg',
    kind: flag(),
    default: false,
  },
  preview: {
    flags: '--preview <time>',
    help: 'this many seconds of the overlay, small and without sound, from the first frame with somebody, as NAME.preview.mp4',
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
    help: 'replace results of another video',
    kind: flag(),
    default: false,
    acts: 'permits',
  },
  name: {
    flags: '--name <name>',
    help: 'what the results of a video from stdin are called',
    kind: matching(/^[^/\\]+$/, 'a file name without folders'),
    default: 'stdin',
  },
});

/** How they look. */
export const STYLE = inGroup('How the overlay looks:', {
  minVisibility: {
    flags: '--min-visibility <0-1>',
    help: 'joints that are neither this visible nor this sure are not drawn',
    kind: fraction(),
    default: 0.5,
  },
  labels: {
    flags: '--labels',
    help: 'write frame, time and strategy into the picture',
    kind: flag(),
    default: false,
  },
  overlaySize: {
    flags: '--overlay-size <px>',
    help: 'a smaller overlay, with this many pixels on the longer side: smaller files, less memory and time; never larger than the pictures',
    kind: whole(SMALLEST_PICTURE_PX),
  },
  overlayCrf: {
    flags: '--overlay-crf <0-51>',
    help: 'quality, lower is better',
    kind: whole(0, HIGHEST_CRF),
    default: 23,
  },
});
