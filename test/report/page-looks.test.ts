import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { firstOf } from '../support/full-tests.js';
import { BROWSER, barriersIn, cutIn, sheetOf } from '../support/page-checks.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const out = join(folder, 'out');
/** Pages by the number of people that they show; that of one person has no overlay. */
const PAGES = { 0: 'empty-room', 1: 'squat', 4: 'four' } as const;
const COUNTS = [0, 1, 4] as const;
const [DESKTOP, PHONE] = [
  { width: 1180, height: 900 },
  { width: 360, height: 740 },
];
/** A4 and its margins of 12 mm, in CSS pixels. */
const MM = 96 / 25.4;
const SHEET = { width: Math.floor((210 - 24) * MM), height: Math.floor((297 - 24) * MM) };
let browser: Browser | undefined;

/** Four clips side by side, each with a person. */
async function fourPeople(path: string): Promise<void> {
  const inputs = ['wave', 'squat', 'hands-up', 'turn'].flatMap(name => ['-i', join(SAMPLES, `${name}.mp4`)]);
  const scaled = [0, 1, 2, 3].map(i => `[${i}:v]scale=480:360,setsar=1[v${i}]`).join(';');
  const tiled = '[v0][v1]hstack[top];[v2][v3]hstack[bottom];[top][bottom]vstack';
  await makeWithFfmpeg([...inputs, '-filter_complex', `${scaled};${tiled}`, '-frames:v', '12'], path);
}

beforeAll(async () => {
  const four = join(folder, 'four.mp4');
  await fourPeople(four);
  const analyze = (...args: string[]) => runCli(['analyze', ...args, '-o', out, '--max-frames', '12', '-q']);
  expect((await analyze(join(SAMPLES, 'empty-room.mp4'), '--thumbnail')).code).toBe(0);
  expect((await analyze(join(SAMPLES, 'squat.mp4'), '--no-overlay')).code).toBe(0);
  expect((await analyze(four, '--people', '4', '--contact-sheet', '--plots')).code).toBe(0);
  expect((await runCli(['report', out])).code).toBe(0);
  if (BROWSER) browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox'] });
}, 120_000);
afterAll(() => browser?.close());

const htmlOf = (people: keyof typeof PAGES) => readFile(join(out, `${PAGES[people]}.report.html`), 'utf8');

async function open(people: keyof typeof PAGES, viewport = DESKTOP, colorScheme: 'light' | 'dark' = 'light') {
  const page = await (await browser!.newContext({ viewport, colorScheme })).newPage();
  const wrong: string[] = [];
  page.on('console', message => message.type() === 'error' && wrong.push(message.text()));
  page.on('pageerror', error => wrong.push(String(error)));
  await page.goto(pathToFileURL(join(out, `${PAGES[people]}.report.html`)).href);
  await page.waitForSelector('html[data-ready]', { state: 'attached' });
  return { page, wrong };
}

