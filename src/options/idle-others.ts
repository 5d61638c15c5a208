import type { COMPARE } from './compare-table.js';
import type { CYCLES } from './cycles-table.js';
import type { FILTER } from './filter-table.js';
import type { GENERAL } from './general-table.js';
import type { Idle, IdleRules } from './idle.js';
import type { Values } from './option.js';
import type { RENDER } from './render-table.js';

function belongsTo(...filters: readonly Values<typeof FILTER>['smooth'][]) {
  return ({ smooth }: Values<typeof FILTER>): Idle | undefined =>
    filters.includes(smooth)
      ? undefined
      : { because: `--smooth ${smooth} does not use it`, unless: `choose --smooth ${filters.join(' or ')}` };
}

export const IDLE_FILTER: IdleRules<typeof FILTER> = {
  fill: ({ maxGap }) =>
    maxGap === 0 ? { because: '--max-gap 0 fills nothing', unless: 'choose a larger --max-gap' } : undefined,
  cutoff: belongsTo('butterworth'),
  order: belongsTo('butterworth'),
  window: belongsTo('savitzky-golay', 'median'),
  polynomial: belongsTo('savitzky-golay'),
  share: belongsTo('loess'),
  minCutoff: belongsTo('one-euro'),
  beta: belongsTo('one-euro'),
};

export const IDLE_CYCLES: IdleRules<typeof CYCLES> = {
  angle: ({ kind }) =>
    kind === 'gait'
      ? { because: '--kind gait counts steps, not repetitions', unless: 'choose --kind repetitions' }
      : undefined,
  personHeight: ({ kind, angle }) =>
    kind === 'repetitions' || angle !== 'auto'
      ? { because: 'repetitions have no lengths', unless: 'choose --kind gait' }
      : undefined,
};

const needsBeside = ({ beside }: Values<typeof RENDER>): Idle | undefined =>
  beside === undefined ? { because: 'no other run is shown', unless: 'add --beside TABLE' } : undefined;

export const IDLE_RENDER: IdleRules<typeof RENDER> = {
  besideVideo: needsBeside,
  align: needsBeside,
  trailJoints: ({ trails }) =>
    trails === undefined ? { because: 'no joint leaves a trail', unless: 'add --trails 1.5s' } : undefined,
};

const needsPicture = ({ picture }: Values<typeof COMPARE>): Idle | undefined =>
  picture === undefined
    ? { because: 'it is only used with --picture', unless: 'add --picture and --video' }
    : undefined;

const judges = ({ plot }: Values<typeof COMPARE>): Idle | undefined =>
  plot === undefined ? undefined : { because: '--plot does not judge', unless: 'leave out --plot' };

export const IDLE_COMPARE: IdleRules<typeof COMPARE> = {
  tolerance: judges,
  depthTolerance: judges,
  worldTolerance: judges,
  visibilityTolerance: judges,
  confidenceTolerance: judges,
  minVisibility: judges,
  maxDifferent: judges,
  maxMissing: judges,
  maxSwaps: judges,
  json: judges,
  junit: judges,
  markdown: judges,
  worst: judges,
  picture: judges,
  video: judges,
  anyVideo: needsPicture,
  ffmpeg: needsPicture,
  ffprobe: needsPicture,
};

export const IDLE_GENERAL: IdleRules<typeof GENERAL> = {
  color: ({ logJson }) =>
    logJson ? { because: '--log-json writes JSON without colours', unless: 'leave out --log-json' } : undefined,
  logLevel: ({ quiet, logLevel }) =>
    quiet && logLevel !== 'error' ? { because: '--quiet shows errors only', unless: 'leave out --quiet' } : undefined,
};
