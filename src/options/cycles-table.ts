import { CSV_DIALECTS } from '../formats/csv-dialect.js';
import { JOINT_ANGLES } from '../formats/person-angles.js';
import { choice, flag, fraction, path, stature } from './kinds.js';
import { inGroup } from './option.js';

/** What is looked for. */
const CYCLE_KINDS = ['auto', 'gait', 'repetitions'] as const;

/** The options of `bodyscript cycles`. */
export const CYCLES = {
  ...inGroup('Detection:', {
    kind: {
      flags: '--kind <what>',
      help: 'gait (heel strikes, toe-offs), repetitions (of an angle), or auto (gait if a person walks)',
      kind: choice(CYCLE_KINDS),
      default: 'auto',
    },
    angle: {
      flags: '--angle <name>',
      help: 'joint angle for repetitions, e.g. left_knee; auto: the one with the largest periodic range',
      kind: choice(['auto', ...JOINT_ANGLES]),
      default: 'auto',
    },
    minConfidence: {
      flags: '--min-confidence <0-1>',
      help: 'ignore joints with lower confidence',
      kind: fraction(),
      default: 0.3,
    },
    personHeight: {
      flags: '--person-height <m>',
      help: "height of the person in metres, 0.3-3, to scale step lengths and speed (default: the network's scale)",
      kind: stature(),
    },
  }),
  ...inGroup('Outputs:', {
    output: {
      flags: '-o, --output <stem>',
      help: 'path of the outputs without suffix, or a folder (existing, or ending in /) (default: beside the table)',
      kind: path(),
      onlyFlag: true,
      acts: 'writes',
    },
    plots: {
      flags: '--plots',
      negated: 'no plots',
      help: 'write plots as STEM.cycles.svg and STEM.cycles.png',
      kind: flag(),
      default: true,
    },
    csvDialect: {
      flags: '--csv-dialect <name>',
      help: 'plain (commas, decimal points) or excel-eu (semicolons, decimal commas)',
      kind: choice(CSV_DIALECTS),
      default: 'plain',
    },
    json: { flags: '--json', help: 'write the summary as JSON to stdout', kind: flag(), default: false },
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
