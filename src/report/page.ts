import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { claimOutputs, type Writing } from '../system/claim-outputs.js';
import { readStart } from '../system/own-file.js';
import { PACKAGE } from '../system/package-info.js';
import { GrowingFile } from '../system/whole-file.js';

/**
 * Writes a page that stands by itself: no request leaves it but for the video and the pictures beside it. Piece by piece: ten minutes of video are 4 MB.
 * A page that an earlier call wrote is replaced, any other file is not.
 * @param data pieces of JSON for the page's script
 * @throws BodyscriptError `OUTPUT_TAKEN`, `OUTPUT_BUSY`, `OUTPUT_NOT_WRITABLE`
 */
export async function writePage(
  path: string,
  title: string,
  body: string,
  data: Iterable<string>,
  writing: Writing = {},
): Promise<void> {
  await using _claim = await claimOutputs({ ...writing, outputs: [path], inputs: [], isOwn: isOwnPage });
  const file = await GrowingFile.create(path);
  try {
    await file.append(await head(title));
    await file.append(`${body}\n<script id="data" type="application/json">`);
    // In a script element, "</" would end it.
    for (const piece of data) {
      writing.signal?.throwIfAborted();
      await file.append(piece.replaceAll('</', '<\\/'));
    }
    await file.append('</script>\n');
    const scripts = await Promise.all([library('uplot/dist/uPlot.iife.min.js'), asset('report.js')]);
    for (const script of scripts) await file.append(`<script>${script}</script>\n`);
    await file.append('</body>\n</html>\n');
    await file.close();
    await file.publish();
  } catch (error) {
    await file.remove().catch(() => {}); // The first failure is what counts.
    throw error;
  }
}

/** Tells our pages from others'. */
const GENERATOR = 'bodyscript report';
const MARK_WITHIN_BYTES = 256;

async function isOwnPage(path: string): Promise<boolean> {
  return (await readStart(path, MARK_WITHIN_BYTES)).includes(`<meta name="generator" content="${GENERATOR} `);
}

async function head(title: string): Promise<string> {
  const [css, plotCss] = await Promise.all([asset('report.css'), library('uplot/dist/uPlot.min.css')]);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="${GENERATOR} ${PACKAGE.version}">
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

async function asset(name: string): Promise<string> {
  return readFile(new URL(`./assets/${name}`, import.meta.url), 'utf8');
}

async function library(path: string): Promise<string> {
  return readFile(createRequire(import.meta.url).resolve(path), 'utf8');
}
