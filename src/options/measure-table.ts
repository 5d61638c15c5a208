import { CSV_DIALECTS } from '../formats/csv-dialect.js';
import { USUAL_CONFIDENCE } from '../formats/export-facts.js';
import { LANDMARK_NAMES } from '../model/blazepose.js';
import { choice, choices, flag, fraction, outputFile, stature } from './kinds.js';
import { calibration, jointPair, levelLine, pixelScale } from './measure-values.js';
import { inGroup } from './option.js';

/** The options of `bodyscript measure`. */
export const MEASURE = {
  ...inGroup('Scale, exactly one:', {
    personHeight: { flags: '--person-height <m>', help: 'metres from head to heel, of everybody', kind: stature() },
    scale: { flags: '--scale <px/m>', help: 'pixels in a metre, taken as exact', kind: pixelScale() },
    calibrate: {
      flags: '--calibrate <x1,y1,x2,y2,m>',
      help: 'two points of the displayed picture, and the metres between them',
      kind: calibration(),
    },
  }),
  ...inGroup('What to measure:', {
    ground: {
      flags: '--ground <x1,y1,x2,y2>',
      help: "two points of a line that is level, for a tilted camera; else the picture's horizontal",
      kind: levelLine(),
    },
    joints: {
      flags: '--joints <names>',
      help: 'path and peak speed of these as well, as left_wrist,nose',
      kind: choices(LANDMARK_NAMES),
    },
    between: {
      flags: '--between <joint,joint>',
      help: 'how far these are apart, as left_heel,right_heel',
      kind: jointPair(),
    },
    minConfidence: {
      flags: '--min-confidence <0-1>',
      help: 'joints less sure are taken for unseen',
      kind: fraction(),
      default: USUAL_CONFIDENCE,
    },
  }),
  ...inGroup('What to write:', {
    output: {
      flags: '-o, --output <file>',
      help: 'the measures, or a folder for them; TABLE.measures.csv if not given; - for stdout',
      kind: outputFile(),
      onlyFlag: true,
      acts: 'writes',
    },
    csvDialect: {
      flags: '--csv-dialect <name>',
      help: 'plain: commas and decimal points; excel-eu: semicolons and decimal commas',
      kind: choice(CSV_DIALECTS),
      default: 'plain',
    },
    overwrite: {
      flags: '--overwrite',
      help: 'replace files that exist',
      kind: flag(),
      default: false,
      onlyFlag: true,
      acts: 'permits',
    },
  }),
} as const;
