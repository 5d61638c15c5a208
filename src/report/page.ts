import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { hexColour, PERSON_COLOURS } from '../model/person-colours.js';
import { claimOutputs, type Writing } from '../system/claim-outputs.js';
import { readStart } from '../system/own-file.js';
import { PACKAGE } from '../system/package-info.js';
import { GrowingFile } from '../system/whole-file.js';
import { type Html, html } from '../text/html.js';
import { jsonInScript } from '../text/json.js';

/**
 * Writes a self-contained page: its only request is for the video beside it. It is written piece by piece: ten minutes
 * of video are 4 MB. Only a page from an earlier call is replaced. @param data pieces of JSON for the page's script
 * @throws BodyscriptError `OUTPUT_TAKEN`, `OUTPUT_BUSY`, `OUTPUT_NOT_WRITABLE`
 */
export async function writePage(
  path: string,
  title: string,
  body: Iterable<Html> | AsyncIterable<Html>,
  data: Iterable<string>,
  writing: Writing = {},
  assets: PageAssets = VIDEO_ASSETS,
): Promise<void> {
  await using _claim = await claimOutputs({
    ...writing,
    outputs: [path],
    inputs: [],
    isOwn: isOwnPage,
    unwritable: UNWRITABLE,
  });
  const parts = await pageParts(assets);
  const file = await GrowingFile.create(path);
  try {
    await file.append(head(title, parts));
    for await (const piece of body) await file.append(piece.text);
    await file.append('\n<script id="data" type="application/json">');
    for (const piece of data) {
      writing.signal?.throwIfAborted();
      await file.append(jsonInScript(piece));
    }
    await file.append('</script>\n');
    if (assets.hasPlots) await file.append(await uplotLicence());
    for (const script of parts.scripts) await file.append(`<script>${script}</script>\n`);
    await file.append('</body>\n</html>\n');
    await file.close();
    await file.publish();
  } catch (error) {
    await file.remove().catch(() => {}); // Only the first failure counts.
    throw error;
  }
}

const UNWRITABLE = 'Pages are written beside the results: make the folder writable, or copy the results elsewhere.';
/** Distinguishes our pages from others. */
const GENERATOR = 'bodyscript report';
const MARK_WITHIN_BYTES = 256;

async function isOwnPage(path: string): Promise<boolean> {
  return (await readStart(path, MARK_WITHIN_BYTES)).includes(`<meta name="generator" content="${GENERATOR} `);
}

/** The style of a page and its scripts: names in `assets/`. */
interface PageAssets {
  /** In the order in which later ones prevail. */
  readonly styles: readonly string[];
  /** In the order in which they run. */
  readonly scripts: readonly string[];
  /** Whether it draws with uPlot. */
  readonly hasPlots: boolean;
}

const VIDEO_ASSETS: PageAssets = {
  styles: ['base.css', 'video.css'],
  scripts: ['tools.js', 'charts.js', 'people.js', 'video.js', 'report.js'],
  hasPlots: true,
};
export const FOLDER_ASSETS: PageAssets = {
  styles: ['base.css', 'folder.css'],
  scripts: ['folder.js'],
  hasPlots: false,
};

/** The same as text. */
interface PageParts {
  readonly style: string;
  readonly scripts: readonly string[];
}

async function pageParts({ styles, scripts, hasPlots }: PageAssets): Promise<PageParts> {
  const [style, code] = await Promise.all([
    Promise.all([...(hasPlots ? [library('uplot/dist/uPlot.min.css')] : []), ...styles.map(asset)]),
    Promise.all([...(hasPlots ? [library('uplot/dist/uPlot.iife.min.js')] : []), ...scripts.map(asset)]),
  ]);
  return { style: `${style.join('\n')}${personStyles()}`, scripts: code };
}

/** The colour of each person's chip and skeleton. */
function personStyles(): string {
  return PERSON_COLOURS.map(
    (colour, i) => `.p${i} { background: ${hexColour(colour)}; stroke: ${hexColour(colour)}; }\n`,
  ).join('');
}

/**
 * Lets the page run only these scripts and use only this style, by their hashes: injected code would not run. It may
 * show embedded pictures, and play the video beside it.
 */
function policy({ style, scripts }: PageParts): string {
  const hashes = (parts: readonly string[]) => parts.map(part => `'sha256-${sha256(part)}'`).join(' ');
  return [
    "default-src 'none'",
    `script-src ${hashes(scripts)}`,
    `style-src ${hashes([style])}`,
    'img-src data:',
    "media-src 'self' file:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

function head(title: string, parts: PageParts): string {
  const before = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="${GENERATOR} ${PACKAGE.version}">
<meta http-equiv="Content-Security-Policy" content="${policy(parts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${title}</title>
`;
  return `${before.text}<style>${parts.style}</style>
</head>
<body>
`;
}

/** uPlot's licence, which must be in every copy: as a comment before its script. */
async function uplotLicence(): Promise<string> {
  return `<!-- uPlot, https://github.com/leeoniya/uPlot\n\n${(await library('uplot/LICENSE')).trim()}\n-->\n`;
}

async function asset(name: string): Promise<string> {
  return text(new URL(`./assets/${name}`, import.meta.url));
}

async function library(path: string): Promise<string> {
  return text(createRequire(import.meta.url).resolve(path));
}

/** A browser reads CR LF as LF before it hashes. */
async function text(file: URL | string): Promise<string> {
  return (await readFile(file, 'utf8')).replaceAll('\r\n', '\n');
}
