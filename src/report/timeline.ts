import { type Html, html } from '../text/html.js';
import type { Span } from './bins.js';
import { SWAPPED, statusesInWords, statusLegend, statusRow } from './statuses.js';
import { chip } from './table.js';
import { timeAxis } from './time-axis.js';
import type { PersonRow } from './who-is-there.js';

const SCORE_PX = 40;

export interface Timeline {
  readonly rows: readonly PersonRow[];
  /** Number of people without a row. */
  readonly further: number;
  /** Mean score in each bin, 0-1; NaN without a person. */
  readonly scores: readonly number[];
  /** For each bin whether left and right are swapped in one of its frames. */
  readonly swapped: readonly boolean[];
  readonly span: Span;
}

/** Score and status over time, a row for each person, below a slider that seeks. */
export function timelineOf({ rows, further, scores, swapped, span }: Timeline): Html {
  const swaps = swapped.map(isSwapped => (isSwapped ? SWAPPED : ' ')).join('');
  const hasSwaps = swapped.includes(true);
  const drawn = [...rows.map(({ statuses }) => statuses), ...(hasSwaps ? [swaps] : [])];
  return html`<div class="timeline">
<span class="name">score<small>0-1</small></span>${scoreCurve(scores)}
${rows.map(row => html`<span class="name">${chip(row.id)}</span>${statusRow(row.statuses, `person ${row.id}: ${statusesInWords(row.frames)}`)}\n`)}${hasSwaps && html`<span class="name">swaps</span>${statusRow(swaps, 'times at which left and right are swapped')}\n`}<span></span>${timeAxis(span)}
<div id="ribbon" role="slider" tabindex="0" aria-label="time in the video" aria-valuemin="0" aria-valuemax="${span.seconds.toFixed(2)}" aria-valuenow="0" aria-valuetext="0.00 s"><svg width="100%" height="100%" aria-hidden="true"><line id="playhead" x1="0" x2="0" y1="0" y2="100%"/></svg></div>
</div>
${statusLegend(drawn)}
<p class="hint">${further > 0 && `${further} further ${further === 1 ? 'person has' : 'people have'} no row. `}<span class="on-screen">Click to seek, or focus the timeline and use the arrow keys.</span></p>
`;
}

/** A curve with gaps where no person was found. */
function scoreCurve(scores: readonly number[]): Html {
  let path = '';
  let isOpen = false;
  for (const [i, score] of scores.entries()) {
    if (Number.isNaN(score)) {
      isOpen = false;
      continue;
    }
    const y = (1 + (SCORE_PX - 2) * (1 - score)).toFixed(1);
    path += isOpen ? `H${i}V${y}H${i + 1}` : `M${i} ${y}H${i + 1}`;
    isOpen = true;
  }
  const width = Math.max(1, scores.length);
  const known = scores.filter(score => !Number.isNaN(score));
  const least = known.reduce((low, score) => Math.min(low, score), 1);
  return html`<svg class="score" viewBox="0 0 ${width} ${SCORE_PX}" preserveAspectRatio="none" role="img" aria-label="mean score of the people over time, lowest ${least.toFixed(2)}"><path class="grid" d="M0 1H${width}M0 ${SCORE_PX / 2}H${width}M0 ${SCORE_PX - 1}H${width}"/><path class="curve" d="${path}"/></svg>`;
}
