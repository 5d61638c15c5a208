import { describe, expect, test } from 'vitest';
import { toAnalyzeOptions } from '../../src/options/analyze-options.js';
import { ANALYZE } from '../../src/options/analyze-table.js';
import { COMPARE } from '../../src/options/compare-table.js';
import { CYCLES } from '../../src/options/cycles-table.js';
import { FILTER } from '../../src/options/filter-table.js';
import { GENERAL } from '../../src/options/general-table.js';
import { CALL, type IdleRules, refuseIdle } from '../../src/options/idle.js';
import { idleAnalyzeRules } from '../../src/options/idle-analyze.js';
import { IDLE_COMPARE, IDLE_CYCLES, IDLE_FILTER, IDLE_GENERAL, IDLE_RENDER } from '../../src/options/idle-others.js';
import { environmentLayer, flagLayer, flagOf, variableOf } from '../../src/options/layers.js';
import { MEASURE } from '../../src/options/measure-table.js';
import type { OptionTable } from '../../src/options/option.js';
import { SUBMIT, WORK } from '../../src/options/queue-table.js';
import { RENDER } from '../../src/options/render-table.js';
import { resolveOptions } from '../../src/options/resolve.js';
import { COMPARE_CASES } from './compare-cases.js';
import { ALWAYS, type Case, type Entry, type Given } from './idle-case.js';

const judge = (name: string, value: unknown): Case => ({
  idle: ['track', 'still', 'fast'].map(
    mode => [{ [name]: value, mode }, `--mode ${mode} does not judge poses`] as const,
  ),
  counts: [{ [name]: value }, { [name]: value, mode: 'smart' }],
});
const overlay = (name: string, value: unknown): Case => ({
  idle: [
    [{ [name]: value, overlay: false }, 'no overlay is written'],
    [{ [name]: value, csv: '-' }, 'no overlay is written'],
  ],
  counts: [{ [name]: value }, { [name]: value, csv: '-', overlay: 'x.mp4' }, { [name]: value, overlay: '-' }],
});
const native = (name: string, value: unknown): Case => ({
  idle: [[{ [name]: value, engine: 'mediapipe' }, '--engine mediapipe runs on the CPU in one thread']],
  counts: [{ [name]: value }, { [name]: value, engine: 'native' }],
});

