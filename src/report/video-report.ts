import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Quality } from '../model/quality.js';
import { measureQuality } from '../process/quality.js';
import type { RunRecord } from '../sinks/run-record.js';
import type { Writing } from '../system/claim-outputs.js';
import { type Collected, collect } from './collect.js';
import { methodsText } from './methods.js';
import { escapeHtml, writePage } from './page.js';
import type { Strip } from './strip.js';

/** A report of one video, and what a page of many shows of it. */
export interface VideoReport {
  readonly path: string;
  readonly record: RunRecord;
  readonly quality: Quality;
  readonly strip: Strip;
}

/** Writes the report of one run beside its table. @param stem path of its outputs without suffix */
export async function writeVideoReport(
  stem: string,
  record: RunRecord,
  csv: string,
  writing: Writing = {},
): Promise<VideoReport> {
  const told = record.quality as Partial<Quality> | null; // Records from before people were judged by themselves lack them.
  const quality = told?.people ? (told as Quality) : await measureQuality(csv);
  const swapped = new Set((record.options as { fixSwaps?: boolean }).fixSwaps ? [] : record.swaps.frames);
  const data = await collect(csv, swapped);
  const overlay = record.outputs.find(output => output.endsWith('.overlay.mp4'));
  const path = `${stem}.report.html`;
  const title = basename(stem);
  const body = bodyOf(
    title,
    record,
    quality,
    data,
    await pictures(stem, record),
    overlay && encodeURIComponent(basename(overlay)),
  );
  await writePage(path, `${title} - bodyscript`, body, sharedJson(record, data), writing);
  return { path, record, quality, strip: data.strip };
}

/** What the page's script gets. */
function* sharedJson(record: RunRecord, data: Collected): Generator<string> {
  const facts = { kind: 'video', rate: rateOf(record), timeline: record.timeline };
  yield `${JSON.stringify(facts).slice(0, -1)},"data":`;
  yield* data.json();
  yield '}';
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
  images: string,
  overlay: string | undefined,
): string {
  const { frames, seconds, peakMemory } = record;
  const poses = Object.values(record.strategyUse).reduce((sum, count) => sum + count, 0);
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
<p class="legend"><i class="s2"></i>followed <i class="s1"></i>found anew <i class="s4"></i>found by another look <i class="s3"></i>filled <i class="s5"></i>left and right exchanged <i class="s0"></i>missing; above it the score</p>
</section>
<section class="facts">${facts.map(([name, value]) => `<div><b>${value}</b><span>${name}</span></div>`).join('')}</section>
<section>
<h2>Angles and places</h2>
<p><label>person <select id="person">${data.people.map(({ id, frames: count }) => `<option value="${id}">${id} (${count} frames)</option>`).join('')}</select></label>
<label>angle <select id="angle"></select></label> <label>joint <select id="joint"></select></label>
<span class="hint">drag to zoom, double-click to see all, click to seek; thin: raw, thick: Butterworth of 4th order at 6 Hz, gaps up to 10 frames filled</span></p>
<div id="angle-plot"></div><div id="x-plot"></div><div id="y-plot"></div>
</section>
${images}<section>
<h2>Visibility</h2>
<canvas id="heat" height="330" aria-label="visibility of each landmark over time"></canvas>
</section>
<section>
<h2>Memory and speed while it was made</h2>
<div class="columns"><div id="memory-plot"></div><div id="speed-plot"></div></div>
</section>
<section class="columns">
${table(
  'How poses were found',
  Object.entries(record.strategyUse)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => [name, String(count), percent(count / Math.max(1, poses))]),
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
${peopleOf(quality)}<section>
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

/** Each person by themselves, where there are several. */
function peopleOf({ people }: Quality): string {
  if (people.length < 2) return '';
  const rows = people.map(person => [
    String(person.personId),
    `${person.from.toFixed(1)}-${person.to.toFixed(1)} s`,
    percent(person.detectionRate),
    person.confidence.toFixed(2),
    person.consistency.toFixed(2),
    String(person.jumps.count),
    String(person.swaps.count),
    percent(person.jitter),
    person.researchGrade ? 'yes' : `no: ${person.reasons.join('; ')}`,
  ]);
  return `<section id="people">\n${table('Each person', [PEOPLE_COLUMNS, ...rows])}\n</section>\n`;
}

const PEOPLE_COLUMNS = [
  'person',
  'from-to',
  'found in',
  'score',
  'consistency',
  'leaps',
  'exchanged',
  'jitter',
  'research grade',
];

const PICTURES = { '.contact-sheet.jpg': 'image/jpeg', '.plots.svg': 'image/svg+xml' } as const;

/** The pictures that were made with the analysis, in the page itself. @param stem path of the run's outputs without suffix */
async function pictures(stem: string, { outputs }: RunRecord): Promise<string> {
  const images: string[] = [];
  for (const [suffix, type] of Object.entries(PICTURES)) {
    if (!outputs.some(output => output.endsWith(suffix))) continue;
    const content = await readFile(`${stem}${suffix}`, 'base64').catch(() => undefined); // It may have been moved since.
    if (content !== undefined) {
      const alt = escapeHtml(basename(`${stem}${suffix}`));
      images.push(`<img class="picture" src="data:${type};base64,${content}" alt="${alt}">`);
    }
  }
  return images.length === 0 ? '' : `<section><h2>Pictures</h2>${images.join('')}</section>\n`;
}

function table(title: string, rows: readonly (readonly string[])[]): string {
  const cells = rows.map(row => `<tr>${row.map(cell => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`).join('');
  return `<div><h2>${title}</h2><table>${cells}</table></div>`;
}
