import { join } from 'node:path';
import type { Writing } from '../system/claim-outputs.js';
import { type Html, html } from '../text/html.js';
import { embeddedPicture } from './embedded.js';
import { COLUMNS, type FolderRow, rowHtml } from './folder-row.js';
import { writePage } from './page.js';

/** Characters of all thumbnails in one page: some two thousand of them. A page of 100,000 videos must open as well. */
const MOST_THUMBNAILS = 24 * 2 ** 20;

/** Writes the page of all videos, the worst first. */
export async function writeFolderPage(
  path: string,
  folder: string,
  rows: readonly FolderRow[],
  onWarning: (message: string) => void,
  writing: Writing = {},
): Promise<void> {
  const sorted = [...rows].sort((a, b) => a.detectionRate - b.detectionRate || a.confidence - b.confidence);
  await writePage(path, 'bodyscript report', body(folder, sorted, onWarning), ['{"kind":"folder"}'], writing);
}

async function* body(
  folder: string,
  rows: readonly FolderRow[],
  onWarning: (message: string) => void,
): AsyncGenerator<Html> {
  const passing = rows.filter(({ passes }) => passes).length;
  yield html`<header><h1>${rows.length} videos</h1>
<p class="verdict">${passing} of ${rows.length} pass all their checks; those with the lowest detection rates stand first</p></header>
<main><section><table id="all"><thead><tr>${COLUMNS.map(name => html`<th><button type="button">${name}</button></th>`)}</tr></thead>
<tbody>`;
  let left = MOST_THUMBNAILS;
  for (const row of rows) {
    const isShown = row.hasThumbnail && left > 0;
    const stem = join(folder, row.name);
    const thumbnail = isShown ? await embeddedPicture(folder, stem, '.thumbnail.jpg', onWarning) : undefined;
    left -= thumbnail?.length ?? 0;
    yield rowHtml(row, thumbnail);
  }
  yield html`</tbody></table></section></main>`;
}
