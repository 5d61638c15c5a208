import type { RunRecord } from '../model/run-record.js';
import { gateInWords } from '../signal/gates.js';
import { type Html, html } from '../text/html.js';
import { count, fixed, megabytes, percent, rank } from './figures.js';
import { drawStrip } from './strip.js';
import type { VideoReport } from './video-report.js';

/** A cell, and what its column is sorted by. */
type Cell = readonly [sort: number | string, content: Html | string];

/** What the page of all videos says of one. */
export interface FolderRow {
  readonly name: string;
  readonly detectionRate: number;
  readonly confidence: number;
  /** Whether all checks are passed. */
  readonly passes: boolean;
  readonly hasThumbnail: boolean;
  /** All but the first, which names the video. */
  readonly cells: readonly Cell[];
}

export const COLUMNS = [
  'video',
  'over time',
  'missing in',
  'score',
  'longest gap',
  'swapped',
  'jitter',
  'frames',
  'frames/s',
  'memory MB',
  'checks passed',
];

/** @throws Unusable where the record holds other things than numbers */
export function rowOf(name: string, { record, quality, strip }: VideoReport): FolderRow {
  const { frames, seconds, peakMemory } = record;
  const passed = quality.gates.filter(gate => gate.passed).length;
  const failed = quality.gates.filter(gate => !gate.passed).map(gateInWords);
  return {
    name,
    detectionRate: rank(quality.detectionRate),
    confidence: rank(quality.confidence),
    passes: failed.length === 0,
    hasThumbnail: hasThumbnail(record),
    cells: [
      [rank(quality.missingRate), drawStrip(strip)],
      [rank(quality.missingRate), `${count(quality.missingFrames)} of ${count(quality.frames)}`],
      [rank(quality.confidence), fixed(quality.confidence, 2)],
      [rank(quality.longestGap.frames), count(quality.longestGap.frames)],
      [rank(quality.swaps.count), count(quality.swaps.count)],
      [rank(quality.jitter), percent(quality.jitter)],
      [rank(frames.decoded), count(frames.decoded)],
      [rank(seconds.framesPerSecond), fixed(seconds.framesPerSecond, 1)],
      [rank(peakMemory.treeRss), megabytes(peakMemory.treeRss)],
      [-failed.length, `${passed} of ${quality.gates.length}${failed.length > 0 ? `: ${failed.join(', ')}` : ''}`],
    ],
  };
}

const hasThumbnail = ({ outputs }: RunRecord) => outputs.some(output => output.endsWith('.thumbnail.jpg'));

export function rowHtml({ name, cells }: FolderRow, thumbnail: string | undefined): Html {
  const picture = thumbnail !== undefined && html`<img class="thumbnail" src="${thumbnail}" alt="" loading="lazy">`;
  const first: Cell = [name, html`<a href="${urlOf(name)}.report.html">${picture}${name}</a>`];
  return html`<tr>${[first, ...cells].map(([sort, content]) => html`<td data-sort="${sort}">${content}</td>`)}</tr>`;
}

const urlOf = (name: string) => `./${name.split('/').map(encodeURIComponent).join('/')}`;
