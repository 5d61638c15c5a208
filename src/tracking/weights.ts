import type { JudgeWeights } from './judge.js';

/** Placeholder until `npm run calibrate` writes this file. */
const FIRST: JudgeWeights = {
  landmark: {
    bias: 1,
    visibility: 0.6,
    outside: -1,
    beyond: -1,
    distance: -4,
    surprise: -1,
    posePresence: 0.1,
    contradiction: -3,
  },
  pose: { bias: 0, meanConfidence: 1.2, posePresence: 0.3, box: 1, noBox: -2, exchanged: -2 },
};

export const WEIGHTS: { readonly withSignals: JudgeWeights; readonly withoutSignals: JudgeWeights } = {
  withSignals: FIRST,
  withoutSignals: FIRST,
};
