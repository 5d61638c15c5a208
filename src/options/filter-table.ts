import { CSV_DIALECTS } from '../formats/csv-dialect.js';
import { choice, flag, fraction, outputFile, positive, whole } from './kinds.js';
import { inGroup } from './option.js';

const SMOOTHINGS = ['none', 'butterworth', 'savitzky-golay', 'median', 'loess', 'one-euro'] as const;

/** The options of `bodyscript filter`. */
export const FILTER = {
  ...inGroup('What to write:', {
    output: {
      flags: '-o, --output <file>',
      help: 'the filtered table, or a folder for it; TABLE.filtered.csv if not given; - for stdout',
      kind: outputFile(),
      onlyFlag: true,
      acts: 'writes',
    },
    motion: {
      flags: '--motion',
      help: 'velocities and accelerations as well (pixels and metres, seconds), as TABLE.motion.csv',
      kind: flag(),
      default: false,
    },
    csvDialect: {
      flags: '--csv-dialect <name>',
      help: 'plain: commas and decimal points; excel-eu: semicolons and decimal commas',
      kind: choice(CSV_DIALECTS),
      default: 'plain',
    },
    overwrite: {
      flags: '--overwrite',
      help: 'replace files that exist',
      kind: flag(),
      default: false,
      onlyFlag: true,
      acts: 'permits',
    },
  }),
  ...inGroup('Gaps and errors:', {
    maxGap: {
      flags: '--max-gap <frames>',
      help: 'longest gap that is filled; longer ones stay empty',
      kind: whole(0),
      default: 10,
    },
    fill: { flags: '--fill <how>', help: 'linear or cubic', kind: choice(['linear', 'cubic']), default: 'linear' },
    rejectOutliers: {
      flags: '--reject-outliers',
      help: "take single jumps for errors (Hampel's filter), and fill them like gaps",
      kind: flag(),
      default: false,
    },
  }),
  ...inGroup('Smoothing:', {
    smooth: {
      flags: '--smooth <filter>',
      help: SMOOTHINGS.join(', '),
      kind: choice(SMOOTHINGS),
      default: 'butterworth',
    },
    cutoff: { flags: '--cutoff <Hz>', help: 'butterworth: cutoff frequency', kind: positive(), default: 6 },
    order: {
      flags: '--order <2|4>',
      help: 'butterworth: its order, forwards and backwards together',
      kind: choice(['2', '4']),
      default: '4',
    },
    window: {
      flags: '--window <frames>',
      help: 'savitzky-golay, median: odd number of frames',
      kind: whole(3, 999),
      default: 9,
    },
    polynomial: { flags: '--polynomial <n>', help: 'savitzky-golay: degree', kind: whole(1, 7), default: 3 },
    share: { flags: '--share <0-1>', help: 'loess: share of the values around', kind: fraction(), default: 0.05 },
    minCutoff: { flags: '--min-cutoff <Hz>', help: 'one-euro: cutoff at rest', kind: positive(), default: 1 },
    beta: { flags: '--beta <n>', help: 'one-euro: how much quicker in motion', kind: positive(), default: 0.5 },
  }),
} as const;
