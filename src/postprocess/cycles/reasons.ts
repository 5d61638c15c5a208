import type { NoCycles } from './person-cycles.js';

/** Why somebody has no cycles. */
export const REASONS: Readonly<Record<NoCycles, string>> = {
  'rarely seen': 'hips and feet of somebody upright are never seen for long enough',
  'few frames': 'fewer than ten frames in a second: too few to see steps',
  'not walking': 'the feet do not swing past each other: nobody walks',
  'too short': 'fewer than three heel strikes follow one another',
  'no repetition': 'the angle never goes from rest to a turn and back',
  'nothing repeats': 'nobody walks, and no angle of a joint repeats',
};

/** What to do about it. */
export const REMEDIES: Readonly<Record<NoCycles, string>> = {
  'rarely seen': 'Film the whole body, or permit less sure joints with --min-confidence 0.1.',
  'few frames': 'Analyse more frames of the video, without --every.',
  'not walking': 'For exercises use --kind repetitions.',
  'too short': 'Film some strides more, or follow the walker with the camera.',
  'no repetition': 'Choose another one with --angle, or leave it to --angle auto.',
  'nothing repeats': 'Name the angle with --angle: then a single repetition counts as well.',
};
