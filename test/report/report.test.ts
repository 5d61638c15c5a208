import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WIDE_CSV_COLUMNS } from '../../src/formats/csv-writer.js';
import { readLandmarks } from '../../src/formats/read-landmarks.js';
import type { TableFrame } from '../../src/model/table-frame.js';
import { fullTest } from '../support/full-tests.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A browser of this machine; without one the pages are only read. */
const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const folder = await temporaryFolder();
const out = join(folder, 'out');
const LARGEST_BYTES = 6 * 2 ** 20;
/** Of the clip in which two people cross, in pixels. */
const [WIDTH, HEIGHT] = [640, 480];
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

async function readLandmarksOf(path: string): Promise<TableFrame[]> {
  const frames: TableFrame[] = [];
  for await (const frame of readLandmarks(path)) frames.push(frame);
  return frames;
}

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
    expect(html).toMatch(/Body landmarks were estimated with bodyscript .* of up to 2 people; .*Each pose has a score/);
    const methods = />Body landmarks .*/.exec(html)?.[0] ?? '';
    expect(methods).toMatch(/network was full \(SHA-256 \w{64}\).* refined by heavy \(SHA-256 \w{64}\)/);
    expect(methods).toMatch(
      /searched for with nanodet \(SHA-256 \w{64}\)\. Of \d+ poses \d+ are of full, \d+ of heavy/,
    );
    expect(methods).toMatch(/30\.00 frames per second on average\) was decoded by ffmpeg \w/);
    expect(methods).toMatch(/Minimum scores were 0\.20 of the detector, 0\.20 of a pose and 0\.20 for following one/);
    expect(html).toContain('<video id="video" src="wave.overlay.mp4"');
    const sources = [...html.matchAll(/<(?:script|link|img|iframe)[^>]*(?:src|href)="([^",]+)/g)].map(
      match => match[1],
    );
    expect(new Set(sources)).toEqual(new Set(['data:', 'data:image/jpeg;base64', 'data:image/svg+xml;base64']));
    expect(await readFile(join(out, 'report.html'), 'utf8')).toMatch(/2 videos/);
  });

  test('shows each person by themselves where there are several, with gaps and checks', async () => {
    const section = async (name: string) =>
      /<section id="people">[\s\S]*?<\/section>/.exec(await readFile(join(out, `${name}.report.html`), 'utf8'))?.[0];
    const people = (await section('crossing')) ?? '';
    expect([...people.matchAll(/<i class="chip p(\d)">(\d)<\/i>/g)].map(([, colour, id]) => [colour, id])).toEqual([
      ['0', '0'],
      ['1', '1'],
    ]);
    expect(people).toMatch(
      /data-name="time">0\.0-0\.\d s<\/td><td[^>]*>\d+ of \d+ frames \(\d+\.\d %\)<\/td><td[^>]*>(none|\d+ frames? from)/,
    );
    expect(people).toMatch(/4 of 4 <b class="passed">passed<\/b>/);
    expect(await section('wave')).toBeUndefined();
  });

  test('says what was checked, each number beside its limit, and no word in place of them', async () => {
    const html = await readFile(join(out, 'wave.report.html'), 'utf8');
    expect(html).toContain('5 of 5 checks passed');
    expect(html).toContain(
      '<tr role="row"><th scope="row" role="rowheader">frames without a person</th><td role="cell" data-name="measured">0 of 20 (0.0 %)</td><td role="cell" data-name="limit">at most 0.2</td><td role="cell" data-name="result"><b class="passed">passed</b></td>',
    );
    expect(html).toMatch(/lowest scores<\/th><td[^>]*>(0\.\d\d|1\.00) at \d\.\d\d s \(frame \d+, person 0\)/);
    expect(html).toMatch(/>left knee<\/th><td>\d+°<\/td><td>\d+\.\d %<\/td>/);
    expect(html).toMatch(/>wrist<\/th><td>\d+\.\d %<\/td>/);
    for (const name of ['wave.report.html', 'report.html']) {
      const page = await readFile(join(out, name), 'utf8');
      expect(page.replace(/<details>[\s\S]*<\/details>/, '')).not.toMatch(/research.?grade/i);
    }
  });

  test('says how the tool and its networks are cited, as CITATION.cff does', async () => {
    const html = await readFile(join(out, 'wave.report.html'), 'utf8');
    const bibtex = /<pre id="bibtex">([\s\S]*?)<\/pre>/.exec(html)?.[1] ?? '';
    const citation = await readFile(new URL('../../CITATION.cff', import.meta.url), 'utf8');
    const said = (key: string, text: string) => new RegExp(`^ *(?:- )?${key}: (.*)$`, 'm').exec(text)?.[1];
    expect(bibtex).toContain(`title = {${said('title', citation)}}`);
    expect(bibtex).toContain(`author = {{${said('name', citation)}}}`);
    expect(bibtex).toContain(`license = {${said('license', citation)}}`);
    expect(bibtex).toContain(`version = {${said('version', citation)}}`);
    expect(bibtex).toMatch(/@misc\{bazarevsky2020blazepose,[\s\S]*eprint = \{2006\.10204\}/);
  });

  test('has a line for each person that follows them alone, and the tool takes it', async () => {
    const html = await readFile(join(out, 'crossing.report.html'), 'utf8');
    const lines = [...html.matchAll(/<code id="line-(\d)">bodyscript (.*?)<\/code>/g)];
    expect(lines.map(([, id]) => id)).toEqual(['0', '1']);
    const tables = await Promise.all([
      readLandmarksOf(join(out, 'crossing.csv')),
      ...lines.map(async ([, id, line = '']) => {
        expect(line).toMatch(/^analyze \S+crossing\.mp4 --person \d+,\d+ -o \S+person-\d$/);
        const args = [...line.split(' '), '--max-frames', '2', '--no-overlay', '-q'];
        expect((await runCli(args)).code).toBe(0);
        return readLandmarksOf(join(out, `person-${id}`, 'crossing.csv'));
      }),
    ]);
    const noses = tables.map(frames =>
      frames[0]!.people.map(({ landmarks }) => Math.round((landmarks[0]?.xPx ?? 0) / 20)),
    );
    expect([...noses[1]!, ...noses[2]!]).toEqual(noses[0]);
  });

  test('a folder without a finished run is an error', async () => {
    const { code, stderr } = await runCli(['report', join(folder, 'none')]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('none: no such file or folder')]);
  });

  test.skipIf(!BROWSER)(
    'shows plots, timeline and heat map; a click on the timeline seeks; no error, no request',
    async () => {
      const { page, wrong } = await open('wave.report.html');
      const box = await page.locator('#ribbon').boundingBox();
      await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + 40);
      await expect
        .poll(() => page.evaluate('document.getElementById("video").currentTime > 0.2'), { timeout: 10_000 })
        .toBe(true);
      await page.locator('#ribbon').press('ArrowRight');
      expect(await page.locator('.uplot').count()).toBe(5);
      const pictures = await page
        .locator('img.picture')
        .evaluateAll(images => images.map(image => (image as unknown as { naturalWidth: number }).naturalWidth > 0));
      expect(pictures).toEqual([true, true]);
      await page.selectOption('#angle', 'elbow');
      expect(await page.locator('#angle-plot h3').textContent()).toBe('elbow: degrees (2D, image plane)');
      const painted = await page.evaluate(`(() => {
      const canvas = document.getElementById('heat');
      return new Set(canvas.getContext('2d').getImageData(Math.floor(canvas.width / 2), 0, 1, canvas.height).data).size;
    })()`);
      expect(painted).toBeGreaterThan(3);
      expect(wrong).toEqual([]);
    },
  );

  test.skipIf(!BROWSER)('gives the line for whoever is clicked on in the paused picture, and copies it', async () => {
    const { page, wrong } = await open('crossing.report.html');
    await expect
      .poll(() => page.evaluate('document.getElementById("video").readyState >= 2'), { timeout: 10_000 })
      .toBe(true);
    expect(await page.locator('.timeline .row').count()).toBe(2);
    await page.evaluate('document.getElementById("video").currentTime = 0.405');
    await expect.poll(() => page.evaluate('!document.getElementById("video").seeking'), { timeout: 10_000 }).toBe(true);
    const frames = await readLandmarksOf(join(out, 'crossing.csv'));
    const shown = frames[12]!; // 0.4 s, at 30 frames a second.
    const box = (await page.locator('#video').boundingBox())!;
    for (const { personId, landmarks } of shown.people) {
      const [x, y] = [landmarks[24]?.xPx ?? 0, landmarks[24]?.yPx ?? 0];
      const scale = Math.min(box.width / WIDTH, box.height / HEIGHT);
      const left = box.x + (box.width - WIDTH * scale) / 2;
      const top = box.y + (box.height - HEIGHT * scale) / 2;
      await page.mouse.click(left + x * scale, top + y * scale);
      const reported = (await page.locator('#chosen').textContent()) ?? '';
      expect(reported).toMatch(new RegExp(`at 0\\.40 s \\(nearest is person ${personId}\\)`));
      const [, px, py] = /--person (\d+),(\d+) --start 0\.4 -o /.exec(reported) ?? [];
      expect(Math.hypot(Number(px) - x, Number(py) - y)).toBeLessThan(3);
      expect(await page.evaluate('document.getElementById("video").paused')).toBe(true);
    }
    await page.locator('#chosen button').click();
    expect(await page.locator('#chosen button').textContent()).toBe('copied');
    expect(wrong).toEqual([]);
  });

  test.skipIf(!BROWSER)('of a clip with nobody opens, takes a click, and shows no joints that nobody has', async () => {
    const nobody = ['analyze', join(SAMPLES, 'empty-room.mp4'), '-o', join(out, 'nobody'), '--max-frames', '5', '-q'];
    expect((await runCli(nobody)).code).toBe(0);
    expect((await runCli(['report', join(out, 'nobody', 'empty-room.csv')])).code).toBe(0);
    const { page, wrong } = await open('nobody/empty-room.report.html');
    await expect
      .poll(() => page.evaluate('document.getElementById("video").readyState >= 2'), { timeout: 10_000 })
      .toBe(true);
    const box = (await page.locator('#video').boundingBox())!;
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    expect(await page.textContent('#checks')).toMatch(
      /frames without a person5 of 5 \(100\.0 %\)at most 0\.2not passed/,
    );
    expect(await page.textContent('#checks')).not.toContain('Joints not seen');
    expect(await page.locator('#follow').count()).toBe(0);
    expect(wrong).toEqual([]);
  });

  test.skipIf(!BROWSER)(
    'the index has the worst first, and sorts by any column, also where it is too narrow for a table',
    async () => {
      const { page, wrong } = await open('report.html');
      const first = () => page.locator('#all tbody a.name').first().textContent();
      expect(await page.locator('#all tbody tr').count()).toBe(2);
      expect(await page.locator('#all img.thumbnail').count()).toBe(2);
      expect(await page.locator('#all .strip polyline').count()).toBe(2);
      await page.selectOption('#sort', { label: 'video' });
      expect(await first()).toBe('crossing');
      await page.locator('#direction').click();
      expect(await first()).toBe('wave');
      expect(wrong).toEqual([]);
    },
  );

  fullTest('of ten minutes at 30 frames a second stays under 6 MB, and shows', async () => {
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
