import { LANDMARK_NAMES } from '../model/blazepose.js';
import type { Quality } from '../model/quality.js';
import { type Html, html } from '../text/html.js';
import type { Collected } from './collect.js';
import { fixed } from './figures.js';
import { NO_SCRIPT } from './no-script.js';
import { table } from './table.js';
import { timeAxis } from './time-axis.js';
import { VIRIDIS } from './viridis.js';

/** How visible each landmark of a person is over time; the page's script paints it. Nothing without a person. */
export function visibilityOf({ people, frames, span }: Collected, { visibility }: Quality): Html | undefined {
  const [first] = people;
  if (!first) return undefined;
  const isEverAbsent = people.some(person => person.frames < frames);
  return html`<section id="visibility">
<h2>Visibility of the landmarks<span class="of-person"></span></h2>
<p class="legend scale"><span>0 hidden</span>${scale()}<span>1 visible</span>${isEverAbsent && html`<span><i class="swatch"></i>no pose</span>`}</p>
${NO_SCRIPT}<div class="heat">
<ul aria-hidden="true">${LANDMARK_NAMES.map(name => html`<li>${spoken(name)}</li>`)}</ul>
<div><canvas id="heat" role="img" aria-label="visibility of each landmark over time; a list of means follows"></canvas>${timeAxis(span)}</div>
</div>
${meansOf(visibility)}</section>
`;
}

const spoken = (name: string) => name.replaceAll('_', ' ');

function scale(): Html {
  const stops = VIRIDIS.map((colour, i) => html`<stop offset="${i / (VIRIDIS.length - 1)}" stop-color="${colour}"/>`);
  return html`<svg width="140" height="12" role="img" aria-label="colour scale from dark purple for 0 to yellow for 1"><linearGradient id="viridis">${stops}</linearGradient><rect width="140" height="12" fill="url(#viridis)"/></svg>`;
}

/** Older records have no means. */
function meansOf(visibility: Quality['visibility'] | undefined): Html | undefined {
  const rows = Object.entries(visibility ?? {}).map(([name, mean]) => [spoken(name), fixed(mean, 2)]);
  if (rows.length === 0) return undefined;
  return html`<details><summary>Mean visibility over all poses, as numbers</summary>${table('Mean visibility over all poses', rows, { head: ['landmark', 'mean visibility (0-1)'], isUntitled: true })}</details>\n`;
}
