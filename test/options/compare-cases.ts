import type { COMPARE } from '../../src/options/compare-table.js';
import type { Case, Entry } from './idle-case.js';

const forPicture = (name: string): Case => ({
  idle: [[{ [name]: 'x' }, 'it is only used with --picture']],
  counts: [{ [name]: 'x', picture: 'worst', video: 'a.mp4' }],
});

/** What a judgement needs. */
const judged = <Name extends string>(values: Record<Name, unknown>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]): [string, Case] => [
      name,
      { idle: [[{ [name]: value, plot: 'a.svg' }, '--plot does not judge']], counts: [{ [name]: value }] },
    ]),
  ) as Record<Name, Case>;

/** When options of `bodyscript compare` change nothing. */
export const COMPARE_CASES: Record<keyof typeof COMPARE, Entry> = {
  ...judged({
    tolerance: '3px',
    depthTolerance: '3px',
    worldTolerance: '3cm',
    visibilityTolerance: '0.2',
    confidenceTolerance: '0.2',
    minVisibility: '0.2',
    maxDifferent: '3',
    maxMissing: '3',
    maxSwaps: '3',
  }),
  landmarks: 'numbers',
  ...judged({ json: true, junit: 'a.xml', markdown: 'a.md' }),
  overwrite: 'limit',
  ...judged({ worst: '3', picture: 'worst', video: 'a.mp4' }), // It needs --picture: `runCompare`.
  anyVideo: {
    idle: [[{ anyVideo: true }, 'it is only used with --picture']],
    counts: [{ anyVideo: true, picture: 'worst', video: 'a.mp4' }],
  },
  plot: 'output',
  update: 'output', // Not with --plot: `runCompare`.
  ffmpeg: forPicture('ffmpeg'),
  ffprobe: forPicture('ffprobe'),
};
