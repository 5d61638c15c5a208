import type { NoCycles } from './person-cycles.js';

/** Why a person has no cycles: what follows after "person 2". */
export const REASONS: Readonly<Record<NoCycles, string>> = {
  'rarely seen': 'is never seen upright, with hips and feet, for long enough',
  'few frames': 'is seen in fewer than ten frames a second, too few for steps',
  'not walking': 'does not walk: the feet do not swing past each other',
  backwards: 'walks backwards, where the heel strikes last: its steps are not measured',
  pedalling: 'pedals: the feet go round, and no heel strikes',
  'in place': 'marches on the spot: the feet go up and down, not past each other',
  'too short': 'walks for too short a time: fewer than three heel strikes follow one another',
  'no repetition': 'never moves the angle from rest to a turn and back',
  'nothing repeats': 'does not walk, and repeats no joint angle',
};

/** What to do about it. */
export const REMEDIES: Readonly<Record<NoCycles, string>> = {
  'rarely seen': 'Film the whole body, or permit less sure joints with --min-confidence 0.1.',
  'few frames': 'Analyse more frames of the video, without --every.',
  'not walking': 'For exercises use --kind repetitions.',
  backwards: 'Film somebody who walks forwards, or count the repetitions of an angle with --kind repetitions.',
  pedalling: 'Count the turns with --kind repetitions --angle left_knee.',
  'in place': 'Count the steps with --kind repetitions --angle left_hip.',
  'too short': 'Film some strides more, or follow the walker with the camera.',
  'no repetition': 'Choose another one with --angle, or leave it to --angle auto.',
  'nothing repeats': 'Name the angle with --angle: then a single repetition counts as well.',
};
