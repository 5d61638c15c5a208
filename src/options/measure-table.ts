import { CSV_DIALECTS } from '../formats/csv-dialect.js';
import { USUAL_CONFIDENCE } from '../formats/export-facts.js';
import { LANDMARK_NAMES } from '../model/blazepose.js';
import { choice, choices, flag, fraction, outputFile, stature } from './kinds.js';
import { calibration, jointPair, levelLine, pixelScale } from './measure-values.js';
import { inGroup } from './option.js';

/** The options of `bodyscript measure`. */
export const MEASURE = {
  ...inGroup('Scale (exactly one):', {
    personHeight: { flags: '--person-height <m>', help: 'height of every person in metres, 0.3-3', kind: stature() },
    scale: { flags: '--scale <px/m>', help: 'pixels per metre, taken as exact', kind: pixelScale() },
    calibrate: {
      flags: '--calibrate <x1,y1,x2,y2,m>',
      help: 'two points in pixels of the displayed video, and the metres between them',
      kind: calibration(),
    },
  }),
  ...inGroup('Measures:', {
    ground: {
      flags: '--ground <x1,y1,x2,y2>',
      help: 'two points of a level line, for a tilted camera (default: horizontal)',
      kind: levelLine(),
    },
    joints: {
      flags: '--joints <names>',
      help: 'also measure path and peak speed of these joints, e.g. left_wrist,nose',
      kind: choices(LANDMARK_NAMES),
    },
    between: {
      flags: '--between <joint,joint>',
      help: 'also measure the distance between two joints, e.g. left_heel,right_heel',
      kind: jointPair(),
    },
    minConfidence: {
      flags: '--min-confidence <0-1>',
      help: 'ignore joints with lower confidence',
      kind: fraction(),
      default: USUAL_CONFIDENCE,
    },
  }),
  ...inGroup('Outputs:', {
    output: {
      flags: '-o, --output <file>',
      help: 'output file, folder for it, or - for stdout (default: TABLE.measures.csv)',
      kind: outputFile(),
      onlyFlag: true,
      acts: 'writes',
    },
    csvDialect: {
      flags: '--csv-dialect <name>',
      help: 'plain (commas, decimal points) or excel-eu (semicolons, decimal commas)',
      kind: choice(CSV_DIALECTS),
      default: 'plain',
    },
    overwrite: {
      flags: '--overwrite',
      help: 'replace existing files',
      kind: flag(),
      default: false,
      onlyFlag: true,
      acts: 'permits',
    },
  }),
} as const;
