import { dirname } from 'node:path';
import type { Quality } from '../model/quality.js';
import type { RunRecord } from '../model/run-record.js';
import { type Html, html } from '../text/html.js';
import { spelledJson } from '../text/json.js';
import { checksOf, verdictOf } from './checks.js';
import { bibtexOf } from './cite.js';
import type { Collected } from './collect.js';
import { count, fixed, megabytes, percent } from './figures.js';
import { followCommand } from './follow-command.js';
import { methodsText } from './methods.js';
import { followOf, peopleOf } from './people.js';
import { table } from './table.js';
import type { WhoIsThere } from './who-is-there.js';

/** A picture that the page holds. */
export interface PagePicture {
  /** `data:...` */
  readonly source: string;
  readonly name: string;
}

/** What the page of one video is made of. */
export interface VideoPage {
  readonly title: string;
  /** May hold anything. */
  readonly record: RunRecord;
  readonly quality: Quality;
  readonly data: Collected;
  readonly who: WhoIsThere;
  readonly images: readonly PagePicture[];
  /** Name of the file beside the page. */
  readonly overlay: string | undefined;
  /** What somebody does again and again. */
  readonly cycles: Html | undefined;
  /** How the table was filtered, as a sentence. */
  readonly filtering?: string | undefined;
}

/**
 * All that stands in the page.
 * @throws Unusable where the record holds other things than numbers; TypeError where it lacks something
 */
export function videoBody({ title, record, quality, data, who, images, overlay, cycles, filtering }: VideoPage): Html {
  const { tool, engine, startedAt } = record;
  return html`<header>
<h1>${title}</h1>
${verdictOf(quality)}
</header>
<main>
<section aria-label="video">
${overlay === undefined ? html`<p class="hint">There is no overlay of this run.</p>` : html`<video id="video" src="${encodeURIComponent(overlay)}" controls preload="metadata"></video>`}
<canvas id="ribbon" height="56" tabindex="0" role="slider" aria-label="time: status and score; click or use the arrow keys to seek"></canvas>
<p class="legend"><i class="s2"></i>followed <i class="s1"></i>newly found <i class="s4"></i>found by a retry <i class="s3"></i>filled <i class="s5"></i>left and right swapped <i class="s0"></i>missing; above it the score</p>
${quality.people.length > 1 && html`<canvas id="rows" height="20" aria-label="status of each person over time: below in words, for each person"></canvas>\n`}</section>
${followOf(who.sightings, quality.people.length, followCommand(record), overlay !== undefined)}${peopleOf(quality)}${checksOf(quality, record)}<section class="facts">${factsOf(record, quality).map(([name, value]) => html`<div><b>${value}</b><span>${name}</span></div>`)}</section>
<section>
<h2>Angles and places</h2>
<p><label>person <select id="person">${data.people.map(({ id, frames }) => html`<option value="${id}">${id} (${frames} frames)</option>`)}</select></label>
<label>angle <select id="angle"></select></label> <label>joint <select id="joint"></select></label>
<span class="hint">drag to zoom, double-click to see all, click to seek; thin: raw, thick: Butterworth of 4th order at 6 Hz, gaps up to 10 frames filled${thinningOf(data)}</span></p>
<div id="angle-plot"></div><div id="x-plot"></div><div id="y-plot"></div>
</section>
${cycles}${picturesOf(images)}<section>
<h2>Visibility</h2>
<canvas id="heat" height="330" aria-label="visibility of each landmark over time"></canvas>
</section>
<section>
<h2>Memory and speed while it was made</h2>
<div class="columns"><div id="memory-plot"></div><div id="speed-plot"></div></div>
</section>
<section class="columns">
${tablesOf(record)}
</section>
<section>
<h2>For a methods section</h2>
<blockquote id="methods">${methodsText(record, filtering)}</blockquote>
<button type="button" data-copy="methods">copy</button>
<h2>To cite</h2>
<pre id="bibtex">${bibtexOf(record)}</pre>
<button type="button" data-copy="bibtex">copy</button>
</section>
<section>
<h2>How it was made</h2>
<details><summary>${tool.name} ${tool.version}, ${engine?.name ?? ''}, ${startedAt}</summary><pre>${spelledJson(record, 2)}</pre></details>
<p class="hint">made in ${dirname(record.outputs[0] ?? '.')}; nothing on this page comes from elsewhere but the video beside it</p>
</section>
</main>`;
}

/** What the curves leave out. */
function thinningOf({ framesPerBin }: Collected): string {
  return framesPerBin === 1 ? '' : `; of each ${framesPerBin} frames the lowest and the highest value`;
}

function factsOf({ frames, seconds, peakMemory }: RunRecord, quality: Quality): [name: string, value: string][] {
  return [
    ['frames', count(frames.decoded)],
    ['frames with nobody', count(quality.missingFrames)],
    ['mean score', fixed(quality.confidence, 2)],
    ['longest gap', `${count(quality.longestGap.frames)} frames`],
    ['left and right swapped', count(quality.swaps.count)],
    ['jitter', `${percent(quality.jitter)} of the torso`],
    ['speed', `${fixed(seconds.framesPerSecond, 1)} frames/s`],
    ['peak memory', `${megabytes(peakMemory.treeRss)} MB`],
  ];
}

function tablesOf({ strategyUse, seconds, peakMemory }: RunRecord): Html[] {
  const poses = Object.values(strategyUse).reduce((sum, uses) => sum + uses, 0);
  return [
    table(
      'How poses were found',
      Object.entries(strategyUse)
        .sort(([, a], [, b]) => b - a)
        .map(([name, uses]) => [name, count(uses), percent(uses / Math.max(1, poses))]),
    ),
    table(
      'Seconds at work',
      Object.entries(seconds.byStage).map(([name, value]) => [name, fixed(value, 1)]),
    ),
    table(
      'Peak memory',
      Object.entries(peakMemory.rssByProcess).map(([name, bytes]) => [name, `${megabytes(bytes)} MB`]),
    ),
  ];
}

function picturesOf(images: readonly PagePicture[]): Html | undefined {
  if (images.length === 0) return undefined;
  const shown = images.map(({ source, name }) => html`<img class="picture" src="${source}" alt="${name}">`);
  return html`<section><h2>Pictures</h2>${shown}</section>\n`;
}
