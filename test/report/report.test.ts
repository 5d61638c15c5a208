import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WIDE_CSV_COLUMNS } from '../../src/formats/csv-writer.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A browser of this machine; without one the pages are only read. */
const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const folder = await temporaryFolder();
const out = join(folder, 'out');
const LARGEST_BYTES = 6 * 2 ** 20;
let browser: Browser | undefined;

beforeAll(async () => {
  const clips = ['wave', 'crossing'].map(name => join(SAMPLES, `${name}.mp4`));
  const pictures = ['--contact-sheet', '--thumbnail', '--plots'];
  const args = ['analyze', ...clips, '-o', out, '--max-frames', '20', '--people', '2', '-q', ...pictures];
  expect((await runCli(args)).code).toBe(0);
  expect((await runCli(['report', out])).code).toBe(0);
  if (BROWSER) browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox'] });
});
afterAll(() => browser?.close());

/** A page, and what went wrong in it or left it. */
async function open(file: string) {
  const page = await (await browser!.newContext({ viewport: { width: 1100, height: 900 } })).newPage();
  const wrong: string[] = [];
  page.on('console', message => message.type() === 'error' && wrong.push(message.text()));
  page.on('pageerror', error => wrong.push(String(error)));
  page.on('request', request => /^(file|data|blob):/.test(request.url()) || wrong.push(request.url()));
  await page.goto(pathToFileURL(join(out, file)).href);
  await page.waitForSelector('html[data-ready]', { state: 'attached' });
  return { page, wrong };
}

describe('the report', () => {
  test('is one file that names nothing elsewhere but the video beside it, with a paragraph for the methods', async () => {
    const html = await readFile(join(out, 'wave.report.html'), 'utf8');
    expect(html).toMatch(/Body landmarks were estimated with bodyscript .* of up to 2 people\. Each pose has a score/);
    expect(html).toMatch(/model full, SHA-256 \w{12}\.\.\., with heavy, SHA-256 \w{12}\.\.\. for refining/);
    expect(html).toMatch(/searched for with nanodet, SHA-256 .*.*each landmark a confidence/);
    expect(html).toContain('<video id="video" src="wave.overlay.mp4"');
    const sources = [...html.matchAll(/<(?:script|link|img|iframe)[^>]*(?:src|href)="([^",]+)/g)].map(
      match => match[1],
    );
    expect(sources).toEqual(['data:', 'data:image/jpeg;base64', 'data:image/svg+xml;base64']);
    expect(await readFile(join(out, 'report.html'), 'utf8')).toMatch(/2 videos/);
  });

  test('shows each person by themselves where there are several', async () => {
    const quality = async (name: string) =>
      (await readFile(join(out, `${name}.report.html`), 'utf8')).match(/<h2>Each person<\/h2><table>.*/)?.[0];
    expect(await quality('crossing')).toMatch(/<td>0<\/td><td>0\.0-0\.\d s<\/td>.*<td>1<\/td>.*<td>(yes|no: )/);
    expect(await quality('wave')).toBeUndefined();
  });

  test('a folder without a finished run is an error', async () => {
    const { code, stderr } = await runCli(['report', join(folder, 'none')]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('none: cannot be read')]);
  });

  test.skipIf(!BROWSER)(
    'shows plots, ribbon and heat map; a click on the ribbon seeks; no error, no request',
    async () => {
      const { page, wrong } = await open('wave.report.html');
      const box = await page.locator('#ribbon').boundingBox();
      await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + 40);
      await page.waitForFunction('document.getElementById("video").currentTime > 0.2');
      await page.locator('#ribbon').press('ArrowRight');
      expect(await page.locator('.uplot').count()).toBe(5);
      const pictures = await page
        .locator('img.picture')
        .evaluateAll(images => images.map(image => (image as unknown as { naturalWidth: number }).naturalWidth > 0));
      expect(pictures).toEqual([true, true]);
      await page.selectOption('#angle', 'right_elbow');
      expect(await page.locator('.u-title').first().textContent()).toContain('right elbow');
      const painted = await page.evaluate(`(() => {
      const canvas = document.getElementById('heat');
      return new Set(canvas.getContext('2d').getImageData(canvas.width / 2, 0, 1, canvas.height).data).size;
    })()`);
      expect(painted).toBeGreaterThan(3);
      expect(wrong).toEqual([]);
    },
  );

  test.skipIf(!BROWSER)('the page of all has the worst first, and sorts by any column', async () => {
    const { page, wrong } = await open('report.html');
    const first = () => page.locator('#all tbody tr td a').first().textContent();
    expect(await page.locator('#all tbody tr').count()).toBe(2);
    expect(await page.locator('#all img.thumbnail').count()).toBe(2);
    expect(await page.locator('#all .strip polyline').count()).toBe(2);
    await page.locator('th button').first().click();
    expect(await first()).toBe('crossing');
    await page.locator('th button').first().click();
    expect(await first()).toBe('wave');
    expect(wrong).toEqual([]);
  });

  test('of ten minutes at 30 frames a second stays under 6 MB, and shows', async () => {
    const rows = Array.from({ length: 18_000 }, (_, frame) => {
      const cells = Array.from({ length: 33 }, (_, id) => {
        const [x, y] = [
          0.3 + 0.01 * id + 0.02 * Math.sin(frame / 9 + id),
          0.2 + 0.02 * id + 0.02 * Math.cos(frame / 7 + id),
        ];
        return [
          x.toFixed(6),
          y.toFixed(6),
          '0',
          '0.9',
          (x * 640).toFixed(3),
          (y * 480).toFixed(3),
          x.toFixed(4),
          y.toFixed(4),
          '0',
          '0.8',
        ].join(',');
      });
      return `${frame},${(frame / 30).toFixed(6)},0,tracked,original,0.9,${cells.join(',')}`;
    });
    const record = JSON.parse(await readFile(join(out, 'wave.run.json'), 'utf8'));
    await writeFile(join(folder, 'long.csv'), `${[WIDE_CSV_COLUMNS.join(','), ...rows].join('\n')}\n`);
    await writeFile(
      join(folder, 'long.run.json'),
      JSON.stringify({ ...record, quality: null, outputs: [join(folder, 'long.csv')] }),
    );
    const { writeVideoReport } = await import('../../src/report/video-report.js');
    const { path } = await writeVideoReport(
      join(folder, 'long'),
      JSON.parse(await readFile(join(folder, 'long.run.json'), 'utf8')),
      join(folder, 'long.csv'),
    );
    expect((await stat(path)).size).toBeLessThan(LARGEST_BYTES);
    if (!browser) return;
    const page = await browser.newPage();
    await page.goto(pathToFileURL(path).href);
    await page.waitForSelector('html[data-ready]', { state: 'attached', timeout: 10_000 });
  });
});