describe('the page of a video', () => {
  test('has a status row for each person, in words too, and only the statuses that occur in its legend', async () => {
    const rowsOf = (html: string) =>
      [...html.matchAll(/<svg class="row"[^>]*aria-label="([^"]*)"/g)].map(([, label]) => label);
    const four = await htmlOf(4);
    expect(rowsOf(four)).toEqual([0, 1, 2, 3].map(id => expect.stringMatching(`^person ${id}: .*\\d+ frames?`)));
    for (const people of [1, 4] as const) {
      const html = await htmlOf(people);
      const legend = /<ul class="legend">[\s\S]*?<\/ul>/.exec(html)?.[0] ?? '';
      const named = [...legend.matchAll(/class="(s\d)"/g)].map(([, name]) => name);
      const drawn = [...html.matchAll(/<path class="(s\d)"/g)].map(([, name]) => name);
      expect(new Set(named)).toEqual(new Set(drawn));
      expect(named.length).toBeGreaterThan(0);
      expect(rowsOf(html)).toHaveLength(people);
    }
    expect(rowsOf(await htmlOf(0))).toEqual([]);
  });

  test('says what to try where nobody is found, as commands that the tool takes, and has no empty charts', async () => {
    const html = await htmlOf(0);
    expect(html).toContain('<h2>No person found</h2>');
    for (const id of ['curves', 'visibility', 'follow', 'ribbon']) expect(html).not.toContain(`id="${id}"`);
    const commands = [...html.matchAll(/<code id="remedy-\d">bodyscript ([^<]*)<\/code>/g)].map(
      ([, line = '']) => line,
    );
    expect(commands.map(line => line.replace(/^analyze \S+ ?(.*?) ?-o \S+$/, '$1'))).toEqual([
      '',
      '--mode quality',
      '--min-detection 0.1 --min-presence 0.1',
      '--rotate 90',
    ]);
    for (const command of commands) {
      const { code, stderr } = await runCli([...command.split(' '), '--dry-run']);
      expect([code, stderr]).toEqual([0, expect.not.stringContaining('error')]);
    }
  });

  test('without an overlay shows the skeletons of a frame, and names the command that draws one', async () => {
    const html = await htmlOf(1);
    expect(html).toMatch(/<figure class="still"><svg class="skeletons" viewBox="0 0 640 480"/);
    expect(html).toMatch(
      /No overlay video lies beside this page[^<]*at 0\.\d+ s[^<]*<code id="draw">bodyscript render/,
    );
    expect(await htmlOf(4)).toMatch(/<video id="video"[\s\S]*<figure class="still on-paper">/);
  });

  test('links to the index, the table and the record beside it', async () => {
    const links = [...(await htmlOf(4)).matchAll(/<a href="([^"#]+)">/g)].map(([, address = '']) => address);
    expect(links).toEqual(
      expect.arrayContaining(['report.html', './four.csv', './four.run.json', './four.overlay.mp4']),
    );
    for (const address of links) await readFile(join(out, address)); // None of them is dead.
  });
});

describe.skipIf(!BROWSER)('in a browser the page of a video', () => {
  const looks: readonly (readonly [people: keyof typeof PAGES, scheme: 'light' | 'dark'])[] = [
    [4, 'light'],
    [1, 'dark'],
    [0, 'light'],
    [4, 'dark'],
    [1, 'light'],
    [0, 'dark'],
  ];

  test.each(firstOf(looks, 2))(
    'of %i people, %s, has no serious barrier by axe, on a desktop and a phone',
    async (people, scheme) => {
      for (const viewport of [DESKTOP, PHONE]) {
        const { page, wrong } = await open(people, viewport, scheme);
        await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true');
        expect(await barriersIn(page)).toEqual([]);
        expect(wrong).toEqual([]);
        await page.context().close();
      }
    },
  );

  test('has barriers and cuts that these checks would find', async () => {
    const { page } = await open(4, PHONE);
    await page.evaluate(`document.querySelector('main').insertAdjacentHTML('beforeend',
      '<section><button></button><table><tr><td>' + 'x'.repeat(90) + '</td></tr></table></section>')`);
    expect(await barriersIn(page)).toEqual([expect.stringMatching(/^button-name: <button>/)]);
    expect((await cutIn(page)).join()).toContain('xxx');
    await page.context().close();
  });

  test.each(COUNTS)('of %i people loses nothing at 360 pixels', async people => {
    const { page } = await open(people, PHONE);
    await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
    expect(await cutIn(page)).toEqual([]);
    await page.context().close();
  });

  test.each(firstOf(COUNTS, 1))(
    'of %i people fits on A4, with its colours, and no chart across two sheets',
    async people => {
      // A dark desktop: ink on paper is dark all the same.
      const { page } = await open(people, DESKTOP, 'dark');
      await page.setViewportSize(SHEET);
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      await page.waitForSelector('html[data-print]', { state: 'attached' });
      expect(await cutIn(page)).toEqual([]);
      const facts = (await page.evaluate(`(() => {
      const style = element => getComputedStyle(element);
      const whole = [...document.querySelectorAll('.chart, .heat, .timeline, .still, img, tr')];
      const shown = whole.filter(element => element.getBoundingClientRect().height > 0);
      return {
        colours: style(document.body).printColorAdjust,
        ground: style(document.body).backgroundColor,
        ink: style(document.body).color,
        shown: shown.length,
        breaks: shown.filter(element => style(element).breakInside !== 'avoid').map(element => element.outerHTML.slice(0, 80)),
        tallest: Math.max(...shown.map(element => element.getBoundingClientRect().height)),
        charts: document.querySelectorAll('.chart canvas').length,
      };
    })()`)) as Record<string, unknown>;
      expect(facts).toMatchObject({
        colours: 'exact',
        ground: 'rgb(255, 255, 255)',
        ink: 'rgb(27, 31, 36)',
        breaks: [],
      });
      expect(facts.shown).toBeGreaterThan(5);
      expect(facts.tallest).toBeLessThan(SHEET.height);
      expect(facts.charts).toBe(people === 0 ? 2 : 5);
      await page.context().close();
    },
  );

  test.each(firstOf(COUNTS, 1))('of %i people is printed as wide as its sheet, from a wide window', async people => {
    const { page } = await open(people);
    const { width, height } = sheetOf(await page.pdf({ format: 'A4' }));
    expect(Math.abs(width - SHEET.width)).toBeLessThan(5);
    expect(Math.abs(height - SHEET.height)).toBeLessThan(5);
    await page.context().close();
  });

  test('has values in words before anything is touched, and nothing that looks broken', async () => {
    const { page } = await open(4);
    const values = await page.locator('.values').allTextContents();
    expect(values).toHaveLength(5);
    expect(values[0]).toMatch(/^at 0 s: left \d+\.\d° \(raw \d+\.\d°\), right \d+\.\d° \(raw \d+\.\d°\)$/);
    for (const text of values) expect(text).toMatch(/\d/);
    for (const text of values) expect(text).not.toMatch(/--|NaN|undefined|null/);
    expect(await page.locator('.u-legend').count()).toBe(0);
    await page.context().close();
  });

  test('draws left and right in one chart, of which the right one is dashed, and the trunk alone', async () => {
    const { page } = await open(4);
    const keys = () =>
      page.locator('#angle-plot .legend li').evaluateAll(items =>
        items.map(item => {
          const { textContent, children } = item as unknown as {
            textContent: string;
            children: { innerHTML: string }[];
          };
          return [textContent, /stroke-dasharray="\d/.test(children[0]!.innerHTML)];
        }),
      );
    expect(await keys()).toEqual([
      ['left', false],
      ['right', true],
    ]);
    expect(await page.locator('#angle-plot [role=img]').getAttribute('aria-label')).toMatch(
      /^knee: degrees.* left from \d+ to \d+°; right from \d+ to \d+°\.$/,
    );
    await page.selectOption('#angle', 'trunk');
    expect(await keys()).toEqual([]);
    await page.selectOption('#person', '2');
    expect(await page.locator('#curves h2').textContent()).toBe('Angles and positions of person 2');
    await page.context().close();
  });

  test('paints charts and curves in the colours of a dark page', async () => {
    /** Pixels of the knee's chart in the colour that the left side has on a light and on a dark page. */
    const pixelsOf = async (page: Page) =>
      (await page.evaluate(`[[194, 80, 12], [255, 157, 92]].map(colour => {
        const canvas = document.querySelector('#angle-plot canvas');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        let count = 0;
        for (let i = 0; i < data.length; i += 4)
          if (data[i + 3] === 255 && colour.every((part, channel) => Math.abs(data[i + channel] - part) < 3)) count++;
        return count > 50;
      })`)) as boolean[];
    const [light, dark] = [await open(4, DESKTOP, 'light'), await open(4, DESKTOP, 'dark')];
    expect([await pixelsOf(light.page), await pixelsOf(dark.page)]).toEqual([
      [true, false],
      [false, true],
    ]);
    await light.page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(() => pixelsOf(light.page)).toEqual([false, true]);
    await Promise.all([light.page.context().close(), dark.page.context().close()]);
  });

  test('sent alone, without its overlay, shows the skeletons and says why', async () => {
    const page = await (await browser!.newContext({ viewport: DESKTOP })).newPage();
    const alone = join(folder, 'alone.html');
    await copyFile(join(out, 'four.report.html'), alone);
    await page.goto(pathToFileURL(alone).href);
    await page.waitForSelector('#no-video', { state: 'visible' });
    expect(await page.textContent('#no-video')).toMatch(
      /four\.overlay\.mp4 is not beside this page.*bodyscript render/,
    );
    expect(await page.locator('.skeletons').isVisible()).toBe(true);
    expect(await page.locator('#video').isVisible()).toBe(false);
    expect(await barriersIn(page)).toEqual([]);
    await page.context().close();
  });

  test('moves through time by keys, and says where it is; the zoom buttons do what dragging does', async () => {
    const { page } = await open(1);
    const ribbon = page.getByRole('slider', { name: 'time in the video' });
    await ribbon.focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight']) await ribbon.press(key);
    expect(await ribbon.getAttribute('aria-valuetext')).toBe('0.1 s');
    expect(await page.locator('#angle-plot .values').textContent()).toMatch(/^at 0\.1 s: /);
    await ribbon.press('End');
    expect(await ribbon.getAttribute('aria-valuenow')).toBe(await ribbon.getAttribute('aria-valuemax'));
    await ribbon.press('Home');
    const painted = () => page.evaluate('document.querySelector("#angle-plot canvas").toDataURL()');
    const whole = await painted();
    await page.locator('#zoom-in').click();
    await expect.poll(async () => (await painted()) === whole).toBe(false);
    await page.locator('#zoom-all').click();
    await expect.poll(async () => (await painted()) === whole).toBe(true);
    await page.context().close();
  });
});
