import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeFolderPage } from '../../src/report/folder-page.js';
import { HEADS } from '../../src/report/folder-row.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { firstOf, IS_FULL } from '../support/full-tests.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const folder = await temporaryFolder();
const out = join(folder, 'out');
const PHONE = { width: 360, height: 740 };
const LONG_NAME = 'subject-07_squat_with_a_very_long_descriptive_name_2026-11-26T06-42-00';
let browser: Browser | undefined;

beforeAll(async () => {
  const clips = join(folder, 'clips');
  await mkdir(clips);
  for (const name of ['wave', 'crossing']) await copyFile(join(SAMPLES, `${name}.mp4`), join(clips, `${name}.mp4`));
  const grey = ['-i', join(SAMPLES, 'wave.mp4'), '-vf', 'drawbox=t=fill:color=gray', '-frames:v', '6'];
  await makeWithFfmpeg(grey, join(clips, 'grey.mp4'));
  await writeFile(join(clips, 'empty.mp4'), '');
  await writeFile(join(clips, 'cut-off.mp4'), (await readFile(join(SAMPLES, 'wave.mp4'))).subarray(0, 3000));
  await writeFile(join(clips, 'notes.txt'), 'not a video');
  const args = ['analyze', clips, '-o', out, '--max-frames', '6', '--mode', 'still', '--thumbnail', '-q'];
  expect((await runCli(args)).code).toBe(3);
  expect((await runCli(['report', out])).code).toBe(0);
  if (BROWSER) browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox'] });
});
afterAll(() => browser?.close());

/** Results of one video under several names. */
async function results(name: string, stems: readonly string[]): Promise<string> {
  const into = join(folder, name);
  await mkdir(into);
  for (const stem of stems) {
    for (const suffix of ['.csv', '.thumbnail.jpg', '.run.json'])
      await copyFile(join(out, `wave${suffix}`), join(into, `${stem}${suffix}`));
  }
  return into;
}

async function open(path: string, colorScheme: 'light' | 'dark' = 'light', viewport = { width: 1280, height: 900 }) {
  const page = await (await browser!.newContext({ viewport, colorScheme })).newPage();
  const wrong: string[] = [];
  page.on('console', message => message.type() === 'error' && wrong.push(message.text()));
  page.on('pageerror', error => wrong.push(String(error)));
  page.on('request', request => /^(file|data):/.test(request.url()) || wrong.push(request.url()));
  await page.goto(pathToFileURL(join(path, 'report.html')).href);
  await page.waitForSelector('html[data-ready]', { state: 'attached' });
  return { page, wrong };
}

const shownNames = (page: Page) => page.locator('#all tbody tr:visible a.name').allTextContents();

/** What axe finds that keeps people from using the page. */
async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(AXE, 'utf8')); // Beside the page's policy, which permits no further script.
  const { passes, violations } = (await page.evaluate('axe.run()')) as {
    passes: unknown[];
    violations: { id: string; impact: string; nodes: { html: string }[] }[];
  };
  expect(passes.length).toBeGreaterThan(10); // It has looked.
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

