import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** A page that stands by itself: no request leaves it but for the video beside it. */
export async function page(title: string, body: string, data: object): Promise<string> {
  const [css, script, plotCss, plot] = await Promise.all([
    asset('report.css'),
    asset('report.js'),
    library('uplot/dist/uPlot.min.css'),
    library('uplot/dist/uPlot.iife.min.js'),
  ]);
  // In a script element, "</" would end it.
  const json = JSON.stringify(data).replaceAll('</', '<\\/');
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
${body}
<script id="data" type="application/json">${json}</script>
<script>${plot}</script>
<script>${script}</script>
</body>
</html>
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