const ANALYZE_CASES: Record<keyof typeof ANALYZE, Entry> = {
  out: 'output',
  csv: 'output',
  csvLayout: {
    idle: [
      [{ csvLayout: 'wide', csv: false }, 'no landmark table is written'],
      [{ csvLayout: 'wide', ndjson: '-' }, 'no landmark table is written'],
    ],
    counts: [{ csvLayout: 'wide' }, { csvLayout: 'wide', csv: '-' }],
  },
  csvDialect: {
    idle: [
      [{ csvDialect: 'excel-eu', csv: false }, 'no landmark table is written'],
      [{ csvDialect: 'excel-eu', ndjson: '-' }, 'no landmark table is written'],
    ],
    counts: [{ csvDialect: 'excel-eu' }, { csvDialect: 'excel-eu', csv: false, angles: true }],
  },
  ndjson: 'output',
  overlay: 'output',
  explain: judge('explain', true),
  angles: 'output',
  quality: 'output',
  export: 'output',
  personHeight: {
    idle: [
      [{ personHeight: '1.8' }, 'it scales the markers of trc, opensim and c3d'],
      [{ personHeight: '1.8', export: 'mot,coco' }, 'it scales the markers of trc, opensim and c3d'],
    ],
    counts: [
      { personHeight: '1.8', export: 'trc,coco' },
      { personHeight: '1.8', export: 'opensim' },
      { personHeight: '1.8', export: 'c3d' },
    ],
  },
  contactSheet: 'output',
  thumbnail: 'output',
  preview: {
    idle: [
      [{ preview: '3s', overlay: false }, 'it is cut from the overlay, which must be a file'],
      [{ preview: '3s', overlay: '-' }, 'it is cut from the overlay, which must be a file'],
      [{ preview: '3s', csv: '-' }, 'it is cut from the overlay, which must be a file'],
    ],
    counts: [{ preview: '3s' }, { preview: '3s', csv: '-', overlay: 'auto' }],
  },
  plots: 'output',
  overwrite: 'limit',
  name: 'input', // Of stdin: below.
  start: 'input',
  end: 'input',
  every: 'input',
  maxFrames: 'limit',
  maxSize: 'limit',
  maxPixels: 'limit',
  rotate: 'input',
  mirror: 'numbers',
  deinterlace: 'input',
  videoStream: 'input',
  fps: 'input', // Of numbered pictures: below.
  timeScale: 'input',
  inputFormat: 'input',
  mode: 'numbers',
  minScore: judge('minScore', '0.3'),
  maxAttempts: {
    idle: [...judge('maxAttempts', '3').idle, [{ maxAttempts: '3', mode: 'quality' }, 'makes every attempt']],
    counts: judge('maxAttempts', '3').counts,
  },
  fixSwaps: judge('fixSwaps', true),
  lookAhead: {
    idle: judge('lookAhead', '2').idle,
    counts: [{ lookAhead: '2' }, { lookAhead: '0', mode: 'track' }, { lookAhead: 'auto', mode: 'track' }],
  },
  engine: 'numbers',
  model: 'numbers',
  modelSha256: 'limit',
  people: 'numbers',
  person: {
    idle: [
      ...judge('person', '3,4').idle,
      [{ person: '3,4', engine: 'mediapipe' }, 'chooses the person itself'],
      [{ person: 'largest', people: '2' }, 'several people are followed'],
    ],
    counts: [{ person: '3,4' }, { person: 'largest', mode: 'quality', engine: 'native' }],
  },
  minDetection: 'numbers',
  minPresence: 'numbers',
  minTracking: {
    idle: [
      [{ minTracking: '0.3', mode: 'still' }, '--mode still does not follow people'],
      [{ minTracking: '0.3', engine: 'native' }, '--mode smart judges poses instead'],
      [{ minTracking: '0.3', mode: 'track', engine: 'native', people: '2' }, 'another rule applies'],
    ],
    counts: [
      { minTracking: '0.3', mode: 'track' },
      { minTracking: '0.3', engine: 'mediapipe' },
      { minTracking: '0.3', engine: 'native', mode: 'track' },
    ],
  },
  jobs: 'limit', // A script names it whether its pattern finds one video or many.
  fromFile: 'input',
  null: 'input', // It needs --from-file: `resolveBatchRequest`.
  include: 'input', // Of folders: below, with the next three.
  exclude: 'input',
  hidden: 'input',
  follow: 'input',
  force: 'limit',
  retryFailed: 'limit',
  shard: 'input',
  plan: 'input',
  part: 'input', // It needs --plan: `choosePart`.
  within: 'limit', // It needs --plan as well.
  ledger: 'limit',
  timeout: 'limit',
  stall: 'limit', // Of files: below.
  keep: 'limit',
  dryRun: 'output',
  minVisibility: overlay('minVisibility', '0.3'),
  labels: overlay('labels', true),
  overlaySize: overlay('overlaySize', '320'),
  overlayCrf: overlay('overlayCrf', '30'),
  threads: native('threads', '2'),
  provider: native('provider', 'cpu'),
  scratch: 'input', // Without a bucket it does nothing: idle-inputs.test.ts.
  segments: 'limit', // A script names it whatever the length of its videos.
  maxMemory: 'limit',
  ffmpeg: 'input',
  ffprobe: 'input',
};

const filterCase = (name: string, value: string, own: string, other: string): Case => ({
  idle: [[{ [name]: value, smooth: other }, `--smooth ${other} does not use it`]],
  counts: [{ [name]: value, smooth: own }],
});

