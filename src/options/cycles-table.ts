import { CSV_DIALECTS } from '../formats/csv-dialect.js';
import { JOINT_ANGLES } from '../formats/person-angles.js';
import { choice, flag, fraction, path, stature } from './kinds.js';
import { inGroup } from './option.js';

/** What is looked for. */
const CYCLE_KINDS = ['auto', 'gait', 'repetitions'] as const;

/** The options of `bodyscript cycles`. */
export const CYCLES = {
  ...inGroup('What to look for:', {
    kind: {
      flags: '--kind <what>',
      help: 'gait: heel strikes and toe-offs; repetitions: of an angle; auto: gait of who walks, else repetitions',
      kind: choice(CYCLE_KINDS),
      default: 'auto',
    },
    angle: {
      flags: '--angle <name>',
      help: 'count the repetitions of this one, as left_knee; auto: the one with the largest periodic range',
      kind: choice(['auto', ...JOINT_ANGLES]),
      default: 'auto',
    },
    minConfidence: {
      flags: '--min-confidence <0-1>',
      help: 'joints less sure are taken for unseen',
      kind: fraction(),
      default: 0.3,
    },
    personHeight: {
      flags: '--person-height <m>',
      help: "metres from head to heel, to scale step lengths and speed; else the networks' metres",
      kind: stature(),
    },
  }),
  ...inGroup('What to write:', {
    output: {
      flags: '-o, --output <stem>',
      help: 'path of the results without suffix, or a folder (it exists, or ends with /); beside the table if not given',
      kind: path(),
      onlyFlag: true,
      acts: 'writes',
    },
    plots: {
      flags: '--plots',
      negated: 'no plots',
      help: 'plots as STEM.cycles.svg and STEM.cycles.png',
      kind: flag(),
      default: true,
    },
    csvDialect: {
      flags: '--csv-dialect <name>',
      help: 'plain: commas and decimal points; excel-eu: semicolons and decimal commas',
      kind: choice(CSV_DIALECTS),
      default: 'plain',
    },
    json: { flags: '--json', help: 'the summary as JSON on stdout', kind: flag(), default: false },
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
