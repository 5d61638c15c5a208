import type { Gate, Quality } from '../model/quality.js';
import { gateInWords } from '../signal/gates.js';
import { type Html, html } from '../text/html.js';
import { resultOf } from './checks.js';
import { counted } from './counted.js';
import { count, fixed, megabytes, percent, rank } from './figures.js';
import { drawStrip } from './strip.js';
import type { VideoReport } from './video-report.js';

/** A cell and its sort key. */
type Cell = readonly [sort: number | string, content: Html | string];

/** Properties by which rows are filtered. */
export type Tag = 'passed' | 'unpassed' | 'empty' | 'warned';

/** One video of the index. */
export interface FolderRow {
  readonly name: string;
  readonly detectionRate: number;
  readonly confidence: number;
  readonly tags: readonly Tag[];
  /** The statuses that its strip shows, a digit each. */
  readonly statuses: string;
  readonly hasThumbnail: boolean;
  readonly hasOverlay: boolean;
  /** Columns after the first, which names the video. */
  readonly cells: readonly Cell[];
}

const COLUMNS = [
  'over time',
  'found',
  'mean score',
  'lowest score',
  'longest gap',
  'people',
  'swaps',
  'jitter',
  'speed',
  'memory',
  'checks and warnings',
] as const;
/** A column's name, and the ends of its order in words; without those, it has no order of its own. */
interface Head {
  readonly name: string;
  readonly order?: readonly [rising: string, falling: string];
}

const BY_NUMBER = ['lowest first', 'highest first'] as const;
const ORDERS: Readonly<Record<string, Head['order']>> = {
  'over time': undefined,
  'longest gap': ['shortest first', 'longest first'],
  people: ['fewest first', 'most first'],
  swaps: ['fewest first', 'most first'],
  speed: ['slowest first', 'fastest first'],
  'checks and warnings': ['fewest problems first', 'most problems first'],
};

export const HEADS: readonly Head[] = [
  { name: 'video', order: ['from A to Z', 'from Z to A'] },
  ...COLUMNS.map(name => {
    const order = Object.hasOwn(ORDERS, name) ? ORDERS[name] : BY_NUMBER;
    return order ? { name, order } : { name };
  }),
];
/** Maximum warnings shown; the video's own page has all. */
const MOST_WARNINGS = 3;

/** @param hasOverlay whether it is beside the table @throws Unusable if the record contains anything but numbers */
export function rowOf(name: string, { record, quality, strip }: VideoReport, hasOverlay: boolean): FolderRow {
  const { seconds, peakMemory, warnings } = record;
  const failed = quality.gates.filter(gate => !gate.passed);
  const isPassed = failed.length === 0;
  const found = quality.frames - quality.missingFrames;
  const frames = `${count(found)} of ${counted(quality.frames, 'frame')}`;
  return {
    name,
    detectionRate: rank(quality.detectionRate),
    confidence: rank(quality.confidence),
    tags: [
      isPassed ? 'passed' : 'unpassed',
      ...(found === 0 ? (['empty'] as const) : []),
      ...(warnings.length > 0 ? (['warned'] as const) : []),
    ],
    statuses: [...new Set(strip.worst)].join(''),
    hasThumbnail: record.outputs.some(output => output.endsWith('.thumbnail.jpg')),
    hasOverlay,
    cells: [
      [rank(quality.detectionRate), drawStrip(strip)],
      [rank(quality.detectionRate), html`${percent(quality.detectionRate)} <small>${frames}</small>`],
      [rank(quality.confidence), found === 0 ? '-' : fixed(quality.confidence, 2)],
      lowestScore(quality),
      [rank(quality.longestGap.frames), gapOf(quality)],
      [quality.people.length, count(quality.people.length)],
      [rank(quality.swaps.count), count(quality.swaps.count)],
      [rank(quality.jitter), percent(quality.jitter)],
      [rank(seconds.framesPerSecond), html`${fixed(seconds.framesPerSecond, 1)} <small>frames/s</small>`],
      [rank(peakMemory.treeRss), `${megabytes(peakMemory.treeRss)} MB`],
      [failed.length + warnings.length / (warnings.length + 1), remarks(quality, warnings)],
    ],
  };
}

function lowestScore({ lowestScores: [lowest] }: Quality): Cell {
  if (!lowest) return [-1, '-'];
  return [rank(lowest.score), html`${fixed(lowest.score, 2)} <small>at ${fixed(lowest.at, 2)} s</small>`];
}

function gapOf({ longestGap: { frames } }: Quality): Html | string {
  return frames === 0 ? 'none' : html`${count(frames)} <small>${frames === 1 ? 'frame' : 'frames'}</small>`;
}

/** The number of passed checks, the failed ones, and the run's warnings. */
function remarks({ gates }: Quality, warnings: readonly string[]): Html {
  const failed = gates.filter(({ passed }) => !passed);
  const isPassed = failed.length === 0;
  const more = warnings.length - MOST_WARNINGS;
  const shown = [
    ...warnings.slice(0, MOST_WARNINGS),
    ...(more > 0 ? [`${counted(more, 'further warning')} on its page`] : []),
  ];
  return html`${gates.length - failed.length} of ${gates.length} checks ${resultOf({ passed: isPassed })}${!isPassed && html`: ${failed.map(limitInWords).join(', ')}`}${shown.length > 0 && html`<ul class="warnings" aria-label="warnings">${shown.map(warning => html`<li>${warning}</li>`)}</ul>`}`;
}

/** `detection rate 0.73 (at least 0.8)`: that it is not passed stands before it. */
const limitInWords = (gate: Gate): string => gateInWords({ ...gate, passed: true });

export function rowHtml(row: FolderRow, thumbnail: string | undefined): Html {
  const { name, tags, cells } = row;
  const url = urlOf(name);
  const picture = thumbnail !== undefined && html`<img class="thumbnail" src="${thumbnail}" alt="" loading="lazy">`;
  const links = html`<a href="${url}.csv">CSV</a>${row.hasOverlay && html` <a href="${url}.overlay.mp4">overlay</a>`}`;
  return html`<tr data-tags="${tags.join(' ')}">
<th scope="row" data-sort="${name}"><div class="video">${picture}<span><a class="name" href="${url}.report.html">${name}</a> <small>${links}</small></span></div></th>
${cells.map(([sort, content], i) => html`<td data-sort="${sort}" data-head="${COLUMNS[i]}">${content}</td>`)}</tr>
`;
}

const urlOf = (name: string) => `./${name.split('/').map(encodeURIComponent).join('/')}`;