const FILTER_CASES: Record<keyof typeof FILTER, Entry> = {
  output: 'output',
  motion: 'output',
  csvDialect: 'output',
  overwrite: 'limit',
  maxGap: 'limit',
  fill: {
    idle: [[{ fill: 'cubic', maxGap: '0' }, '--max-gap 0 fills nothing']],
    counts: [{ fill: 'cubic' }],
  },
  rejectOutliers: 'numbers',
  smooth: 'numbers',
  cutoff: filterCase('cutoff', '5', 'butterworth', 'median'),
  order: filterCase('order', '2', 'butterworth', 'none'),
  window: filterCase('window', '5', 'median', 'loess'),
  polynomial: filterCase('polynomial', '2', 'savitzky-golay', 'median'),
  share: filterCase('share', '0.1', 'loess', 'butterworth'),
  minCutoff: filterCase('minCutoff', '2', 'one-euro', 'butterworth'),
  beta: filterCase('beta', '1', 'one-euro', 'savitzky-golay'),
};

const CYCLES_CASES: Record<keyof typeof CYCLES, Entry> = {
  kind: 'numbers',
  angle: {
    idle: [[{ angle: 'left_knee', kind: 'gait' }, '--kind gait counts steps']],
    counts: [{ angle: 'left_knee' }, { angle: 'left_knee', kind: 'repetitions' }],
  },
  minConfidence: 'numbers',
  personHeight: {
    idle: [
      [{ personHeight: '1.8', kind: 'repetitions' }, 'repetitions have no lengths'],
      [{ personHeight: '1.8', angle: 'left_knee' }, 'repetitions have no lengths'],
    ],
    counts: [{ personHeight: '1.8' }, { personHeight: '1.8', kind: 'gait' }],
  },
  ...{ output: 'output', plots: 'output', csvDialect: 'output', json: 'output', overwrite: 'limit' },
};

/** Two scales are an error of their own: `measure-scale.test.ts`. */
const MEASURE_CASES: Record<keyof typeof MEASURE, Entry> = {
  ...{ personHeight: 'numbers', scale: 'numbers', calibrate: 'numbers', ground: 'numbers' },
  ...{ joints: 'output', between: 'output', minConfidence: 'numbers', output: 'output', csvDialect: 'output' },
  overwrite: 'limit',
};

const RENDER_CASES: Record<keyof typeof RENDER, Entry> = {
  output: 'output',
  overwrite: 'limit',
  anyVideo: 'limit',
  beside: 'input',
  besideVideo: {
    idle: [[{ besideVideo: 'b.mp4' }, 'no other run is shown']],
    counts: [{ besideVideo: 'b.mp4', beside: 'b.csv' }],
  },
  align: {
    idle: [
      [{ align: 'event' }, 'no other run is shown'],
      [{ align: '1,2' }, 'no other run is shown'],
    ],
    counts: [{ align: '1,2', beside: 'b.csv' }],
  },
  minConfidence: 'output',
  black: 'output',
  sideBySide: 'output',
  colors: 'output',
  trails: 'output',
  trailJoints: {
    idle: [[{ trailJoints: 'nose' }, 'no joint leaves a trail']],
    counts: [{ trailJoints: 'nose', trails: '1s' }],
  },
  angleLabels: 'output',
  minVisibility: 'output',
  labels: 'output',
  overlaySize: 'limit',
  overlayCrf: 'output',
  maxSize: 'limit',
  maxPixels: 'limit',
  timeScale: 'input',
  stall: 'limit',
  ffmpeg: 'input',
  ffprobe: 'input',
};

/** Of submit and work, options that analyze has too count as they do there. */
function casesFor(table: OptionTable, own: Record<string, Entry>): Record<string, Entry> {
  const shared: Record<string, Entry> = ANALYZE_CASES;
  return Object.fromEntries(Object.keys(table).map(name => [name, own[name] ?? shared[name]!]));
}
const rulesFor = (table: OptionTable) =>
  Object.fromEntries(Object.entries(idleAnalyzeRules('files')).filter(([name]) => name in table));

const SUBMIT_CASES = casesFor(SUBMIT, { queue: 'output', attempts: 'limit', json: 'output' });
const WORK_CASES = casesFor(WORK, { queue: 'input', untilEmpty: 'limit', within: 'limit', threads: 'limit' });

