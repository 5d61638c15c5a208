import { LANDMARK_EVIDENCE } from '../../../src/tracking/evidence.js';
import { SCORE_EVIDENCE } from '../../../src/tracking/judge.js';
import type { FittedClip } from './fitted-clips.js';

interface Fitted {
  readonly landmark: Float64Array;
  readonly pose: Float64Array;
}

const named = (names: readonly string[], weights: Float64Array) =>
  names.map((name, i) => `      ${name}: ${Number(weights[i]!.toFixed(3))},`).join('\n');

const block = (name: string, { landmark, pose }: Fitted) => `  ${name}: {
    landmark: {
${named(LANDMARK_EVIDENCE, landmark)}
    },
    pose: {
${named(SCORE_EVIDENCE, pose)}
    },
  },`;

/** The source file that holds the fitted weights. */
export function weightsFile(
  { withSignals, withoutSignals }: { readonly withSignals: Fitted; readonly withoutSignals: Fitted },
  clips: readonly FittedClip[],
): string {
  const list = clips.map(({ clip, degradation }) => (degradation ? `${clip} (${degradation})` : clip)).join(', ');
  return `import type { JudgeWeights } from './evidence.js';

// Written by \`npm run calibrate\`; do not edit. Fitted on the samples ${list}.

export const WEIGHTS: { readonly withSignals: JudgeWeights; readonly withoutSignals: JudgeWeights } = {
${block('withSignals', withSignals)}
${block('withoutSignals', withoutSignals)}
};
`;
}
