import type { NoCycles } from './person-cycles.js';

/** Why a person has no cycles: the text after "person 2". */
export const REASONS: Readonly<Record<NoCycles, string>> = {
  'rarely seen': 'is not visible upright, with hips and feet, for long enough',
  'few frames': 'is visible in fewer than ten frames per second, too few for steps',
  'not walking': 'does not walk: the feet do not swing past each other',
  backwards: 'walks backwards: steps are only measured forwards',
  pedalling: 'pedals: the feet turn, and no heel strikes',
  'in place': 'marches on the spot: the feet move up and down, not past each other',
  'too short': 'walks too briefly: fewer than three heel strikes in a row',
  'no repetition': 'never bends and returns that angle',
  'nothing repeats': 'has fewer than three heel strikes in a row, and no joint angle repeats',
};

/** The remedy. */
export const REMEDIES: Readonly<Record<NoCycles, string>> = {
  'rarely seen': 'Film the whole body, or allow less certain joints with --min-confidence 0.1.',
  'few frames': 'Analyse more frames of the video, without --every.',
  'not walking': 'For exercises use --kind repetitions.',
  backwards: 'Film a person who walks forwards, or count the repetitions of an angle with --kind repetitions.',
  pedalling: 'Count the revolutions with --kind repetitions --angle left_knee.',
  'in place': 'Count the steps with --kind repetitions --angle left_hip.',
  'too short': 'Film more strides, or follow the person with the camera.',
  'no repetition': 'Choose another angle with --angle, or use --angle auto.',
  'nothing repeats': 'Choose the angle with --angle: then a single repetition counts, too.',
};
