import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, open, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inTurn } from '../support/full-tests.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const folder = await temporaryFolder();
const made = join(folder, 'made');
const HANG_MS = 30_000;
/** Runs between tags, in an attribute or in a script element. */
const SCRIPT = `"'></script><script>window.ran=1</script><img src=x onerror="window.ran=1"><!--`;
let browser: Browser | undefined;

beforeAll(async () => {
  const pictures = ['--contact-sheet', '--thumbnail', '--plots', '--quality'];
  const args = [
    'analyze',
    join(SAMPLES, 'wave.mp4'),
    '-o',
    made,
    '--max-frames',
    '12',
    '--mode',
    'still',
    '--model',
    'lite',
    '-q',
  ];
  expect((await runCli([...args, ...pictures])).code).toBe(0);
  if (BROWSER) browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox'] });
});
afterAll(() => browser?.close());

type Json = { [key: string]: Json } & Json[] & unknown;

/** Results of two runs, `wave` unchanged and `other` with another record. */
async function results(name: string, change: (record: Json) => void = () => {}): Promise<string> {
  const out = join(folder, name);
  await mkdir(out);
  for (const stem of ['wave', 'other']) {
    for (const suffix of ['.csv', '.overlay.mp4', '.contact-sheet.jpg', '.thumbnail.jpg', '.plots.svg', '.run.json']) {
      await copyFile(join(made, `wave${suffix}`), join(out, `${stem}${suffix}`));
    }
  }
  const record = JSON.parse(await readFile(join(made, 'wave.run.json'), 'utf8'));
  change(record);
  await writeFile(join(out, 'other.run.json'), JSON.stringify(record));
  return out;
}

/** `report` with an end to waiting. */
async function report(out: string) {
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error('report hangs')), HANG_MS).unref());
  return Promise.race([runCli(['report', out]), late]);
}

/** Every text of a record becomes a script that runs if it can; numbers are unchanged. */
function poison(value: unknown): unknown {
  if (typeof value === 'string') return value.endsWith('.csv') || /^\w+$/.test(value) ? value : `${value}${SCRIPT}`;
  if (Array.isArray(value)) return value.map(poison);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, poison(part)]));
}

