import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { GrowingFile } from '../system/whole-file.js';

/**
 * Writes a page that stands by itself: no request leaves it but for the video and the pictures beside it. Piece by piece: ten minutes of video are 4 MB.
 * @param data pieces of JSON for the page's script
 */
export async function writePage(path: string, title: string, body: string, data: Iterable<string>): Promise<void> {
  const file = await GrowingFile.create(path);
  try {
    await file.append(await head(title));
    await file.append(`${body}\n<script id="data" type="application/json">`);
    // In a script element, "</" would end it.
    for (const piece of data) await file.append(piece.replaceAll('</', '<\\/'));
    await file.append('</script>\n');
    await file.append(await uplotLicence());
    const scripts = await Promise.all([library('uplot/dist/uPlot.iife.min.js'), asset('report.js')]);
    for (const script of scripts) await file.append(`<script>${script}</script>\n`);
    await file.append('</body>\n</html>\n');
    await file.close();
    await file.publish();
  } finally {
    await file.close();
  }
}

async function head(title: string): Promise<string> {
  const [css, plotCss] = await Promise.all([asset('report.css'), library('uplot/dist/uPlot.min.css')]);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; media-src 'self' file: blob:; img-src 'self' data: file:">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${plotCss}
${css}</style>
</head>
<body>
`;
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** uPlot's licence, which wants to be in every copy of it: as a comment before its script. */
async function uplotLicence(): Promise<string> {
  return `<!-- uPlot, https://github.com/leeoniya/uPlot\n\n${(await library('uplot/LICENSE')).trim()}\n-->\n`;
}

async function asset(name: string): Promise<string> {
  return readFile(new URL(`./assets/${name}`, import.meta.url), 'utf8');
}

async function library(path: string): Promise<string> {
  return readFile(createRequire(import.meta.url).resolve(path), 'utf8');
}
