import { CSV_DIALECTS } from '../formats/csv-dialect.js';
import { choice, flag, fraction, outputFile, positive, whole } from './kinds.js';
import { inGroup } from './option.js';

const SMOOTHINGS = ['none', 'butterworth', 'savitzky-golay', 'median', 'loess', 'one-euro'] as const;

/** The options of `bodyscript filter`. */
export const FILTER = {
  ...inGroup('Outputs:', {
    output: {
      flags: '-o, --output <file>',
      help: 'output table, folder for it, or - for stdout (default: TABLE.filtered.csv)',
      kind: outputFile(),
      onlyFlag: true,
      acts: 'writes',
    },
    motion: {
      flags: '--motion',
      help: 'also write velocities and accelerations (px/s, m/s, px/s2, m/s2), as TABLE.motion.csv',
      kind: flag(),
      default: false,
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
  ...inGroup('Gaps and errors:', {
    maxGap: {
      flags: '--max-gap <frames>',
      help: 'longest gap to fill, in frames; longer gaps stay empty',
      kind: whole(0),
      default: 10,
    },
    fill: {
      flags: '--fill <how>',
      help: 'interpolation of gaps: linear or cubic',
      kind: choice(['linear', 'cubic']),
      default: 'linear',
    },
    rejectOutliers: {
      flags: '--reject-outliers',
      help: 'remove single jumps (Hampel filter) and fill them like gaps',
      kind: flag(),
      default: false,
    },
  }),
  ...inGroup('Smoothing:', {
    smooth: {
      flags: '--smooth <filter>',
      help: `filter: ${SMOOTHINGS.join(', ')}`,
      kind: choice(SMOOTHINGS),
      default: 'butterworth',
    },
    cutoff: {
      flags: '--cutoff <Hz>',
      help: 'butterworth: cutoff frequency of each pass, in Hz',
      kind: positive(),
      default: 6,
    },
    order: {
      flags: '--order <2|4>',
      help: 'butterworth: order of both passes together, 2 or 4',
      kind: choice(['2', '4']),
      default: '4',
    },
    window: {
      flags: '--window <frames>',
      help: 'savitzky-golay, median: window length, an odd number of frames, 3-999',
      kind: whole(3, 999),
      default: 9,
    },
    polynomial: {
      flags: '--polynomial <n>',
      help: 'savitzky-golay: polynomial degree, 1-7',
      kind: whole(1, 7),
      default: 3,
    },
    share: {
      flags: '--share <0-1>',
      help: 'loess: share of all values in each local fit',
      kind: fraction(),
      default: 0.05,
    },
    minCutoff: { flags: '--min-cutoff <Hz>', help: 'one-euro: cutoff at rest, in Hz', kind: positive(), default: 1 },
    beta: { flags: '--beta <n>', help: 'one-euro: increase of the cutoff with speed', kind: positive(), default: 0.5 },
  }),
} as const;
