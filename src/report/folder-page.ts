import { basename, join, resolve } from 'node:path';
import type { Writing } from '../system/claim-outputs.js';
import { type Html, html } from '../text/html.js';
import { counted } from './counted.js';
import { embeddedPicture } from './embedded.js';
import type { BatchLeftovers, Problem } from './folder-problems.js';
import { type FolderRow, HEADS, rowHtml, type Tag } from './folder-row.js';
import { FOLDER_ASSETS, writePage } from './page.js';
import { statusLegend } from './statuses.js';

/**
 * Maximum characters of all thumbnails in one page, about two thousand of them: a page of 100,000 videos must open as
 * well.
 */
const MOST_THUMBNAILS = 24 * 2 ** 20;

/** The content of a folder's index. */
export interface FolderContent extends BatchLeftovers {
  readonly rows: readonly FolderRow[];
}

interface PageWriting {
  readonly onWarning: (message: string) => void;
  readonly writing?: Writing;
}

/** Writes the index of all videos, those with the lowest detection rate first. */
export async function writeFolderPage(
  path: string,
  folder: string,
  content: FolderContent,
  { onWarning, writing = {} }: PageWriting,
): Promise<void> {
  const rows = [...content.rows].sort((a, b) => a.detectionRate - b.detectionRate || a.confidence - b.confidence);
  const name = basename(resolve(folder));
  const body = bodyOf(folder, name, { ...content, rows }, onWarning);
  await writePage(path, `${name} - bodyscript`, body, ['null'], writing, FOLDER_ASSETS);
}

async function* bodyOf(
  folder: string,
  name: string,
  content: FolderContent,
  onWarning: (message: string) => void,
): AsyncGenerator<Html> {
  const { rows, problems, more } = content;
  yield html`<header><h1>${counted(rows.length + problems.length + more, 'video')} in ${name}</h1>
${verdictOf(content)}</header>
<main>
${rows.length + problems.length === 0 && NOTHING}${problemsOf(content)}`;
  if (rows.length === 0) return yield html`</main>`;
  yield html`<section aria-label="videos">
${controlsOf(rows)}<table id="all"><thead><tr>${HEADS.map(headOf)}</tr></thead>
<tbody>
`;
  let left = MOST_THUMBNAILS;
  for (const row of rows) {
    const isShown = row.hasThumbnail && left > 0;
    const stem = join(folder, row.name);
    const thumbnail = isShown ? await embeddedPicture(folder, stem, '.thumbnail.jpg', onWarning) : undefined;
    left -= thumbnail?.length ?? 0;
    yield rowHtml(row, thumbnail);
  }
  yield html`</tbody></table>
${legendOf(rows)}</section></main>`;
}

/** A column's name; the page's script sorts by it where it has an order. */
function headOf({ name, order }: (typeof HEADS)[number]): Html {
  if (!order) return html`<th scope="col">${name}</th>`;
  return html`<th scope="col" data-rising="${order[0]}" data-falling="${order[1]}"><button type="button">${name}</button></th>`;
}

const NOTHING = html`<section><p>Nothing here yet: analyse videos into this folder with <code>bodyscript analyze VIDEOS -o FOLDER</code>, then run <code>bodyscript report FOLDER</code> again.</p></section>
`;

function verdictOf({ rows, problems, more, skipped }: FolderContent): Html | undefined {
  const passed = rows.filter(({ tags }) => tags.includes('passed')).length;
  const states = new Map<Problem['state'], number>();
  for (const { state } of problems) states.set(state, (states.get(state) ?? 0) + 1);
  const parts = [
    ...(rows.length > 0 ? [`${passed} of ${counted(rows.length, 'analysed video')} passed all checks`] : []),
    ...[...states].map(([state, count]) => `${count} ${state}`),
    ...(more > 0 ? [`${more} more without results`] : []),
    ...(skipped.length > 0 ? [`skipped ${skipped.join(', ')}`] : []),
  ];
  return parts.length === 0 ? undefined : html`<p class="verdict">${parts.join('; ')}</p>`;
}

/** The videos without a page, each with its remedy. */
function problemsOf({ problems, more }: FolderContent): Html | undefined {
  if (problems.length === 0) return undefined;
  const items = problems.map(
    ({ name, path, state, code, message, remedy }) => html`<tr>
<th scope="row">${path ?? name} <small>${state}</small></th>
<td>${message}${code !== undefined && html` <code>${code}</code>`}</td>
<td>${remedy ?? '-'}</td></tr>
`,
  );
  return html`<section id="problems">
<h2>${counted(problems.length + more, 'video')} without results</h2>
<table><thead><tr><th scope="col">video</th><th scope="col">what happened</th><th scope="col">what to do</th></tr></thead>
<tbody>
${items}</tbody></table>
${more > 0 && html`<p class="hint">and ${more} more, all in batch.json</p>`}</section>
`;
}

const FILTERS: readonly (readonly [tag: Tag, label: string])[] = [
  ['passed', 'all checks passed'],
  ['unpassed', 'some checks not passed'],
  ['empty', 'no person found'],
  ['warned', 'with warnings'],
];

/** Controls that sort and filter the rows; a single row needs neither. */
function controlsOf(rows: readonly FolderRow[]): Html | undefined {
  if (rows.length < 2) return undefined;
  const filters = FILTERS.map(([tag, label]) => ({
    tag,
    label,
    count: rows.filter(({ tags }) => tags.includes(tag)).length,
  })).filter(({ count }) => count > 0 && count < rows.length);
  const button = (tag: string, label: string, count: number) =>
    html`<button type="button" data-filter="${tag}" aria-pressed="${tag === ''}">${label} (${count})</button>`;
  return html`<div id="controls">
<div role="group" aria-label="show">${button('', 'all', rows.length)}${filters.map(({ tag, label, count }) => button(tag, label, count))}</div>
<label>name contains <input id="search" type="search"></label>
<label>sort by <select id="sort">${HEADS.map(({ name, order }, column) => order && html`<option value="${column}">${name}</option>`)}</select></label>
<button type="button" id="direction">lowest first</button>
</div>
<p class="hint"><span id="shown" role="status"></span> <button type="button" id="more" hidden>show all</button></p>
`;
}

/** The legend of the marks that occur in the rows. */
function legendOf(rows: readonly FolderRow[]): Html {
  return html`<p class="hint">Over time: the score from 0 to 1 as a line, and the status of the frames below it:</p>
${statusLegend(rows.map(({ statuses }) => statuses))}
`;
}