const GENERAL_CASES: Record<keyof typeof GENERAL, Entry> = {
  quiet: 'messages',
  logLevel: {
    idle: [[{ logLevel: 'debug', quiet: true }, '--quiet shows errors only']],
    counts: [{ logLevel: 'debug' }, { logLevel: 'error', quiet: true }],
  },
  logJson: 'messages',
  color: {
    idle: [[{ color: 'never', logJson: true }, '--log-json writes JSON without colours']],
    counts: [{ color: 'always' }, { color: 'never', quiet: true }],
  },
  debug: 'messages',
  config: 'input',
  printConfig: 'output',
};

const TABLES: readonly [string, OptionTable, IdleRules<OptionTable>, Record<string, Entry>][] = [
  ['analyze', ANALYZE, idleAnalyzeRules('files') as IdleRules<OptionTable>, ANALYZE_CASES],
  ['filter', FILTER, IDLE_FILTER as IdleRules<OptionTable>, FILTER_CASES],
  ['cycles', CYCLES, IDLE_CYCLES as IdleRules<OptionTable>, CYCLES_CASES],
  ['measure', MEASURE, {}, MEASURE_CASES],
  ['render', RENDER, IDLE_RENDER as IdleRules<OptionTable>, RENDER_CASES],
  ['compare', COMPARE, IDLE_COMPARE as IdleRules<OptionTable>, COMPARE_CASES],
  ['submit', SUBMIT, rulesFor(SUBMIT) as IdleRules<OptionTable>, SUBMIT_CASES],
  ['work', WORK, {}, WORK_CASES],
  ['all commands', GENERAL, IDLE_GENERAL as IdleRules<OptionTable>, GENERAL_CASES],
];

describe.each(TABLES)('%s', (_, table, rules, cases) => {
  test('each option either counts always, or has a rule and a case', () => {
    expect(Object.keys(cases)).toEqual(Object.keys(table));
    const withCase = Object.keys(cases).filter(name => typeof cases[name] === 'object');
    expect(Object.keys(rules).sort()).toEqual(withCase.sort());
    for (const entry of Object.values(cases)) if (typeof entry === 'string') expect(ALWAYS).toHaveProperty(entry);
  });

  for (const [name, entry] of Object.entries(cases)) {
    if (typeof entry === 'string') continue;
    test.each(entry.idle)(`--${name}: %j is refused, from a configuration it is unused`, (given, because) => {
      const refuse = (layers: Parameters<typeof resolveOptions>[1]) => refuseIdle(rules, resolveOptions(table, layers));
      expect(() => refuse([flagLayer(given)])).toThrow(`${flagOf(name)} has no effect: `);
      expect(() => refuse([flagLayer(given)])).toThrow(because);
      const { [name]: value, ...others } = given;
      const config = { source: 'a.toml', nameOf: String, values: { [name]: value } };
      expect(() => refuse([config, flagLayer(others)])).not.toThrow();
      const environment = environmentLayer(table, { [variableOf(name)]: String(value) });
      expect(() => refuse([environment, flagLayer(others)])).not.toThrow();
      // The library's calls have no options of the command line alone.
      const [alone, called] = [true, false].map(isAlone =>
        Object.fromEntries(Object.entries(given).filter(([key]) => (table[key]?.onlyFlag ?? false) === isAlone)),
      ) as [Given, Given];
      const call = { source: CALL, nameOf: String, values: called };
      expect(() => refuse([flagLayer(alone), call])).toThrow(`${name} has no effect: `);
    });
    test.each(entry.counts)(`--${name}: %j counts`, given => {
      expect(() => refuseIdle(rules, resolveOptions(table, [flagLayer(given)]))).not.toThrow();
    });
  }
});

test('an option of a configuration that has no effect here is ignored by the run', () => {
  const config = { source: 'a.toml', nameOf: String, values: { preview: 3, personHeight: 1.8, labels: true } };
  const { outputs } = toAnalyzeOptions(resolveOptions(ANALYZE, [config, flagLayer({ overlay: false })]));
  expect(outputs).toMatchObject({ preview: undefined, personHeight: undefined, overlay: undefined });
});
