import { basename, dirname } from 'node:path';
import type { Quality } from '../model/quality.js';
import { measureQuality } from '../process/quality.js';
import type { RunRecord } from '../sinks/run-record.js';
import { writeWhole } from '../system/whole-file.js';
import { type Collected, collect } from './collect.js';
import { methodsText } from './methods.js';
import { escapeHtml, page } from './page.js';

/** A report of one video, and what a page of many shows of it. */
export interface VideoReport {
  readonly path: string;
  readonly record: RunRecord;
  readonly quality: Quality;
  readonly statuses: string;
}

/** Writes the report of one run beside its table. @param stem path of its outputs without suffix */
export async function writeVideoReport(stem: string, record: RunRecord, csv: string): Promise<VideoReport> {
  const quality = record.quality ?? (await measureQuality(csv));
  const data = await collect(csv);
  const overlay = record.outputs.find(output => output.endsWith('.overlay.mp4'));
  const path = `${stem}.report.html`;
  const title = basename(stem);
  const body = bodyOf(title, record, quality, data, overlay && encodeURIComponent(basename(overlay)));
  const shared = { kind: 'video', data, rate: rateOf(record) };
  await writeWhole(path, await page(`${title} - bodyscript`, body, shared));
  return { path, record, quality, statuses: data.statuses };
}

function rateOf({ input }: RunRecord): number {
  const rate = input.video.averageRate;
  return rate ? rate.num / rate.den : 30;
}

const percent = (value: number) => `${(100 * value).toFixed(1)} %`;

function bodyOf(
  title: string,
  record: RunRecord,
  quality: Quality,
  data: Collected,
  overlay: string | undefined,
): string {
  const { frames, seconds, peakMemory } = record;
  const facts = [
    ['frames', String(frames.decoded)],
    ['somebody found in', percent(quality.detectionRate)],
    ['mean score', quality.confidence.toFixed(2)],
    ['longest gap', `${quality.longestGap.frames} frames`],
    ['left and right exchanged', String(quality.swaps.count)],
    ['jitter', `${percent(quality.jitter)} of the torso`],
    ['speed', `${seconds.framesPerSecond.toFixed(1)} frames/s`],
    ['peak memory', `${Math.round(peakMemory.treeRss / 2 ** 20)} MB`],
  ];
  return `<header>
<h1>${escapeHtml(title)}</h1>
<p class="verdict ${quality.researchGrade ? 'good' : 'bad'}">${quality.researchGrade ? 'research grade' : `not research grade: ${escapeHtml(quality.reasons.join('; '))}`}</p>
</header>
<main>
<section aria-label="video">
${overlay ? `<video id="video" src="${overlay}" controls preload="metadata"></video>` : '<p class="hint">There is no overlay of this run.</p>'}
<canvas id="ribbon" height="56" tabindex="0" role="slider" aria-label="time: status and score; click or use the arrow keys to seek"></canvas>
<p class="legend"><i class="s2"></i>followed <i class="s1"></i>found anew <i class="s4"></i>found by another look <i class="s3"></i>filled <i class="s0"></i>missing; above it the score</p>
</section>
<section class="facts">${facts.map(([name, value]) => `<div><b>${value}</b><span>${name}</span></div>`).join('')}</section>
<section>
<h2>Angles and places</h2>
<p><label>person <select id="person">${data.people.map(({ id, frames: count }) => `<option value="${id}">${id} (${count} frames)</option>`).join('')}</select></label>
<label>angle <select id="angle"></select></label> <label>joint <select id="joint"></select></label>
<span class="hint">drag to zoom, double-click to see all, click to seek; thin: raw, thick: Butterworth of 4th order at 6 Hz, gaps up to 10 frames filled</span></p>
<div id="angle-plot"></div><div id="x-plot"></div><div id="y-plot"></div>
</section>
<section>
<h2>Visibility</h2>
<canvas id="heat" height="330" aria-label="visibility of each landmark over time"></canvas>
</section>
<section class="columns">
${table(
  'How frames were found',
  Object.entries(record.strategyUse)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => [name, String(count), percent(count / Math.max(1, frames.decoded))]),
)}
${table(
  'Seconds at work',
  Object.entries(seconds.byStage).map(([name, value]) => [name, value.toFixed(1)]),
)}
${table(
  'Peak memory',
  Object.entries(peakMemory.rssByProcess).map(([name, bytes]) => [name, `${Math.round(bytes / 2 ** 20)} MB`]),
)}
${table('Gates', [
  ['detection at least 0.8', quality.detectionRate.toFixed(2)],
  ['confidence at least 0.6', quality.confidence.toFixed(2)],
  ['consistency at least 0.7', quality.consistency.toFixed(2)],
  ['missing at most 0.2', quality.missingRate.toFixed(2)],
])}
</section>
<section>
<h2>For a methods section</h2>
<blockquote id="methods">${escapeHtml(methodsText(record))}</blockquote>
<button id="copy" type="button">copy</button>
</section>
<section>
<h2>How it was made</h2>
<details><summary>${escapeHtml(`${record.tool.name} ${record.tool.version}, ${record.engine?.name ?? ''}, ${record.startedAt}`)}</summary><pre>${escapeHtml(JSON.stringify(record, null, 2))}</pre></details>
<p class="hint">made in ${escapeHtml(dirname(record.outputs[0] ?? '.'))}; nothing on this page comes from elsewhere but the video beside it</p>
</section>
</main>`;
}

function table(title: string, rows: readonly (readonly string[])[]): string {
  const cells = rows.map(row => `<tr>${row.map(cell => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`).join('');
  return `<div><h2>${title}</h2><table>${cells}</table></div>`;
}
