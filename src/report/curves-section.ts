import { type Html, html } from '../text/html.js';
import type { Collected } from './collect.js';
import { NO_SCRIPT } from './no-script.js';
import { chip } from './table.js';

/** Angles and positions over time, drawn by the page's script; empty without a person. */
export function curvesOf({ people, framesPerBin }: Collected, total: number): Html | undefined {
  const [first] = people;
  if (!first) return undefined;
  const which = people.length > 1 && [
    html`<label>person <select id="person">${people.map(({ id, frames }) => html`<option value="${id}">${id} (${frames} frames)</option>`)}</select></label> `,
  ];
  const hidden = total - people.length;
  return html`<section id="curves">
<h2>Angles and positions${people.length === 1 && total > 1 && html` of person ${chip(first.id)}`}<span class="of-person"></span></h2>
<div class="tools">${which}<label>angle <select id="angle"></select></label> <label>joint <select id="joint"></select></label>
<span class="zoom"><button type="button" id="zoom-in">zoom in</button> <button type="button" id="zoom-out">zoom out</button> <button type="button" id="zoom-all">show all</button></span></div>
<p class="hint">Thin: raw. Thick: filtered (Butterworth, 4th order, 6 Hz; gaps of up to 10 frames filled)${thinningOf(framesPerBin)}. <span class="on-screen">Drag to zoom, double-click to show all, click to seek.</span>${hidden > 0 && ` The first ${people.length} of ${total} people have curves; the table has all.`}</p>
${NO_SCRIPT}<div id="angle-plot"></div><div id="x-plot"></div><div id="y-plot"></div>
</section>
`;
}

/** Describes what the curves leave out. */
function thinningOf(framesPerBin: number): string {
  return framesPerBin === 1 ? '' : `; of each ${framesPerBin} frames the lowest and the highest value`;
}
