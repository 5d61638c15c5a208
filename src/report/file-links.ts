import { basename, dirname, join, relative, sep } from 'node:path';
import type { RunRecord } from '../model/run-record.js';
import { recordedName } from '../system/recorded-name.js';
import { type Html, html } from '../text/html.js';
import { checkRegular } from './regular-file.js';

/** A file that a page links to. */
export interface FileLink {
  readonly name: string;
  /** Relative to the page, with its parts escaped. */
  readonly address: string;
}

/**
 * The files of a run that are beside its page.
 * @param root the results folder; files outside are not linked
 * @param table the table that the page shows
 */
export async function filesBeside(root: string, table: string, stem: string, record: RunRecord): Promise<FileLink[]> {
  const names = [
    basename(table),
    ...record.outputs.map(output => recordedName(output, record.tool.platform)),
    `${basename(stem)}.run.json`,
  ];
  const links: FileLink[] = [];
  for (const name of new Set(names)) {
    const exists = await checkRegular(root, join(dirname(table), name)).then(
      () => true,
      () => false,
    );
    if (exists) links.push({ name, address: `./${encodeURIComponent(name)}` });
  }
  return links;
}

/** The path from a page to the index of all pages. */
export function indexAddress(page: string, index: string): string {
  return relative(dirname(page), index).split(sep).map(encodeURIComponent).join('/');
}

/** The way back to the index of all videos, above the title. */
export function indexLink(index: string | undefined): Html | undefined {
  if (index === undefined) return undefined;
  return html`<nav class="files" aria-label="all videos"><a href="${index}">&larr; all videos</a></nav>\n`;
}

/** Links to a run's files. */
export function filesOf(files: readonly FileLink[]): Html {
  return html`<nav class="files" aria-label="files of this run">${files.map(({ name, address }) => html`<a href="${address}">${name}</a>\n`)}</nav>`;
}