describe('the index of a folder', () => {
  test('lists each video with what was found, its lowest score, and links to its page and table', async () => {
    const html = await readFile(join(out, 'report.html'), 'utf8');
    expect(html).toContain('<h1>5 videos in out</h1>');
    expect(html).toContain('2 of 3 analysed videos passed all checks; 2 failed; skipped 1 non-video file');
    const row = /<tr data-tags="passed">[\s\S]*?href="\.\/wave\.report\.html"[\s\S]*?<\/tr>/.exec(html)?.[0] ?? '';
    expect(row).toContain('href="./wave.csv"');
    expect(row).toContain('href="./wave.overlay.mp4"');
    expect(row).toContain('100.0 % <small>6 of 6 frames</small>');
    expect(row).toMatch(/data-head="lowest score">[01]\.\d\d <small>at 0\.\d\d s<\/small>/);
    const nobody = /<tr data-tags="unpassed empty[\s\S]*?<\/tr>/.exec(html)?.[0] ?? '';
    expect(nobody).toContain('0.0 % <small>0 of 6 frames</small>');
    expect(nobody).toMatch(/not passed<\/b>: detection rate 0\.00 \(at least 0\.8\), /);
  });

  test('says of each failed video what happened and what to do', async () => {
    const section =
      /<section id="problems">[\s\S]*?<\/section>/.exec(await readFile(join(out, 'report.html'), 'utf8'))?.[0] ?? '';
    expect(section).toContain('<h2>2 videos without results</h2>');
    expect(section).toMatch(
      /clips\/empty\.mp4 <small>failed<\/small><\/th>\s*<td>the file is empty \(0 bytes\) <code>INPUT_EMPTY<\/code><\/td>\s*<td>Copy or record it again\.<\/td>/,
    );
    expect(section).toMatch(/clips\/cut-off\.mp4 <small>failed[\s\S]*INPUT_(NO_FRAMES|DAMAGED)/);
  });

  test('a video that was analysed after its batch has failed no more, and an older result does not hide a failure', async () => {
    const names = await Promise.all(
      [-1000, 1000].map(async off => {
        const into = await results(`after${off}`, ['wave']);
        const { endedAt } = JSON.parse(await readFile(join(into, 'wave.run.json'), 'utf8'));
        const error = { code: 'DECODER_FAILED', message: 'wave.mp4: it broke', remedy: 'Try again.' };
        const video = { path: 'wave.mp4', name: 'wave', outcome: 'failed', error };
        const passedOver = {
          notVideo: 0,
          text: 0,
          proxies: 0,
          hidden: 2,
          links: 0,
          excluded: 0,
          outputs: 0,
          unreadable: [],
        };
        const rest = { startedAt: new Date(Date.parse(endedAt) + off).toISOString(), passedOver };
        const text = `{\n"reportVersion": 1,\n"videos": [\n${JSON.stringify(video)}\n],\n${JSON.stringify(rest, null, 2).slice(2)}\n`;
        await writeFile(join(into, 'batch-2-of-3.json'), text);
        expect((await runCli(['report', into])).code).toBe(0);
        const html = await readFile(join(into, 'report.html'), 'utf8');
        expect(html).toContain('skipped 2 hidden files');
        return html.includes('it broke');
      }),
    );
    expect(names).toEqual([false, true]);
  });

  test('a failure that was kept without a ledger is listed', async () => {
    const into = join(folder, 'no-ledger');
    const args = ['analyze', join(folder, 'clips', 'empty.mp4'), join(folder, 'clips', 'cut-off.mp4'), '-o', into];
    expect((await runCli([...args, '--no-ledger', '-q'])).code).toBe(3);
    await rm(join(into, 'batch.json'));
    expect((await runCli(['report', into])).code).toBe(0);
    const html = await readFile(join(into, 'report.html'), 'utf8');
    expect(html).toContain('<h2>2 videos without results</h2>');
    expect(html).toContain('<td>the file is empty (0 bytes) <code>INPUT_EMPTY</code></td>');
  });

  test('a changed batch report is left out with a warning', async () => {
    const into = await results('changed', ['wave']);
    await writeFile(
      join(into, 'batch.json'),
      JSON.stringify(JSON.parse(await readFile(join(out, 'batch.json'), 'utf8'))),
    );
    const { code, stderr } = await runCli(['report', into]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('batch.json: is not a batch report')]);
    expect(existsSync(join(into, 'report.html'))).toBe(true);
  });

  test('of one video counts one, and has nothing to sort', async () => {
    const into = await results('one', ['wave']);
    expect((await runCli(['report', into])).code).toBe(0);
    const html = await readFile(join(into, 'report.html'), 'utf8');
    expect(html).toContain('<h1>1 video in one</h1>');
    expect(html).toContain('1 of 1 analysed video passed all checks');
    expect(html).not.toContain('overlay</a>'); // It was left behind.
    expect(html).not.toContain('id="controls"');
    expect(html).not.toContain('id="problems"');
  });

  test('of an empty folder says what to do; a folder of other files gets no page', async () => {
    const [none, other] = [join(folder, 'none'), join(folder, 'other')];
    await mkdir(none);
    await mkdir(other);
    await writeFile(join(other, 'letter.txt'), 'mine');
    const [empty, foreign] = [await runCli(['report', none]), await runCli(['report', other])];
    expect([empty.code, empty.stderr]).toEqual([0, expect.stringContaining('no results yet')]);
    expect(await readFile(join(none, 'report.html'), 'utf8')).toMatch(
      /0 videos in none[\s\S]*Nothing here yet: analyse videos/,
    );
    expect([foreign.code, existsSync(join(other, 'report.html'))]).toEqual([1, false]);
  });

  test.skipIf(!BROWSER)('sorts and filters by the keyboard alone, and says so in words', async () => {
    const { page, wrong } = await open(out);
    const status = () => page.locator('#shown').textContent();
    expect((await shownNames(page))[0]).toBe('grey');
    expect(await status()).toBe('Showing 3 of 3 videos, sorted by found, lowest first');
    await page.locator('thead button').first().focus();
    await page.keyboard.press('Enter');
    expect(await shownNames(page)).toEqual(['crossing', 'grey', 'wave']);
    await page.keyboard.press('Enter');
    expect(await shownNames(page)).toEqual(['wave', 'grey', 'crossing']);
    expect(await page.locator('th[aria-sort="descending"]').textContent()).toBe('video');
    expect(await status()).toBe('Showing 3 of 3 videos, sorted by video, from Z to A');
    await page.getByRole('button', { name: 'no person found (1)' }).focus();
    await page.keyboard.press('Space');
    expect(await shownNames(page)).toEqual(['grey']);
    expect(await page.locator('[aria-pressed="true"]').textContent()).toBe('no person found (1)');
    await page.getByRole('button', { name: 'all (3)' }).press('Enter');
    await page.getByRole('searchbox').fill('CROSS');
    expect([await shownNames(page), await status()]).toEqual([['crossing'], 'Showing 1 of 3 videos']);
    await page.locator('#sort').selectOption({ label: 'checks and warnings' });
    await page.getByRole('searchbox').fill('');
    expect(await status()).toBe('Showing 3 of 3 videos, sorted by checks and warnings, fewest problems first');
    await page.getByRole('button', { name: 'fewest problems first' }).click();
    expect([(await shownNames(page))[0], await status()]).toEqual([
      'grey',
      expect.stringMatching(/most problems first$/),
    ]);
    // A picture has no order of its own.
    expect(await page.locator('#sort option').allTextContents()).not.toContain('over time');
    await page.getByRole('searchbox').fill('zebra');
    expect(await status()).toBe('No video matches');
    expect(wrong).toEqual([]);
  });

  test.skipIf(!BROWSER)('finds a name with an accent that macOS stored as two characters', async () => {
    const into = await results('accents', ['Ju\u0308rgen', 'Anna']);
    expect((await runCli(['report', into])).code).toBe(0);
    const { page } = await open(into);
    await page.getByRole('searchbox').fill('J\u00fcrgen');
    expect(await shownNames(page)).toEqual(['Ju\u0308rgen']);
  });

  test.skipIf(!IS_FULL || !BROWSER)(
    'of thousands of videos shows the first 500 at once, and all on demand',
    async () => {
      const into = join(folder, 'thousands');
      await mkdir(into);
      const cells = HEADS.slice(1).map((_, i): [number, string] => [i, 'x']);
      const rows = Array.from({ length: 1200 }, (_, i) => ({
        ...{ name: `video-${i}`, detectionRate: 1, confidence: 1, tags: ['passed' as const], statuses: '2' },
        ...{ hasThumbnail: false, hasOverlay: false, cells },
      }));
      const content = { rows, problems: [], more: 0, skipped: [], hasBatch: false };
      await writeFolderPage(join(into, 'report.html'), into, content, { onWarning: () => {} });
      const { page, wrong } = await open(into);
      const status = () => page.locator('#shown').textContent();
      expect(await status()).toMatch(/^Showing 500 of 1200 videos/);
      expect(await shownNames(page)).toHaveLength(500);
      await page.getByRole('searchbox').fill('video-11');
      expect(await shownNames(page)).toHaveLength(111); // 11, 110-119, 1100-1199
      await page.getByRole('searchbox').fill('');
      await page.getByRole('button', { name: 'show all 1200' }).click();
      expect(await shownNames(page)).toHaveLength(1200);
      expect(await page.locator('#more').isVisible()).toBe(false);
      expect(wrong).toEqual([]);
    },
  );

  test.skipIf(!IS_FULL || !BROWSER)(
    'without its script lists all videos, and no control that would do nothing',
    async () => {
      const context = await browser!.newContext({ javaScriptEnabled: false });
      const page = await context.newPage();
      await page.goto(pathToFileURL(join(out, 'report.html')).href);
      expect(await page.getByRole('link', { name: /^(wave|crossing|grey)$/ }).count()).toBe(3);
      expect(await page.locator('#controls').isVisible()).toBe(false);
      await page.goto(pathToFileURL(join(out, 'wave.report.html')).href);
      expect(await page.locator('.no-script').first().isVisible()).toBe(true);
      expect(await page.locator('button[data-copy]').first().isVisible()).toBe(false);
      await context.close();
      const { page: usual } = await open(out);
      await usual.goto(pathToFileURL(join(out, 'wave.report.html')).href);
      await usual.waitForSelector('[data-ready]');
      expect(await usual.locator('.no-script').first().isVisible()).toBe(false);
    },
  );

  test('skips what macOS keeps beside files of another disk, and shows hidden videos', async () => {
    const into = await results('hidden', ['.take', 'wave']);
    const below = join(into, 'day-1');
    await mkdir(below);
    for (const place of [into, below]) await writeFile(join(place, '._wave.run.json'), Buffer.from([0, 5, 22, 7]));
    const { code, stderr } = await runCli(['report', into]);
    expect(code).toBe(0);
    expect(stderr).not.toContain('._wave');
    expect(await readFile(join(into, 'report.html'), 'utf8')).toContain('<h1>2 videos in hidden</h1>');
  });

  test('a file that is not a table is named as one, with what to give', async () => {
    const record = join(out, 'wave.run.json');
    const { code, stderr } = await runCli(['report', record]);
    const says = `${record}: not a folder, nor a table. Give the results folder, or one table (.csv or .ndjson).`;
    expect([code, stderr]).toEqual([1, `error: ${says}\n`]);
  });

  test.skipIf(!BROWSER)('leads to the page of each video and to its table', async () => {
    const { page } = await open(out);
    for (const link of await page.locator('#all a').all()) {
      const path = new URL((await link.getAttribute('href')) ?? '', page.url()).pathname;
      expect([path, existsSync(decodeURIComponent(path))]).toEqual([path, true]);
    }
    expect(await page.locator('#all a').count()).toBe(9);
  });

  test.skipIf(!IS_FULL || !BROWSER)(
    'of twenty videos and a long name overflows on no telephone, screen or sheet of paper',
    async () => {
      const into = await results('twenty', [LONG_NAME, ...Array.from({ length: 19 }, (_, i) => `video-${i}`)]);
      await cp(join(out, 'batch.json'), join(into, 'batch.json'));
      expect((await runCli(['report', into])).code).toBe(0);
      for (const width of [PHONE.width, 601, 794, 1251, 1920]) {
        const { page } = await open(into, 'light', { width, height: 800 });
        const isWider =
          await page.evaluate(`[...document.querySelectorAll('body, section, table, tr, td, th, button, code, a')]
        .filter(element => element.getBoundingClientRect().right > innerWidth + 0.5 || element.getBoundingClientRect().left < 0)
        .map(element => element.outerHTML.slice(0, 80))`);
        expect([width, isWider]).toEqual([width, []]);
        await page.close();
      }
    },
  );

  test.skipIf(!BROWSER)('keeps its colours on paper, and is light there', async () => {
    const { page } = await open(out, 'dark');
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const style = (selector: string, property: string) =>
      page.evaluate(`getComputedStyle(document.querySelector('${selector}')).getPropertyValue('${property}')`);
    expect(await style('body', 'background-color')).toBe('rgb(255, 255, 255)');
    expect(await style('td', 'color')).toBe('rgb(27, 31, 36)');
    expect(await style('.legend rect', 'print-color-adjust')).toBe('exact');
    expect(await style('#all .row path', 'fill')).not.toBe('rgb(0, 0, 0)');
    expect(await style('#controls', 'display')).toBe('none');
  });

  test.skipIf(!BROWSER).each(firstOf(['light', 'dark'] as const, 1))(
    'has no serious accessibility fault, %s, wide or narrow',
    async scheme => {
      for (const viewport of [{ width: 1280, height: 900 }, PHONE]) {
        const { page } = await open(out, scheme, viewport);
        expect(await seriousFaults(page)).toEqual([]);
        await page.close();
      }
    },
  );
});