describe('a page of a hostile record', () => {
  test('has only inline code whose hashes its policy lists, and no external resources', async () => {
    const out = await results('plain');
    expect((await report(out)).code).toBe(0);
    for (const name of ['wave.report.html', 'report.html']) {
      const html = await readFile(join(out, name), 'utf8');
      const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
      expect(policy).toMatch(
        /^default-src &#39;none&#39;; script-src (&#39;sha256-[^ ;]+&#39;[ ;])+ style-src &#39;sha256-/,
      );
      expect(policy).toContain('img-src data:;');
      expect(policy).toContain('base-uri &#39;none&#39;; form-action &#39;none&#39;');
      expect(policy).not.toMatch(/unsafe/);
      expect(html.replaceAll(/<script>[\s\S]*?<\/script>/g, '')).not.toMatch(/\s(style|on\w+)="/);
    }
  });

  const changes: readonly (readonly [field: string, change: (record: Json) => void])[] = [
    ['frames.decoded', record => Object.assign(record.frames as object, { decoded: SCRIPT })],
    ['quality.longestGap.frames', record => Object.assign(record.quality?.longestGap as object, { frames: SCRIPT })],
    ['quality.swaps.count', record => Object.assign(record.quality?.swaps as object, { count: SCRIPT })],
    ['peakMemory.treeRss', record => Object.assign(record.peakMemory as object, { treeRss: [SCRIPT] })],
    ['strategyUse', record => Object.assign(record.strategyUse as object, { x: SCRIPT })],
    ['quality.confidence', record => Object.assign(record.quality as object, { confidence: { toFixed: 1 } })],
    ['outputs', record => Object.assign(record, { outputs: 'x.csv' })],
    ['frames', record => Object.assign(record, { frames: null })],
    ['timeline.memory', record => Object.assign(record.timeline as object, { memory: [SCRIPT] })],
  ];
  test.each(inTurn(changes, 0, 3))(
    'with something else where %s should be a number: is not made, and is named',
    async (field, change) => {
      const out = await results(field, change);
      const { code, stderr } = await report(out);
      expect([code, stderr]).toEqual([0, expect.stringContaining(join(out, 'other.run.json: skipped'))]);
      expect(stderr).not.toMatch(/This is a bug|ran=1/);
      expect(existsSync(join(out, 'wave.report.html'))).toBe(true);
      expect(existsSync(join(out, 'other.report.html'))).toBe(false);
    },
  );

  test.skipIf(!BROWSER)('with scripts in all its texts: they are shown, and none runs', async () => {
    const out = await results('poisoned', record => {
      const bad = poison(record) as Json;
      Object.assign(record, bad, { status: 'done', strategyUse: { [SCRIPT]: 1 } });
      Object.assign(record.quality as object, { researchGrade: false, reasons: [SCRIPT] });
      Object.assign(record.input as object, { path: '</script><script>window.ran=1</script>\u2028' });
    });
    const result = await report(out);
    expect([result.code, result.stderr]).toEqual([0, expect.not.stringContaining('skipped')]);
    for (const name of ['other.report.html', 'report.html']) {
      const page = await browser!.newPage();
      const wrong: string[] = [];
      page.on('console', message => message.type() === 'error' && wrong.push(message.text()));
      page.on('pageerror', error => wrong.push(String(error)));
      await page.goto(pathToFileURL(join(out, name)).href);
      await page.waitForSelector('html[data-ready]', { state: 'attached' });
      expect(await page.evaluate('window.ran')).toBeUndefined();
      expect(await page.locator('img[src="x"]').count()).toBe(0);
      // The page of all shows no text of a record.
      const isShown = (await page.textContent('body'))?.includes('<img src=x onerror=');
      expect(isShown).toBe(name === 'other.report.html');
      expect(wrong).toEqual([]);
      await page.close();
    }
  });

  test.skipIf(!BROWSER)('the policy stops a script that still gets into a page', async () => {
    const out = await results('stopped');
    await report(out);
    const file = join(out, 'wave.report.html');
    const html = await readFile(file, 'utf8');
    await writeFile(
      file,
      html.replace('</main>', `</main><script>window.ran=1</script><img src=x onerror="window.ran=1">`),
    );
    const page = await browser!.newPage();
    const wrong: string[] = [];
    page.on('console', message => message.type() === 'error' && wrong.push(message.text()));
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector('html[data-ready]', { state: 'attached' });
    expect(await page.evaluate('window.ran')).toBeUndefined();
    expect(wrong.join('\n')).toMatch(/Content Security Policy/);
    await page.close();
  });
});

describe('files in the results folder', () => {
  const SECRET = 'do not embed this';

  test('pictures are embedded if they are regular files in it with the right content', async () => {
    const out = await results('links');
    await writeFile(join(folder, 'secret'), SECRET);
    for (const name of ['wave.contact-sheet.jpg', 'wave.thumbnail.jpg', 'wave.plots.svg']) {
      await rm(join(out, name));
      await symlink(join(folder, 'secret'), join(out, name));
    }
    await writeFile(join(out, 'other.contact-sheet.jpg'), `<svg>${SECRET}</svg>`);
    await writeFile(join(out, 'other.plots.svg'), `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>${SECRET}`);
    await rm(join(out, 'other.thumbnail.jpg'));
    execFileSync('mkfifo', [join(out, 'other.thumbnail.jpg')]);
    const { code, stderr } = await report(out);
    expect(code).toBe(0);
    expect(stderr).toMatch(/wave\.contact-sheet\.jpg: left out; it is a symbolic link/);
    expect(stderr).toMatch(/wave\.plots\.svg: left out; it is a symbolic link/);
    expect(stderr).toMatch(/wave\.thumbnail\.jpg: left out; it is a symbolic link/);
    expect(stderr).toMatch(/other\.contact-sheet\.jpg: left out; it is not a JPEG/);
    expect(stderr).toMatch(/other\.plots\.svg: left out; it is not an SVG/);
    expect(stderr).toMatch(/other\.thumbnail\.jpg: left out; it is a device or a pipe/);
    for (const name of ['wave.report.html', 'other.report.html', 'report.html']) {
      const html = await readFile(join(out, name), 'utf8');
      expect(html).not.toMatch(/data:image/);
      expect(html).not.toContain(Buffer.from(SECRET).toString('base64').slice(0, 12));
    }
  });

  test('a table or an overlay that is a link or a FIFO is not opened', async () => {
    const out = await results('tables');
    for (const name of ['other.csv', 'wave.overlay.mp4']) await rm(join(out, name));
    execFileSync('mkfifo', [join(out, 'other.csv')]);
    await symlink('/etc/passwd', join(out, 'wave.overlay.mp4'));
    const { code, stderr } = await report(out);
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/other\.run\.json: skipped; its table .*other\.csv is a/),
    ]);
    expect(await readFile(join(out, 'wave.report.html'), 'utf8')).toContain('No overlay video lies beside this page');
  });

  const bad: readonly (readonly [what: string, says: string, make: (path: string) => unknown])[] = [
    ['a FIFO', 'not a file', path => execFileSync('mkfifo', [path])],
    ['a folder', 'not a file', path => mkdir(path)],
    ['a link to itself', 'not a file', path => symlink(path, path)],
    ['a link to a record', 'not a file', path => symlink(join(made, 'wave.run.json'), path)],
    ['no JSON', 'not valid JSON', path => writeFile(path, '{"status":')],
    ['a list', 'is not a run record', path => writeFile(path, '[]')],
    ['a word', 'is not a run record: recordVersion', path => writeFile(path, '{"status":"done","outputs":7}')],
    ['deep', 'is ', path => writeFile(path, '['.repeat(1e6))],
    [
      'of a gigabyte',
      'is larger',
      async path => {
        const file = await open(path, 'w');
        await file.truncate(2 ** 30);
        await file.close();
      },
    ],
    [
      'of an empty table',
      'skipped',
      path => cp(join(made, 'wave.run.json'), path).then(() => writeFile(path.replace('.run.json', '.csv'), '')),
    ],
  ];
  test.each(inTurn(bad, 0, 2))('a record that is %s neither ends nor holds up the report', async (what, says, make) => {
    const out = await results(`bad-${what.replaceAll(' ', '-')}`);
    await make(join(out, 'bad.run.json'));
    await mkdir(join(out, 'circle'));
    await symlink('..', join(out, 'circle', 'up'));
    const { code, stderr } = await report(out);
    expect([code, stderr]).toEqual([0, expect.stringContaining(join(out, 'bad.run.json'))]);
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/This is a bug/);
    expect(existsSync(join(out, 'wave.report.html'))).toBe(true);
    expect(existsSync(join(out, 'report.html'))).toBe(true);
  });
});
