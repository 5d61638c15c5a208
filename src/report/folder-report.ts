import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { BodyscriptError, type ErrorCode } from '../errors.js';
import { readRunRecord } from '../sinks/read-run-record.js';
import type { RunRecord } from '../sinks/run-record.js';
import { isInside } from '../system/contained-path.js';
import { escapeHtml, writePage } from './page.js';
import { drawStrip } from './strip.js';
import { type VideoReport, writeVideoReport } from './video-report.js';

const RECORD_SUFFIX = '.run.json';
/** What is wrong with one run alone. */
const UNUSABLE: readonly ErrorCode[] = ['RECORD_INVALID', 'TABLE_INVALID', 'INPUT_MISSING'];

/**
 * Writes a report for each finished run below a folder, and, for several, one of all.
 * @param warn told of each record and table that cannot be used; the others get their pages
 * @returns the pages, that of all first
 * @throws BodyscriptError `INPUT_MISSING` where there is no finished run with a table
 */
export async function writeReports(
  folder: string,
  onPage: (path: string) => void,
  warn: (message: string) => void = () => {},
): Promise<string[]> {
  const reports: (VideoReport & { name: string })[] = [];
  for (const name of await recordsBelow(folder)) {
    const report = await reportOf(folder, join(folder, name), warn);
    if (!report) continue;
    onPage(report.path);
    reports.push({ ...report, name });
  }
  if (reports.length === 0) {
    throw new BodyscriptError('INPUT_MISSING', `${folder}: holds no finished run with a table`, {
      remedy: `Make one: bodyscript analyze CLIPS -o ${folder}.`,
    });
  }
  const pages = reports.map(({ path }) => path);
  if (reports.length === 1) return pages;
  const all = join(folder, 'report.html');
  await writePage(all, 'bodyscript report', allOf(reports), ['{"kind":"folder"}']);
  onPage(all);
  return [all, ...pages];
}

/** Undefined where the run has no table, or where its record or its table is not as it has to be. */
async function reportOf(
  folder: string,
  stem: string,
  warn: (message: string) => void,
): Promise<VideoReport | undefined> {
  try {
    const record = await readRunRecord(`${stem}${RECORD_SUFFIX}`);
    if (record.status !== 'done' || !record.outputs.some(output => output.endsWith('.csv'))) return undefined;
    const table = `${stem}.csv`;
    if (await isInside(folder, table)) return await writeVideoReport(stem, record, table);
    warn(`${table}: leads out of ${folder}, and was left out`);
  } catch (error) {
    if (!(error instanceof BodyscriptError) || !UNUSABLE.includes(error.code)) throw error;
    warn(`${error.message}; it was left out`);
  }
  return undefined;
}

async function recordsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(cause => {
    throw new BodyscriptError('INPUT_MISSING', `${folder}: cannot be read`, {
      cause,
      remedy: 'Name the folder of results.',
    });
  });
  return entries
    .filter(entry => entry.isFile() && entry.name.endsWith(RECORD_SUFFIX))
    .map(entry =>
      relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/').slice(0, -RECORD_SUFFIX.length),
    )
    .filter(name => !name.startsWith('.'))
    .sort();
}

const COLUMNS = [
  'video',
  'over time',
  'found',
  'score',
  'longest gap',
  'exchanged',
  'jitter',
  'frames',
  'frames/s',
  'memory MB',
  'grade',
];

/** The worst first. */
function allOf(reports: readonly (VideoReport & { name: string })[]): string {
  const sorted = [...reports].sort(
    (a, b) => a.quality.detectionRate - b.quality.detectionRate || a.quality.confidence - b.quality.confidence,
  );
  const graded = reports.filter(({ quality }) => quality.researchGrade).length;
  return `<header><h1>${reports.length} videos</h1>
<p class="verdict ${graded === reports.length ? 'good' : 'bad'}">${graded} of ${reports.length} are of research grade; the worst stand first</p></header>
<main><section><table id="all"><thead><tr>${COLUMNS.map(name => `<th><button type="button">${name}</button></th>`).join('')}</tr></thead>
<tbody>${sorted.map(row).join('')}</tbody></table></section></main>`;
}

function row({ name, record, quality, strip }: VideoReport & { name: string }): string {
  const cells: [sort: number | string, text: string][] = [
    [name, `<a href="${urlOf(name)}.report.html">${thumbnail(name, record)}${escapeHtml(name)}</a>`],
    [quality.missingRate, drawStrip(strip)],
    [quality.detectionRate, `${(100 * quality.detectionRate).toFixed(1)} %`],
    [quality.confidence, quality.confidence.toFixed(2)],
    [quality.longestGap.frames, String(quality.longestGap.frames)],
    [quality.swaps.count, String(quality.swaps.count)],
    [quality.jitter, `${(100 * quality.jitter).toFixed(1)} %`],
    [record.frames.decoded, String(record.frames.decoded)],
    [record.seconds.framesPerSecond, record.seconds.framesPerSecond.toFixed(1)],
    [record.peakMemory.treeRss, String(Math.round(record.peakMemory.treeRss / 2 ** 20))],
    [quality.researchGrade ? 1 : 0, quality.researchGrade ? 'yes' : `no: ${escapeHtml(quality.reasons.join('; '))}`],
  ];
  return `<tr>${cells.map(([sort, text]) => `<td data-sort="${escapeHtml(String(sort))}">${text}</td>`).join('')}</tr>`;
}

const urlOf = (name: string) => name.split('/').map(encodeURIComponent).join('/');

function thumbnail(name: string, { outputs }: RunRecord): string {
  const isThere = outputs.some(output => output.endsWith('.thumbnail.jpg'));
  return isThere ? `<img class="thumbnail" src="${urlOf(name)}.thumbnail.jpg" alt="" loading="lazy">` : '';
}
